"""A run that trains in the process that asks for it: registered like any other, with no supervisor."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlite_utils import Database

from mtl_core import devices
from mtl_core.config.run import RunConfig
from mtl_core.disk import lock
from mtl_core.errors import StoreError
from mtl_core.jobs import identity
from mtl_core.jobs.after_run import let_studies_go_on, note_results
from mtl_core.jobs.control import going_on
from mtl_core.jobs.queue import create, settle, start_waiting
from mtl_core.store import queue, runs
from mtl_core.store.database import immediate
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Foreground:
    """A registered run and what its process holds of it."""

    run: Run
    lock: int
    """Descriptor of the lock in the run's folder."""


@contextmanager
def registered(workspace: Workspace, config: RunConfig) -> Iterator[Foreground]:
    """Registers a run as running in this process; afterwards the next one starts.

    It takes its device where that is free (`run.slot` says so), else it trains beside the run that has it.
    Raises DeviceError or StoreError, and then nothing is left behind.
    """
    config = settle(config)
    device = devices.resolve(config.device)
    workspace.check()
    folder = workspace.run(runs.new_id())
    try:
        create(folder, config)
        held = lock.take(folder.lock)
        if held is None:
            raise StoreError(f"another process has {folder.path} in use.")
        run = _register(workspace, folder.id, config, device)
    except BaseException:
        shutil.rmtree(folder.path, ignore_errors=True)
        raise
    with _holding(workspace, run, held) as mine:
        yield mine


@contextmanager
def resumed(workspace: Workspace, run_id: str) -> Iterator[Foreground]:
    """A run that was stopped, failed or lost as running again in this process; afterwards the next one starts.

    Raises as `control.going_on` does, and then nothing has changed.
    """
    with going_on(workspace, run_id) as (index, held):
        try:
            queue.wait_again(index, run_id)
            run = _begin(index, run_id)
        except BaseException:
            os.close(held)
            raise
    with _holding(workspace, run, held) as mine:
        yield mine


@contextmanager
def _holding(workspace: Workspace, run: Run, held: int) -> Iterator[Foreground]:
    try:
        yield Foreground(run, held)
    finally:
        os.close(held)
        start_waiting(workspace)
        note_results(workspace, run.id)
        let_studies_go_on(workspace)


def _register(workspace: Workspace, run_id: str, config: RunConfig, device: str) -> Run:
    with workspace.write() as index, immediate(index):
        runs.add(index, config, device=device, run_id=run_id)
        return _begin(index, run_id)


def _begin(index: Database, run_id: str) -> Run:
    """Marks a run as running here, with its device where that is free."""
    device = runs.get(index, run_id).device
    slot = device if queue.device_free(index, identity.host(), device) else None
    queue.begin(index, run_id, identity.holder(os.getpid()), slot)
    return runs.get(index, run_id)
