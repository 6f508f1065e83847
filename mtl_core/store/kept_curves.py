"""Thinned curves that were read once, in a file each below the cache: a long run is scanned once in its life."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from mtl_core.disk import whole
from mtl_core.store.loss_buckets import COLUMNS, ThinnedCurve
from mtl_core.store.workspace import Workspace

FOLDER = "curves"
WIDTH, TASK = "width", "task "
"""Names of the arrays in a file: the bucket's width, and each task's buckets."""


def load(workspace: Workspace, run_id: str) -> ThinnedCurve:
    """The curve as it was kept, which may have gone on since; an empty one where there is none."""
    try:
        with np.load(_file(workspace, run_id), allow_pickle=False) as arrays:
            tasks = {name.removeprefix(TASK): arrays[name] for name in arrays.files if name.startswith(TASK)}
            curve = ThinnedCurve(int(arrays[WIDTH]), tasks)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return ThinnedCurve()
    whole_ones = all(
        buckets.ndim == 2 and buckets.shape[1] == len(COLUMNS) and len(buckets) for buckets in tasks.values()
    )
    return curve if whole_ones else ThinnedCurve()


def keep(workspace: Workspace, run_id: str, curve: ThinnedCurve) -> None:
    """Writes the curve, and forgets those of runs that are gone. Where nothing can be written, nothing is kept."""
    path = _file(workspace, run_id)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for other in path.parent.glob("*.npz"):
            if not workspace.run(other.stem).path.exists():
                other.unlink(missing_ok=True)
        arrays = {WIDTH: np.array(curve.width), **{TASK + task: buckets for task, buckets in curve.tasks.items()}}
        with whole.replacing(path) as draft, draft.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
    except OSError:
        return


def _file(workspace: Workspace, run_id: str) -> Path:
    return workspace.cache / FOLDER / f"{run_id}.npz"
