"""Stops, resumes and deletes runs."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from mtl_core import devices
from mtl_core.disk import lock
from mtl_core.errors import TandemError
from mtl_core.jobs.liveness import sweep
from mtl_core.jobs.queue import start_waiting
from mtl_core.records import RunState
from mtl_core.store import queue, runs
from mtl_core.store.database import immediate
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

LEAVING = 30.0
"""Seconds that a run's old process gets to end after it has said how the run ended."""
AGAIN = 0.1
"""Seconds between two looks at whether it has."""


def request_stop(workspace: Workspace, run_id: str) -> Run:
    """Stops a waiting run at once, a running one after its current step; the run as it was.

    Raises RunNotFound, and TandemError for one that has ended.
    """
    sweep(workspace)
    _known(workspace, run_id)
    with workspace.write() as index:
        was = queue.ask_to_stop(index, run_id)
    if not was.live:
        raise TandemError(f"run '{run_id}' has ended already: it is {was.state}.", field="run")
    return was


def resume(workspace: Workspace, run_id: str) -> Run:
    """Puts a run that was stopped, failed or lost back into the queue, behind those that wait; the run as it is then.

    It goes on from its last checkpoint, from the beginning where there is none. Raises as `going_on` does.
    """
    with going_on(workspace, run_id) as (index, held):
        os.close(held)  # whoever starts it takes the lock anew, and nobody can before this is committed
        queue.wait_again(index, run_id)
    start_waiting(workspace)
    with workspace.read() as index:
        return runs.get(index, run_id)


@contextmanager
def going_on(workspace: Workspace, run_id: str) -> Iterator[tuple[Database, int]]:
    """A transaction in which an ended run is the caller's: the index, and the run's lock for the caller to close.

    Raises RunNotFound, DeviceError where its device is gone, and TandemError for a run that waits, trains or has
    finished, whose folder is gone, or whose process is still there after LEAVING seconds.
    """
    sweep(workspace)
    _known(workspace, run_id)
    latest = time.monotonic() + LEAVING
    with workspace.write() as index:
        while time.monotonic() < latest:
            with immediate(index):
                held = lock.take(_to_go_on(index, workspace, run_id).lock)
                if held is not None:
                    yield index, held
                    return
            time.sleep(AGAIN)
    raise TandemError(
        f"run '{run_id}' can't be resumed yet: its process has not exited. Try again in a moment.", field="run"
    )


def _to_go_on(index: Database, workspace: Workspace, run_id: str) -> RunFolder:
    """The folder of a run that may go on. Raises TandemErrors for every other."""
    run, folder = runs.get(index, run_id), workspace.run(run_id)
    if run.live:
        raise TandemError(f"run '{run_id}' is {run.state} already.", field="run")
    if run.state == RunState.FINISHED:
        raise TandemError(f"run '{run_id}' has finished: there is nothing to resume.", field="run")
    if not folder.config.is_file():
        raise TandemError(f"run '{run_id}' can't be resumed: its folder is missing. Launch it again.", field="run")
    if folder.freed.exists():
        words = "its resume state was deleted to free disk. Launch it again; in a study, delete it first."
        raise TandemError(f"run '{run_id}' can't be resumed: {words}", field="run")
    devices.resolve(run.device)
    return folder


def remove(workspace: Workspace, *run_ids: str) -> None:
    """Deletes runs: their folders and all that the index knows of them.

    Raises RunNotFound, TandemError where one waits or trains or belongs to the example, StoreError where they can't be
    deleted; none is then.
    """
    sweep(workspace)
    for run_id in run_ids:
        _known(workspace, run_id)
    with workspace.writing(), workspace.write() as index, immediate(index):
        for run in (runs.get(index, run_id) for run_id in run_ids):
            if run.live:
                raise TandemError(f"run '{run.id}' is {run.state}. Stop it before you delete it.", field="run")
            if run.example:
                raise TandemError(runs.PART_OF_EXAMPLE.format(run=run.id), field="run")
        for run_id in run_ids:
            folder = workspace.run(run_id).path
            if folder.exists():
                folder.rename(_removed(workspace, run_id))  # at once, so that no half of a run is ever seen
        runs.delete(index, *run_ids)
    with workspace.writing():
        for removed in (_removed(workspace, run_id) for run_id in run_ids):
            shutil.rmtree(removed, ignore_errors=not removed.exists())


def _removed(workspace: Workspace, run_id: str) -> Path:
    return workspace.path / f".removed-{run_id}"


def _known(workspace: Workspace, run_id: str) -> None:
    """Raises RunNotFound for what is no run here, before anything is made or touched."""
    with workspace.read() as index:
        runs.get(index, run_id)
