"""Answers to the Compare page: the runs, their draws, and the settings in which they differ.

`groups` puts runs together, `table` sets their scores beside each other (`facts` tells what belongs to one), `curves`
and `parallel` are what is drawn of them, `export` is what is taken along.
"""

from __future__ import annotations

from collections.abc import Sequence

from mtl_core.config import settings
from mtl_core.records import Draw, RunState
from mtl_core.services import pairs
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


def usual(workspace: Workspace, runs: Sequence[Run]) -> list[Run]:
    """The runs to compare unless someone chooses: they differ in the method, and in seeds that all methods have.

    Those of the newest launch that has such runs, else the newest finished run that has such others, else the newest
    one alone. In the order in which they were made. Runs of
    the example only where the user has none.
    """
    finished = run_rows.own([run for run in runs if run.state == RunState.FINISHED])
    for launch in dict.fromkeys(run.launch for run in finished):
        together = pairs.alike([run for run in finished if run.launch == launch])
        if together:
            return together[::-1][:MOST]
    tasks = dict.fromkeys(task for run in finished for task in run.config.tasks)
    by_task = {task: pairs.partners(finished, task) for task in tasks}
    tried = 0
    for newest in finished:
        beside: dict[str, Run] = {}
        for task in newest.config.tasks:
            for other in by_task[task][newest.id]:
                tried += 1
                if tried > pairs.TRIED:
                    return finished[:1]
                if not pairs.differences(workspace, newest, other, task):
                    beside[other.id] = other
                    break
        if beside:
            return [*beside.values(), newest]
    return finished[:1]


def unpaired(workspace: Workspace, runs: Sequence[Run], chosen: Sequence[Run]) -> bool:
    """True where one run is chosen because no two can be compared."""
    return len(chosen) == 1 and sum(run.finished for run in runs) > 1 and usual(workspace, runs) == list(chosen)


def draws(workspace: Workspace, runs: Sequence[Run]) -> list[tuple[Run, Draw]]:
    """The planned and the drawn examples of each run, task by task."""
    with workspace.read() as index:
        drawn = scores.draws_of_runs(index, [run.id for run in runs])
    return [(run, draw) for run in runs for draw in drawn[run.id]]


def differing(runs: Sequence[Run]) -> list[tuple[str, list[str]]]:
    """The settings that are not the same in all runs: a setting in words, and each run's value."""
    return settings.differing([run.config for run in runs])
