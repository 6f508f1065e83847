"""Telling runs that train from runs whose process has died."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlite_utils import Database

from mtl_core.disk import lock
from mtl_core.errors import StoreError
from mtl_core.jobs import identity
from mtl_core.jobs.queue import start_waiting
from mtl_core.records import LIVE, RunState
from mtl_core.store import log, results, runs, states
from mtl_core.store.queue import Holder
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

OTHER_HOST_SILENCE = 60.0
"""Seconds without a heartbeat after which a run of another machine may be judged from here."""


def sweep(workspace: Workspace) -> list[str]:
    """Marks runs whose process is gone as lost, then starts what waits; the ids of the lost ones.

    Takes a few milliseconds. To be called every few seconds by whoever is there.
    """
    with workspace.read() as index:
        running = runs.listing(index, states=(RunState.RUNNING,))
    lost = [run.id for run in running if _lost(workspace, run)]
    start_waiting(workspace)
    return lost


def anything_runs(workspace: Workspace) -> bool:
    """Returns True while a run trains or waits."""
    with workspace.read() as index:
        return bool(runs.listing(index, states=LIVE, limit=1))


def close(workspace: Workspace, run_id: str, state: RunState, detail: str) -> bool:
    """Ends a running run whose processes are gone, in its folder and in the index.

    Only for callers that hold the run's lock. False where it has ended already.
    """
    folder = workspace.run(run_id)
    with workspace.write() as index:
        size = folder.size()
        if not runs.change_state(index, run_id, RunState.RUNNING, state, detail=detail, disk_bytes=size):
            return False
        with suppress(StoreError):  # a folder that can't be read any more must not keep others waiting
            _tell(index, folder, state, detail)
    return True


def _tell(index: Database, folder: RunFolder, state: RunState, detail: str) -> None:
    """The end of a run, in its own folder too, and what it had reached until then."""
    if folder.path.is_dir():
        with folder.writing():
            log.write(folder, f"{state}: {detail}")
    if folder.database.exists():
        with folder.open() as run_db:
            states.record(run_db, state, detail)
        results.publish(index, folder)


def _lost(workspace: Workspace, run: Run) -> bool:
    if run.host != identity.host() and time.time() - (run.heartbeat or 0) < OTHER_HOST_SILENCE:
        return False
    with _exclusive(workspace.run(run.id)) as mine:
        if mine:
            return close(workspace, run.id, RunState.LOST, "its process exited unexpectedly")
        if mine is None and not _process_alive(run):
            return close(workspace, run.id, RunState.LOST, "its folder was moved or deleted while it ran")
    return False


@contextmanager
def _exclusive(folder: RunFolder) -> Iterator[bool | None]:
    """The run's lock: True where nobody else has it, False where someone does, None where its file is gone."""
    if not folder.lock.exists():
        yield None
        return
    taken = lock.take(folder.lock)
    try:
        yield taken is not None
    finally:
        if taken is not None:
            os.close(taken)


def _process_alive(run: Run) -> bool:
    """For a run whose folder is gone: whether the process that the index names still lives."""
    if run.host is None or run.boot is None or run.pid is None or run.pid_started is None:
        return False
    return identity.same_process(Holder(run.host, run.boot, run.pid, run.pid_started))
