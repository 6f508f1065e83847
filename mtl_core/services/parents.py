"""Which finished runs a new one may build on: whose encoder it can start from, and which can teach it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mtl_core.config.methods import Catalogue
from mtl_core.store import runs
from mtl_core.store.index import open_index
from mtl_core.store.paths import index_file
from mtl_core.store.runs import Run

MOST = 100
"""The newest finished runs that are offered."""


def starts(runs_dir: Path, encoder: str, catalogue: Catalogue) -> dict[str, Run]:
    """What `start_from` may be for an encoder: a run's id, or "ID:task" where it has an encoder a task."""
    found: dict[str, Run] = {}
    for run in _finished(runs_dir):
        if run.encoder == encoder:
            found |= dict.fromkeys(_encoders(run, catalogue), run)
    return found


def teachers(runs_dir: Path, tasks: Sequence[str], encoder: str, source: str) -> dict[str, Run]:
    """Runs that have trained one of the tasks, and that alone, on the same kind of data, by id."""
    return {
        run.id: run
        for run in _finished(runs_dir)
        if len(run.config.tasks) == 1
        and run.config.tasks[0] in tasks
        and (run.encoder, run.source) == (encoder, source)
    }


def _finished(runs_dir: Path) -> list[Run]:
    if not index_file(runs_dir).exists():
        return []
    with open_index(runs_dir) as index:
        return runs.listing(index, states=("finished",), limit=MOST)


def _encoders(run: Run, catalogue: Catalogue) -> list[str]:
    """One name, or one a task where the run's sharing keeps some layers apart."""
    sharing = catalogue["sharing"].get(run.config.sharing)
    if len(run.config.tasks) == 1 or (sharing and min(sharing.layers, default=1.0) == 1.0):
        return [run.id]
    return [f"{run.id}:{task}" for task in run.config.tasks]
