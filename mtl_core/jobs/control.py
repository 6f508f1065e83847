"""What people ask of a run: to stop, or to be forgotten."""

from __future__ import annotations

import shutil
from pathlib import Path

from mtl_core.errors import RunNotFound, TandemError
from mtl_core.jobs.liveness import sweep
from mtl_core.store import place, queue, runs
from mtl_core.store.database import immediate
from mtl_core.store.index import open_index
from mtl_core.store.runs import Run


def request_stop(runs_dir: Path, run_id: str) -> Run:
    """Stops a waiting run at once, a running one after its current step; the run as it was.

    Raises RunNotFound, and TandemError for one that has ended.
    """
    sweep(runs_dir)
    _known(runs_dir, run_id)
    with open_index(runs_dir) as index:
        was = queue.ask_to_stop(index, run_id)
    if not was.live:
        raise TandemError(f"run '{run_id}' has ended already: it is {was.state}.", field="run")
    return was


def remove(runs_dir: Path, run_id: str) -> None:
    """Deletes a run: its folder and all that the index knows of it.

    Raises RunNotFound, TandemError for one that waits or trains, StoreError where it can't be deleted.
    """
    sweep(runs_dir)
    _known(runs_dir, run_id)
    folder, removed = place.folder_of(runs_dir, run_id).path, runs_dir / f".removed-{run_id}"
    with place.writing(runs_dir), open_index(runs_dir) as index, immediate(index):
        run = runs.get(index, run_id)
        if run.live:
            raise TandemError(f"run '{run_id}' is {run.state}. Stop it before you delete it.", field="run")
        if folder.exists():
            folder.replace(removed)  # at once, so that no half of a run is ever seen
        runs.delete(index, run_id)
    with place.writing(runs_dir):
        shutil.rmtree(removed, ignore_errors=not removed.exists())


def _known(runs_dir: Path, run_id: str) -> None:
    """Raises RunNotFound for what can't be a run here, before anything is made or touched."""
    place.folder_of(runs_dir, run_id)
    if not place.index_file(runs_dir).exists():
        raise RunNotFound(f"there is no run '{run_id}'. `python -m mtl_core runs` lists them.")
