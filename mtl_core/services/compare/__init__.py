"""Answers to the Compare page: the runs, their draws, and the settings in which they differ.

`groups` puts runs together, `table` sets their scores beside each other (`facts` tells what belongs to one), `curves`
and `parallel` are what is drawn of them, `export` is what is taken along.
"""

from __future__ import annotations

from collections.abc import Sequence

from mtl_core.config import settings
from mtl_core.records import Draw, RunState
from mtl_core.services import arms
from mtl_core.store import runs as run_rows
from mtl_core.store import scores
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

MOST = 60
"""Runs that are compared at once."""


def choices(workspace: Workspace) -> list[Run]:
    """Runs that have begun, the newest first: neither those that wait nor those that left the queue."""
    with workspace.read() as index:
        ended = run_rows.listing(index, states=[state for state in RunState if state != RunState.QUEUED])
    return [run for run in ended if run.started is not None]


def usual(runs: Sequence[Run]) -> list[Run]:
    """The runs to compare unless someone chooses: the newest launch with finished runs of the same task.

    Without one, the newest finished run beside others of its tasks. In the order in which they were made.
    """
    finished = [run for run in runs if run.state == RunState.FINISHED]
    for launch in dict.fromkeys(run.launch for run in finished):
        together = [run for run in finished if run.launch == launch]
        if _share_a_task(together):
            return together[::-1][:MOST]
    for newest in finished:
        beside = {task: _another(newest, task, finished) for task in newest.config.tasks}
        others = {run.id: run for run in beside.values() if run}
        if others:
            return [*others.values(), newest]
    return finished[:1]


def _share_a_task(runs: Sequence[Run]) -> bool:
    tasks = [task for run in runs for task in run.config.tasks]
    return len(set(tasks)) < len(tasks)


def _another(run: Run, task: str, finished: Sequence[Run]) -> Run | None:
    """The newest other run that trained the task differently on the same kind of data."""
    return next(
        (
            other
            for other in finished
            if task in other.config.tasks
            and arms.relation(other, task) != arms.relation(run, task)
            and (other.source, other.encoder) == (run.source, run.encoder)
        ),
        None,
    )


def draws(workspace: Workspace, runs: Sequence[Run]) -> list[tuple[Run, Draw]]:
    """The planned and the drawn examples of each run, task by task."""
    with workspace.read() as index:
        drawn = scores.draws_of_runs(index, [run.id for run in runs])
    return [(run, draw) for run in runs for draw in drawn[run.id]]


def differing(runs: Sequence[Run]) -> list[tuple[str, list[str]]]:
    """The settings that are not the same in all runs: a setting in words, and each run's value."""
    return settings.differing([run.config for run in runs])
