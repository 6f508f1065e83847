"""Finished runs that a new one may build on: encoders to start from, teachers, and runs to merge."""

from __future__ import annotations

from collections.abc import Sequence

from mtl_core.config.methods import Catalogue
from mtl_core.config.places import REMEMBERED
from mtl_core.records import RunState
from mtl_core.store import runs
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

MOST = 100
"""The newest finished runs that are offered."""


def starts(workspace: Workspace, encoder: str, catalogue: Catalogue) -> dict[str, Run]:
    """Values of `start_from` for an encoder: a run's id, or "ID:task" where it has an encoder a task."""
    by_name: dict[str, Run] = {}
    for run in _finished(workspace):
        if run.encoder == encoder:
            by_name |= dict.fromkeys(_encoders(run, catalogue), run)
    return by_name


def single_task(workspace: Workspace, tasks: Sequence[str], encoder: str, source: str) -> dict[str, Run]:
    """Runs that have trained one of the tasks, and that alone, on the same kind of data, by id."""
    return {
        run.id: run
        for run in _finished(workspace)
        if len(run.config.tasks) == 1
        and run.config.tasks[0] in tasks
        and run.encoder == encoder
        and (source == REMEMBERED or run.source in (source, "own"))
    }


def _finished(workspace: Workspace) -> list[Run]:
    with workspace.read() as index:
        found = runs.listing(index, states=(RunState.FINISHED,), limit=MOST)
    return [run for run in found if not run.example]  # which came without weights


def _encoders(run: Run, catalogue: Catalogue) -> list[str]:
    """One name, or one per task where the run's sharing keeps some layers apart."""
    sharing = catalogue["sharing"].get(run.config.sharing)
    if len(run.config.tasks) == 1 or (sharing and min(sharing.layers, default=1.0) == 1.0):
        return [run.id]
    return [f"{run.id}:{task}" for task in run.config.tasks]
