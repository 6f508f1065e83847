"""Which state may follow which, and that two who want the same change never both get it."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import product

import pytest
from sqlite_utils import Database

from mtl_core.config import run as configs
from mtl_core.records import RunState
from mtl_core.store import queue, runs
from mtl_core.store.queue import Holder
from mtl_core.store.runs import TRANSITIONS
from mtl_core.store.workspace import Workspace

ALLOWED = [(was, to) for was, to in product(RunState, RunState) if to in TRANSITIONS[was]]
REFUSED = [(was, to) for was, to in product(RunState, RunState) if to not in TRANSITIONS[was]]
RACER = """
import sys, time
from pathlib import Path
from mtl_core.records import RunState
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace
with Workspace(Path(sys.argv[1])).write() as index:
    time.sleep(max(0, float(sys.argv[3]) - time.time()))
    print(runs.change_state(index, sys.argv[2], RunState.QUEUED, RunState.RUNNING, host=sys.argv[4]))
"""


def run_in(index: Database, state: RunState) -> str:
    run_id = runs.add(index, configs.parse({"tasks": "sst2"}), device="cpu")
    runs.adopt_state(index, run_id, state)
    return run_id


def test_the_table_speaks_of_every_state_and_a_finished_run_stays_so() -> None:
    assert set(TRANSITIONS) == set(RunState)
    assert TRANSITIONS[RunState.FINISHED] == frozenset()
    assert {was for was in RunState if TRANSITIONS[was] == {RunState.QUEUED}} == {s for s in RunState if s.resumable}
    assert len(ALLOWED) == 11


@pytest.mark.parametrize(("was", "to"), ALLOWED)
def test_a_change_that_is_allowed(was: RunState, to: RunState, workspace: Workspace) -> None:
    with workspace.write() as index:
        run_id = run_in(index, was)
        assert runs.change_state(index, run_id, was, to, detail="as it goes", step=7)
        run = runs.get(index, run_id)
    assert (run.state, run.detail, run.step) == (to, "as it goes", 7)
    assert (run.ended is None) == to.live


@pytest.mark.parametrize(("was", "to"), REFUSED)
def test_a_change_that_is_refused(was: RunState, to: RunState, workspace: Workspace) -> None:
    with workspace.write() as index:
        run_id = run_in(index, was)
        before = runs.get(index, run_id)
        with pytest.raises(ValueError, match=f"a run that is {was} can't become {to}"):
            runs.change_state(index, run_id, was, to)
        assert runs.get(index, run_id) == before


@pytest.mark.parametrize("state", RunState)
def test_a_run_that_is_in_another_state_stays_as_it_is(state: RunState, workspace: Workspace) -> None:
    with workspace.write() as index:
        run_id = run_in(index, state)
        before = runs.get(index, run_id)
        for was, to in ALLOWED:
            if was != state:
                assert not runs.change_state(index, run_id, was, to)
        assert runs.get(index, run_id) == before
        assert not runs.change_state(index, "nosuchrun", *ALLOWED[0])


def test_of_two_processes_that_want_the_same_change_one_gets_it(workspace: Workspace) -> None:
    with workspace.write() as index:
        run_id = run_in(index, RunState.QUEUED)
    command = [sys.executable, "-c", RACER, str(workspace), run_id, str(time.time() + 3)]
    racers = {name: subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True) for name in ("one", "two")}
    answers = {name: racer.communicate()[0].strip() for name, racer in racers.items()}
    assert sorted(answers.values()) == ["False", "True"]
    with workspace.read() as index:
        run = runs.get(index, run_id)
    assert run.state == RunState.RUNNING
    assert answers[str(run.host)] == "True"


def test_what_goes_with_a_state(workspace: Workspace) -> None:
    with workspace.write() as index:
        run_id = run_in(index, RunState.QUEUED)
        assert queue.begin(index, run_id, Holder("here", "boot", 1, 2.0), "cpu")
        assert not queue.begin(index, run_id, Holder("there", "boot", 1, 2.0), None)
        running = runs.get(index, run_id)
        assert (running.host, running.slot, running.pid) == ("here", "cpu", 1)
        assert not queue.wait_again(index, run_id)
        runs.change_state(index, run_id, RunState.RUNNING, RunState.LOST)
        assert runs.get(index, run_id).slot is None
        assert queue.wait_again(index, run_id)
        waiting = runs.get(index, run_id)
    assert (waiting.state, waiting.host, waiting.pid, waiting.heartbeat) == (RunState.QUEUED, None, None, None)
    assert waiting.queued > running.queued
    assert waiting.started == running.started


def test_no_other_door_changes_a_state(workspace: Workspace) -> None:
    with workspace.write() as index:
        run_id = run_in(index, RunState.QUEUED)
        with pytest.raises(AssertionError, match="a run's state changes in change_state"):
            runs.update(index, run_id, state=RunState.LOST)
