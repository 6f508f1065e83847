"""Frees disk: a run that ended early gives up what only resuming it needs."""

from __future__ import annotations

import os
from pathlib import Path

from mtl_core.config.trained_run import ENCODER, ENCODERS, STATE, WEIGHTS
from mtl_core.disk import lock, shared, tensors
from mtl_core.errors import StoreError, TandemError
from mtl_core.jobs.liveness import sweep
from mtl_core.records import RunState
from mtl_core.store import runs
from mtl_core.store.database import immediate
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

SMALL = 1_000_000
"""Bytes that the state of a finished run stays below: where its data ended, and random states."""


def freeable(workspace: Workspace, run: Run) -> int:
    """Bytes that `free` would free, about; 0 where there is nothing to free."""
    folder = workspace.run(run.id)
    state = folder.checkpoints / "last" / STATE
    if run.live or not state.exists():
        return 0
    size = state.stat().st_size
    if run.state == RunState.FINISHED:
        return size if size > SMALL else 0
    return size if (folder.checkpoints / "best" / WEIGHTS).exists() else size * 2 // 3  # weights and two moments


def free(workspace: Workspace, run_id: str) -> int:
    """Deletes what only resuming an ended run needs: the optimizer's moments and random states; the bytes freed.

    Its weights stay: the best ones, or the last ones where none were chosen yet. It can't be resumed after that.
    Files of its encoder that other runs have too become one.

    Raises RunNotFound, StoreError, and TandemError for a run that waits or trains.
    """
    with workspace.read() as index:
        runs.get(index, run_id)
    sweep(workspace)
    folder = workspace.run(run_id)
    with workspace.write() as index, immediate(index):
        run = runs.get(index, run_id)
        if run.live:
            raise TandemError(f"run '{run_id}' is {run.state}. Stop it before you free its resume state.", field="run")
        held = lock.take(folder.lock) if folder.path.is_dir() else None
        if held is None:
            raise TandemError(
                f"run '{run_id}' is in use, or its folder is missing. Try again in a moment.", field="run"
            )
        try:
            before = folder.size()
            with folder.writing():
                _slim(folder, run, workspace.cache / ENCODERS)
            after = folder.size()
            freed = int(folder.freed.exists())
            runs.update(index, run_id, disk_bytes=after, freed=freed)
        finally:
            os.close(held)
    return max(0, before - after)


def _slim(folder: RunFolder, run: Run, pool: Path) -> None:
    last, best = folder.checkpoints / "last", folder.checkpoints / "best"
    state = last / STATE
    try:
        if state.exists() and run.state == RunState.FINISHED and state.stat().st_size > SMALL:
            tensors.take_out(state, "random", state)  # a merge of it asks what data it has read
        if state.exists() and run.state.resumable and not (best / WEIGHTS).exists():
            tensors.take_out(state, "model", last / WEIGHTS, named=False)
    except ValueError as error:
        raise StoreError(f"the checkpoint {state} can't be read: {error}. Nothing was freed.") from error
    if state.exists() and run.state.resumable:
        folder.freed.touch()  # before the state goes: a crash in between leaves a run that is not begun anew by mistake
        state.unlink()
    encoder = folder.checkpoints / ENCODER
    if encoder.is_dir():
        shared.keep(encoder, encoder, pool)
