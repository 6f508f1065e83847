"""Looking at detached runs until they are where a test wants them."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil

from mtl_core.store import runs
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

PATIENCE = 180.0
"""Seconds; generous, as machines that test may be busy."""


def until(condition: Callable[[], bool], what: str) -> None:
    """Waits until something is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited {PATIENCE:.0f} s for: {what}"
        time.sleep(0.1)


def get(workspace: Workspace, run_id: str) -> Run:
    """The run's row as it is now."""
    with workspace.write() as index:
        return runs.get(index, run_id)


def until_state(workspace: Workspace, run_id: str, *states: str) -> Run:
    """Waits for one of the states, asking nobody to sweep."""
    until(lambda: get(workspace, run_id).state in states, f"run {run_id} is {' or '.join(states)}")
    return get(workspace, run_id)


def until_training(workspace: Workspace, run_id: str) -> Run:
    """Waits until steps are done and told."""
    until(
        lambda: get(workspace, run_id).step > 0 or get(workspace, run_id).state not in ("queued", "running"), "a step"
    )
    run = get(workspace, run_id)
    assert run.state == "running", (run.state, run.detail, workspace.run(run_id).log.read_text())
    return run


def worker_of(run: Run) -> psutil.Process:
    """The process that trains, a child of the run's keeper."""
    assert run.pid is not None
    [worker] = psutil.Process(run.pid).children()
    return worker
