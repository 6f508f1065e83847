"""What a launch will do, as the page learns it bit by bit from a real model server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from mtl_core.config import run as configs
from mtl_core.config.run import RunConfig
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.services import forecast as forecasts
from mtl_core.services import launch
from mtl_core.services.forecast import Forecast
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace
from tests import builders, trained


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with trained.serving(trained.workspace()):
        yield trained.workspace()


def config(**values: object) -> RunConfig:
    small = {"train_limit": 64, "eval_limit": 16, "selection_limit": 8, "batch_size": 16, "max_length": 32}
    return configs.parse({"tasks": "sst2", "encoder": str(trained.encoder()), "device": "cpu", **small, **values})


def settled(workspace: Workspace, asked: Sequence[RunConfig]) -> Forecast:
    found: list[Forecast] = []

    def done() -> bool:
        found.append(forecasts.forecast(workspace, asked))
        return not found[-1].working

    trained.wait_until(done)
    return found[-1]


def test_where_no_server_answers_the_page_waits(empty: Workspace) -> None:
    found = forecasts.forecast(empty, [config()])
    assert (found.runs, found.working) == (1, True)
    assert found.away == "the model server is starting. It answers in a few seconds."


def test_a_runs_folder_that_cant_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = forecasts.forecast(Workspace(tmp_path / "file" / "runs"), [config()])
    words = "it can't be written. Give a folder that can be written, with --runs-dir."
    assert found.faults == (Fault("runs_dir", f"can't use the folder {tmp_path / 'file' / 'runs'}: {words}"),)
    assert not found.working


def test_everything_is_known_in_the_end(workspace: Workspace) -> None:
    pair, alone = config(tasks="sst2,mnli"), config()
    found = settled(workspace, [pair, alone])
    assert (found.runs, found.steps, found.device, found.ahead, found.faults) == (2, (4, 8), "cpu", 0, ())
    assert [(told.task, told.train, told.draw.planned_examples, told.draw.planned_steps) for told in found.tasks] == [
        ("sst2", 64, 64, 4),
        ("mnli", 64, 64, 4),
    ]
    assert all(len(told.glance) == 3 and told.dev == 16 for told in found.tasks)
    assert found.parameters is not None
    assert found.parameters["shared"] > found.parameters["task_only"]
    assert found.encoder_shares == {"sst2": 1, "mnli": 1}
    assert all(told.draw.planned_tokens > 64 * 4 and told.remark == "" for told in found.tasks)
    assert found.seconds is not None
    assert found.seconds > 0
    assert found.basis


def test_like_runs_tell_the_time_without_a_measurement(workspace: Workspace) -> None:
    found = settled(workspace, [config(seed=7)])
    assert found.basis == "from an earlier run"
    assert found.seconds is not None
    assert found.memory_bytes is not None


def test_more_seeds_take_longer(workspace: Workspace) -> None:
    one, two = settled(workspace, [config()]), settled(workspace, [config(), config(seed=2)])
    assert two.seconds == pytest.approx(2 * (one.seconds or 0))


def test_faults_of_data_and_encoder(workspace: Workspace, tmp_path: Path) -> None:
    found = settled(workspace, [config(source="folder", data=str(tmp_path), encoder=str(tmp_path))])
    assert {fault.field for fault in found.faults} == {"data", "encoder"}
    assert found.steps == ()


def test_nothing_starts_with_a_fault(workspace: Workspace, tmp_path: Path) -> None:
    with workspace.write() as index:
        before = len(runs.listing(index))
    with pytest.raises(InvalidConfig):
        launch.start(workspace, [config(), config(source="folder", data=str(tmp_path))])
    with workspace.write() as index:
        assert len(runs.listing(index)) == before


def test_on_a_busy_device_nothing_is_timed(empty: Workspace) -> None:
    builders.run(empty, state="running")
    with trained.serving(empty):
        found = settled(empty, [config()])
    assert found.ahead == 1
    assert found.seconds is None
    kind = "once the device is free, as the run there is of another kind"  # it has another encoder
    assert found.basis == f"no estimate yet: the speed on cpu is known {kind}"
    assert found.faults == tuple[Fault]()


def costs_beside(workspace: Workspace, state: str, **values: object) -> forecasts.RunCosts:
    """The cost of a run while another one of `values` is in that state on its device."""
    builders.run(workspace, state=state, **values)
    wanted = configs.parse({"tasks": "sst2", "device": "cpu"})
    draw = {"planned_examples": 960}
    task = {"draw": draw, "tokens": 24.0, "selection": 96, "dev": 40}
    plan = {"device": "cpu", "steps": 30, "tasks": {"sst2": task}}
    return forecasts.costs(workspace, [wanted], [plan], busy=True)


def test_beside_a_run_that_trains_its_speed_tells_the_time(empty: Workspace) -> None:
    found = costs_beside(empty, "running", tasks="sst2,mnli")
    assert found.basis == "by the speed of the run that trains now"
    [(_, seconds)] = found.each
    assert seconds == pytest.approx((960 + (4 * 96 + 40) / 3) / 83.2, rel=0.01)


@pytest.mark.parametrize(
    ("state", "values", "when", "working"),
    [
        ("queued", {}, "once it has made some steps", True),
        ("running", {"precision": "bf16"}, "once the device is free, as the run there is of another kind", False),
    ],
)
def test_where_the_speed_is_not_known_it_says_when_it_will_be(
    empty: Workspace, state: str, values: dict[str, object], when: str, working: bool
) -> None:
    found = costs_beside(empty, state, **values)
    assert (found.each, found.working) == ((), working)
    assert found.basis == f"no estimate yet: the speed on cpu is known {when}"
