from __future__ import annotations

from pathlib import Path

import pytest

from mtl_core.errors import RunNotFound, TandemError
from mtl_core.jobs.control import remove, request_stop
from mtl_core.jobs.queue import submit
from mtl_core.store import describe, runs
from mtl_core.store.index import open_index
from tests import builders
from tests.jobs.conftest import Make
from tests.jobs.waiting import get, until_state, until_training


def test_a_waiting_run_stops_at_once_and_a_running_one_after_its_step(home: Path, endless: Make) -> None:
    first, second = submit(home, [endless(tasks="sst2,mnli"), endless(seed=2)])
    assert request_stop(home, second).state == "queued"
    assert (get(home, second).state, get(home, second).detail) == ("stopped", "stopped before it started")
    until_training(home, first)
    assert request_stop(home, first).state == "running"
    stopped = until_state(home, first, "stopped", "failed", "lost")
    assert stopped.state == "stopped"
    assert stopped.total_steps is not None
    assert 0 < stopped.step < stopped.total_steps
    assert (home / first / "checkpoints" / "last" / "model.safetensors").exists()
    said = describe.document(home, first)
    assert said["scores"] == {}
    assert sum(draw["actual"] for draw in said["draws"].values()) > 0
    with pytest.raises(TandemError) as caught:
        request_stop(home, first)
    assert str(caught.value) == f"run '{first}' has ended already: it is stopped."


@pytest.mark.parametrize("door", [request_stop, remove])
@pytest.mark.parametrize("name", ["nosuchrun", "../x"])
def test_a_run_that_does_not_exist(door: object, name: str, tmp_path: Path) -> None:
    builders.run(tmp_path / "runs")
    (tmp_path / "x").mkdir()
    for runs_dir in (tmp_path / "runs", tmp_path / "nowhere"):
        with pytest.raises(RunNotFound) as caught:
            door(runs_dir, name)  # type: ignore[operator]
        assert str(caught.value) == f"there is no run '{name}'. `python -m mtl_core runs` lists them."
    assert (tmp_path / "x").exists()
    assert not (tmp_path / "nowhere").exists()


def test_a_run_is_removed_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    gone, kept = builders.run(tmp_path), builders.run(tmp_path, seed=2)
    remove(tmp_path, gone)
    assert [run["id"] for run in describe.listing(tmp_path)] == [kept]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == [kept]


def test_a_live_run_is_not_removed(tmp_path: Path) -> None:
    run_id = builders.run(tmp_path, state="queued", device="cpu")
    with open_index(tmp_path) as index:
        runs.update(index, run_id, device="cuda:63")  # a device that will not come free here
    with pytest.raises(TandemError) as caught:
        remove(tmp_path, run_id)
    assert str(caught.value) == f"run '{run_id}' is queued. Stop it before you delete it."
    assert (tmp_path / run_id).exists()
