from __future__ import annotations

import pytest

from mtl_core.records import RunState
from mtl_core.services import first_try, machine
from mtl_core.services.first_try import FirstTry
from mtl_core.store import example, runs, scores
from mtl_core.store.workspace import Workspace
from tests import builders

TRY = {"train_limit": first_try.EXAMPLES, "learning_rate": first_try.RATE}


def launched_try(workspace: Workspace, *states: str) -> list[str]:
    """The first try as its launch leaves it, each run in the given state."""
    single = builders.run(workspace, tasks="sst2", state=states[0], accuracy=0.75, **TRY)
    pair = builders.run(workspace, tasks="sst2,mnli", state=states[1], accuracy=0.85, **TRY)
    with workspace.write() as index:
        for run_id in (single, pair):
            runs.update(index, run_id, launch="first")
    return [single, pair]


def latest(workspace: Workspace) -> FirstTry:
    found = first_try.latest(workspace)
    assert found is not None
    return found


def test_the_first_try_is_a_model_alone_and_one_together() -> None:
    alone, together = first_try.plan()
    assert (alone.tasks, alone.sharing) == (("sst2",), "single")
    assert (together.tasks, together.sharing) == (("sst2", "mnli"), "hard")
    assert {config.source for config in (alone, together)} == {"sample"}
    assert {config.encoder for config in (alone, together)} == {"embedded"}
    assert {config.learning_rate for config in (alone, together)} == {1e-4}


def test_a_try_under_way_is_found_and_not_started_again(workspace: Workspace) -> None:
    ids = launched_try(workspace, "running", "queued")
    first = latest(workspace)
    assert [run.id for run in first.runs] == ids
    assert first.live
    assert first.result is None
    assert first.progress == pytest.approx(0.95 * 0.5 * 39 / 110)
    assert first_try.start(workspace) == ids


def test_a_finished_try_has_an_answer(workspace: Workspace) -> None:
    ids = launched_try(workspace, "finished", "finished")
    first = latest(workspace)
    assert first.result is not None
    assert first.progress == 1.0
    assert first.result.run_ids == tuple(ids)
    with workspace.write() as index:
        alone, together = (scores.of_run(index, run_id)["sst2"]["accuracy"] for run_id in ids)
    assert first.result.difference == together - alone


def test_a_failed_try_says_which_run(workspace: Workspace) -> None:
    ids = launched_try(workspace, "finished", "failed")
    first = latest(workspace)
    assert not first.live
    assert first.result is None
    assert [run.id for run in first.ended_early] == ids[1:]


def test_the_same_recipes_launched_apart_are_no_try(workspace: Workspace) -> None:
    builders.run(workspace, tasks="sst2", **TRY)
    builders.run(workspace, tasks="sst2,mnli", **TRY)
    assert first_try.latest(workspace) is None


def test_there_is_a_time_from_the_first_second(workspace: Workspace) -> None:
    launched_try(workspace, "queued", "queued")
    assert latest(workspace).seconds_left() == sum(first_try.USUAL_SECONDS)


def test_the_time_left_follows_the_run_that_trains(workspace: Workspace) -> None:
    alone, together = launched_try(workspace, "running", "queued")
    with workspace.write() as index:
        runs.update(index, alone, started=1000.0, seconds_left=58.0)
    # 20 s gone and 58 s to go is twice the 39 s that were expected: so will the other run take
    assert latest(workspace).seconds_left(now=1020.0) == pytest.approx(58 + 0.05 * 2 * 39 + 2 * 71)
    with workspace.write() as index:
        runs.adopt_state(index, alone, RunState.FINISHED)
        runs.update(index, alone, seconds=78.0)
        runs.adopt_state(index, together, RunState.RUNNING)
        runs.update(index, together, started=1000.0, step=0, total_steps=None, seconds_left=None)
    assert latest(workspace).seconds_left(now=1012.0) == pytest.approx(2 * 71 - 12)


def test_a_stopped_try_is_not_done(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtl_core.devices.visible", lambda: ())  # what waits is not started in this test
    launched_try(workspace, "running", "queued")
    before = latest(workspace)
    first_try.stop(workspace, before)  # the one that waits ends at once, the other after its step
    after = latest(workspace)
    assert [run.state for run in after.runs] == [RunState.RUNNING, RunState.STOPPED]
    assert after.stopping
    assert after.progress == before.progress
    with workspace.write() as index:
        runs.adopt_state(index, after.runs[0].id, RunState.STOPPED)
    ended = latest(workspace)
    assert (ended.live, ended.result, ended.progress) == (False, None, before.progress)


def test_a_dismissed_try_stays_away_until_there_is_another(workspace: Workspace) -> None:
    launched_try(workspace, "stopped", "stopped")
    first_try.dismiss(workspace, latest(workspace))
    assert latest(workspace).dismissed
    for run_id in launched_try(workspace, "queued", "queued"):
        with workspace.write() as index:
            runs.update(index, run_id, launch="second")
    assert not latest(workspace).dismissed


def test_a_machine_half_as_fast_takes_twice_as_long(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "load", lambda: machine.Load(cores=2, busy=0.0))
    monkeypatch.setattr(machine, "_rounds_a_second", lambda: machine.REFERENCE_ROUNDS / 2)
    quiet = first_try.expected(workspace)
    assert quiet.seconds == pytest.approx((78.0, 142.0))
    assert quiet.basis == "by the speed of this machine's CPU"
    monkeypatch.setattr(machine, "load", lambda: machine.Load(cores=2, busy=4.0))
    busy = first_try.expected(workspace)
    assert busy.total == pytest.approx(3 * 220.0)
    assert busy.basis == "by the speed of this machine's CPU; all of its 2 CPU cores are in use"


def test_earlier_runs_tell_the_time_and_the_example_does_not(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "load", lambda: machine.Load(cores=2, busy=3.0))
    monkeypatch.setattr(machine, "_rounds_a_second", lambda: machine.REFERENCE_ROUNDS / 100)
    example.show(workspace)
    assert first_try.expected(workspace).basis.startswith("by the speed of this machine's CPU")
    builders.run(workspace, tasks="sst2", **TRY)
    builders.run(workspace, tasks="sst2,mnli", state="queued", **TRY)
    measured = first_try.expected(workspace)
    assert measured.basis == "as fast as earlier runs here; 1.0 of its 2 CPU cores are in use"  # without the run ahead
    assert measured.ahead == 1
    monkeypatch.setattr(machine, "_rounds_a_second", lambda: machine.REFERENCE_ROUNDS * 100)
    disturbed = first_try.expected(workspace)  # the earlier run was slower than this machine is: it was not alone
    assert disturbed.seconds == pytest.approx((1.5 * 0.39, 1.5 * 0.71))
    assert disturbed.basis.startswith("by the speed of this machine's CPU")


def test_the_measured_speed_is_that_of_this_machine() -> None:
    assert 0.02 < machine.relative_speed(2) < 50
    assert machine.load().slowdown >= 1.0


def test_the_amounts_are_those_of_the_runs(workspace: Workspace) -> None:
    example.show(workspace)
    with workspace.read() as index:
        drawn = {draw.task: draw for draw in scores.draws_of(index, "example-2")}
        tested = scores.dev_examples(index, "example-2")
    assert {task: draw.planned_tokens for task, draw in drawn.items()} == first_try.TOKENS
    assert set(tested.values()) == {first_try.DEV}
