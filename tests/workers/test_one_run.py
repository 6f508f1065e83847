from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from mtl_core.config import run as configs
from mtl_core.config.run import RunConfig
from mtl_core.engine.events import Event, Preparing, StepDone
from mtl_core.errors import DataError
from mtl_core.jobs.foreground import registered
from mtl_core.services import watch
from mtl_core.store import evaluations, runs, states
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.workers.one_run import AT_ONCE, carry_out
from mtl_core.workers.stop import Stop
from tests import tiny


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> RunConfig:
    encoder = tiny.encoder(tmp_path_factory.mktemp("tiny"))
    small = {"train_limit": 64, "eval_limit": 16, "selection_limit": 8, "batch_size": 16, "max_length": 32}
    return configs.parse({"tasks": "sst2,mnli", "encoder": str(encoder), "device": "cpu", **small})


def train(workspace: Workspace, config: RunConfig, listen: Callable[[Event], None], stop: Stop | None = None) -> Run:
    """Trains in this process; the run as the index knows it afterwards."""
    with registered(workspace, config) as mine:
        state = carry_out(workspace, mine.run, mine.lock, stop or Stop(), listen)
    with workspace.write() as index:
        run = runs.get(index, mine.run.id)
    assert run.state == state
    return run


def test_every_step_and_evaluation_is_kept(workspace: Workspace, config: RunConfig) -> None:
    heard: list[Event] = []
    run = train(workspace, config, heard.append)
    assert (run.state, run.detail, run.slot, run.step, run.total_steps) == ("finished", "", None, 8, 8)
    with workspace.run(run.id).open() as run_db:
        scored = evaluations.curve(run_db)
    curve = watch.curve(workspace, run.id)
    told = [event.step for event in heard if isinstance(event, StepDone)]
    assert list(curve["step"]) == [step.step for step in told]
    assert list(curve["loss"]) == [step.loss for step in told]
    assert set(scored["metric"]) == {"accuracy", "loss"}


def test_what_a_run_learns_to_mix_is_kept_from_the_start(workspace: Workspace, config: RunConfig) -> None:
    asked = configs.parse({**config.model_dump(), "sharing": "cross_stitch", "eval_every": 4, "warmup": 0})
    run = train(workspace, asked, lambda event: None)
    mix = watch.layer_mix(workspace, run.id)
    assert list(dict.fromkeys(mix["step"])) == [0, 4, 8]
    assert len(mix) == 3 * 2 * 2 * 2, "three times, two layers, two tasks that read two"
    first, last = (mix[mix["step"] == step]["weight"].to_numpy() for step in (0, 8))
    assert sorted(set(first.round(6))) == [0.1, 0.9]
    assert abs(last - first).max() > 0.003, "eight steps at a hundred times 5e-5, falling to nothing"


def test_a_fault_of_the_users_is_told_without_a_traceback(workspace: Workspace, config: RunConfig) -> None:
    def fail(event: Event) -> None:
        raise DataError("train.tsv, line 7: unknown label '9'")

    run = train(workspace, config, fail)
    assert (run.state, run.detail) == ("failed", "train.tsv, line 7: unknown label '9'")
    log = workspace.run(run.id).log.read_text()
    assert "failed: train.tsv, line 7: unknown label '9'" in log
    assert "Traceback" not in log


def test_a_fault_of_ours_is_one_line_and_its_traceback_is_in_the_log(workspace: Workspace, config: RunConfig) -> None:
    def fail(event: Event) -> None:
        if isinstance(event, StepDone):
            raise ValueError("two\nlines")

    run = train(workspace, config, fail)
    assert (run.state, run.detail) == ("failed", "ValueError: two")
    folder = workspace.run(run.id)
    assert "Traceback (most recent call last)" in folder.log.read_text()
    assert folder.read_json(folder.report)["state"] == "failed"
    with folder.open() as run_db:
        assert [(moment.state, moment.detail) for moment in states.history(run_db)] == [
            ("running", ""),
            ("failed", "ValueError: two"),
        ]


def test_asking_twice_ends_it_at_once(workspace: Workspace, config: RunConfig) -> None:
    def interrupt(event: Event) -> None:
        if isinstance(event, StepDone):
            raise KeyboardInterrupt

    run = train(workspace, config, interrupt)
    assert (run.state, run.detail) == ("stopped", AT_ONCE)


def test_the_heart_beats_while_data_is_read_and_hears_of_a_stop(workspace: Workspace, config: RunConfig) -> None:
    stop = Stop()

    def wait_for_it(event: Event) -> None:
        if isinstance(event, Preparing) and not stop():
            with workspace.write() as index:
                [run] = runs.listing(index)
                runs.update(index, run.id, stop_requested=1, heartbeat=0)
            end = time.monotonic() + 60
            while not stop() and time.monotonic() < end:
                time.sleep(0.1)

    run = train(workspace, config, wait_for_it, stop)
    assert (run.state, run.step) == ("stopped", 0)
    assert run.heartbeat is not None
    assert run.heartbeat > time.time() - 600


def test_a_run_that_the_index_forgot_still_ends_in_its_folder(workspace: Workspace, config: RunConfig) -> None:
    def forget(event: Event) -> None:
        if isinstance(event, StepDone) and event.step.step == 1:
            with workspace.write() as index:
                index.execute("DELETE FROM runs")

    with registered(workspace, config) as mine:
        assert carry_out(workspace, mine.run, mine.lock, Stop(), forget) == "finished"
    folder = workspace.run(mine.run.id)
    assert folder.read_json(folder.report)["state"] == "finished"
