"""Curves of all runs of a launch or study over each other, cheap enough to be drawn anew every two seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtl_core.charts.groups import Course
from mtl_core.jobs.groups import RunGroup
from mtl_core.services import watch
from mtl_core.services.compare import curves, groups
from mtl_core.services.compare.groups import Group
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

MOST = 60
"""Runs whose curves are drawn."""


def begun(group: RunGroup) -> list[Run]:
    """The group's runs that have curves or may have some soon, trials only where there is nothing else."""
    started = [run for run in group.runs if run.started is not None and not run.config.merging]
    own = [run for run in started if run.id not in group.trials]
    return (own or started)[-MOST:]


def arms(workspace: Workspace, runs: Sequence[Run]) -> tuple[Group, ...]:
    """The runs by task and arm: what shares a line style."""
    return groups.grouped(workspace, runs).groups if runs else ()


def losses(workspace: Workspace, drawn: Sequence[Group], *, x: str, smoothing: float) -> list[Course]:
    """Training loss, smoothed; a faint line a seed. `x` is "step", "examples" or "seconds"."""
    return curves.losses(curves.curves(workspace, _ids(drawn)), drawn, x=x, smoothing=smoothing)


def scores(workspace: Workspace, drawn: Sequence[Group], metrics: Mapping[str, str], *, x: str) -> list[Course]:
    """Each task's main metric on its validation split, as it is shown."""
    return curves.scores(curves.selection(workspace, _ids(drawn), metrics), drawn, metrics, x=x)


def _ids(drawn: Sequence[Group]) -> list[str]:
    """Each run once."""
    return list(dict.fromkeys(run.id for group in drawn for run in group.runs))


def metrics(runs: Sequence[Run]) -> dict[str, str]:
    """Each task's main metric."""
    return {task: metric for run in runs for task, metric in watch.main_metrics(run).items()}
