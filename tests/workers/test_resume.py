"""A run that was stopped or killed and resumed leaves what a run leaves that never was."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any

import pytest

from mtl_core.config import run as configs
from mtl_core.config.run import RunConfig
from mtl_core.engine import loop, resume
from mtl_core.engine.events import Event, Preparing, StepDone
from mtl_core.errors import DataError
from mtl_core.jobs import foreground, liveness
from mtl_core.jobs.foreground import Foreground
from mtl_core.store import describe, runs, states
from mtl_core.store.reindex import reindex
from mtl_core.store.workspace import Workspace
from mtl_core.workers.one_run import carry_out
from mtl_core.workers.stop import Stop
from tests import tiny

STEPS = 14
SECONDS = {"seconds", "examples_per_second", "memory_bytes"}


class Killed(BaseException):
    """What SIGKILL is to a process: nothing is written any more."""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> RunConfig:
    encoder = tiny.encoder(tmp_path_factory.mktemp("tiny"))
    small = {"train_limit": "sst2=96,mnli=16", "eval_limit": 12, "selection_limit": 8, "batch_size": 8}
    return configs.parse({"tasks": "sst2,mnli", "encoder": str(encoder), "max_length": 32, "device": "cpu", **small})


@pytest.fixture(scope="module")
def whole(config: RunConfig, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the run leaves that nobody disturbs."""
    workspace = Workspace(tmp_path_factory.mktemp("whole"))
    run_id = train(workspace, foreground.registered(workspace, config))
    return left(workspace, run_id)


def train(
    workspace: Workspace, door: AbstractContextManager[Foreground], hear: Callable[[Event], None] = lambda _: None
) -> str:
    """Trains a run in this process, as far as `hear` lets it; its id."""
    with door as mine:
        run_id = mine.run.id
        with suppress(Killed):
            carry_out(workspace, mine.run, mine.lock, Stop(), hear)
    liveness.sweep(workspace)
    return run_id


def state_of(workspace: Workspace, run_id: str) -> str:
    with workspace.write() as index:
        return runs.get(index, run_id).state


def stopper(step: int) -> Callable[[Event], None]:
    """Asks the run to stop at a step, through the signal's own door."""

    def hear(event: Event) -> None:
        if isinstance(event, StepDone) and event.step.step == step:
            os.kill(os.getpid(), signal.SIGTERM)

    return hear


def killer(step: int) -> Callable[[Event], None]:
    def hear(event: Event) -> None:
        if isinstance(event, StepDone) and event.step.step == step:
            raise Killed

    return hear


def left(workspace: Workspace, run_id: str) -> dict[str, Any]:
    """Everything in run.db but its seconds, and what the index says."""
    tables: dict[str, Any] = {}
    with workspace.run(run_id).open() as run_db:
        for table in ("steps", "evaluations", "draws", "scores", "predictions", "examples"):
            rows = ({name: value for name, value in row.items() if name not in SECONDS} for row in run_db[table].rows)
            tables[table] = sorted(rows, key=str)
    said = describe.result(workspace, run_id)
    return {**tables, "said": (said["state"], said["scores"], said["draws"])}


def test_stopped_at_any_step_and_resumed_it_is_the_same_run(
    config: RunConfig, whole: dict[str, Any], workspace: Workspace
) -> None:
    step = random.Random("stopped").randrange(2, STEPS - 1)
    run_id = train(workspace, foreground.registered(workspace, config), stopper(step))
    assert state_of(workspace, run_id) == "stopped"
    before = describe.result(workspace, run_id)["seconds"]
    assert train(workspace, foreground.resumed(workspace, run_id)) == run_id
    assert left(workspace, run_id) == whole
    folder = workspace.run(run_id)
    assert f"going on from step {step}" in folder.log.read_text()
    assert f"run {run_id}: sst2 + mnli · hard · seed 1 · resumed" in folder.log.read_text()
    report = folder.read_json(folder.report)
    assert len(report["resumed"]) == 1
    assert report["seconds"] == describe.result(workspace, run_id)["seconds"] > before
    with folder.open() as run_db:
        told = [moment.state for moment in states.history(run_db)]
    assert told == ["running", "stopped", "running", "finished"]
    (workspace.path / "runs.db").unlink()
    reindex(workspace, "here")
    assert left(workspace, run_id) == whole


def test_killed_again_and_again_it_is_the_same_run(
    config: RunConfig, whole: dict[str, Any], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "SAVE_SECONDS", 0.0)
    run_id = train(workspace, foreground.registered(workspace, config), killer(5))
    assert state_of(workspace, run_id) == "lost"
    monkeypatch.setattr(loop, "SAVE_SECONDS", 60.0)
    train(workspace, foreground.resumed(workspace, run_id), killer(10))
    assert state_of(workspace, run_id) == "lost"
    train(workspace, foreground.resumed(workspace, run_id))
    assert left(workspace, run_id) == whole
    log = workspace.run(run_id).log.read_text()
    assert log.count("going on from step 4") == 2


def test_killed_right_after_its_checkpoint_no_step_is_missing(
    config: RunConfig, whole: dict[str, Any], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checkpoint is there, and the recorder never hears of it."""
    save = resume.save

    def save_and_die(*everything: Any) -> None:
        save(*everything)
        raise Killed

    monkeypatch.setattr(resume, "save", save_and_die)
    run_id = train(workspace, foreground.registered(workspace, config), stopper(6))
    monkeypatch.undo()
    assert state_of(workspace, run_id) == "lost"
    train(workspace, foreground.resumed(workspace, run_id))
    assert left(workspace, run_id) == whole
    assert "going on from step 6" in workspace.run(run_id).log.read_text()


def test_killed_before_its_first_checkpoint_it_begins_again(
    config: RunConfig, whole: dict[str, Any], workspace: Workspace
) -> None:
    run_id = train(workspace, foreground.registered(workspace, config), killer(4))
    train(workspace, foreground.resumed(workspace, run_id))
    assert left(workspace, run_id) == whole
    assert "it had no checkpoint yet, so it begins again" in workspace.run(run_id).log.read_text()


def test_a_run_that_failed_goes_on_too(config: RunConfig, whole: dict[str, Any], workspace: Workspace) -> None:
    def fail(event: Event) -> None:
        if isinstance(event, StepDone) and event.step.step == 3:
            raise DataError("the disk is full")

    run_id = train(workspace, foreground.registered(workspace, config), fail)
    assert state_of(workspace, run_id) == "failed"
    train(workspace, foreground.resumed(workspace, run_id))
    assert left(workspace, run_id) == whole


def test_stopped_again_before_it_has_gone_on_it_has_lost_nothing(config: RunConfig, workspace: Workspace) -> None:
    run_id = train(workspace, foreground.registered(workspace, config), stopper(6))
    before = describe.document(workspace, run_id)

    def stop_at_once(event: Event) -> None:
        if isinstance(event, Preparing):
            os.kill(os.getpid(), signal.SIGTERM)

    train(workspace, foreground.resumed(workspace, run_id), stop_at_once)
    after = describe.document(workspace, run_id)
    for name in ("state", "step", "total_steps", "draws", "examples_per_second"):
        assert after[name] == before[name]
    assert workspace.run(run_id).read_json(workspace.run(run_id).report)["facts"]


def test_draws_are_counted_in_steps_examples_tokens_and_epochs(whole: dict[str, Any]) -> None:
    drawn = whole["said"][2]["mnli"]
    assert {name: drawn[name] for name in drawn if "token" not in name} == {
        "planned": 16,
        "actual": 16,
        "planned_steps": 2,
        "actual_steps": 2,
        "planned_epochs": 1.0,
        "actual_epochs": 1.0,
        "remark": "",
    }
    assert drawn["actual_tokens"] == drawn["planned_tokens"] > 16 * 4
