"""Curves of groups of runs: each run's own, and their mean with its interval as far as all of them reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from mtl_core.charts.curves import measured, smoothed
from mtl_core.charts.groups import Band, Course, Line
from mtl_core.display import scores as shown
from mtl_core.services import recorded
from mtl_core.services.compare.groups import Group
from mtl_core.statistics import seed_interval
from mtl_core.store.workspace import Workspace

POINTS = 300
"""Points of a mean curve at most."""

ByRun = Mapping[tuple[str, str], pd.DataFrame]
"""What was recorded, by a run's id and a task of it."""


def curves(workspace: Workspace, runs: Sequence[str]) -> ByRun:
    """Loss curves of the runs: see `recorded.Recorded.losses`."""
    found = zip(runs, recorded.several(workspace, runs), strict=True)
    return {(run, task): rows for run, one in found for task, rows in one.losses.items()}


def selection(workspace: Workspace, runs: Sequence[str], metrics: Mapping[str, str]) -> ByRun:
    """Each task's metric on its validation split while the runs trained: the columns of `store.evaluations.curve`."""
    found = zip(runs, recorded.several(workspace, runs), strict=True)
    return {
        (run, task): rows
        for run, one in found
        for (task, metric), rows in one.scores.items()
        if metrics.get(task) == metric
    }


def losses(found: ByRun, groups: Sequence[Group], *, x: str, smoothing: float) -> list[Course]:
    """Training loss, smoothed, over what was measured. `found` is from `curves`, `x` one of its columns."""
    courses = []
    for group, runs in _by_group(found, groups):
        lines = [smoothed(rows, x, smoothing) for rows in runs]
        raw = [measured(rows, x) for rows in runs]
        courses.append(_course(group, lines, raw if smoothing > 0 else ()))
    return courses


def scores(found: ByRun, groups: Sequence[Group], metrics: Mapping[str, str], *, x: str) -> list[Course]:
    """Each task's metric on its validation split, as it is shown. `found` is from `selection`."""
    courses = []
    for group, runs in _by_group(found, groups):
        lines = [(xs, shown.scale(metrics[group.task]) * ys) for xs, ys in (_line(rows, x, "value") for rows in runs)]
        courses.append(_course(group, lines, ()))
    return courses


def _by_group(found: ByRun, groups: Sequence[Group]) -> Iterator[tuple[Group, list[pd.DataFrame]]]:
    """The rows of each group's runs, for groups that have any."""
    for group in groups:
        runs = [found[run.id, group.task] for run in group.runs if (run.id, group.task) in found]
        if runs:
            yield group, runs


def _line(rows: pd.DataFrame, x: str, y: str) -> Line:
    return rows[x].to_numpy(dtype=float), rows[y].to_numpy(dtype=float)


def _course(group: Group, lines: Sequence[Line], raw: Sequence[Line]) -> Course:
    own = (tuple(lines), tuple(raw), band(lines))
    return Course(group.task, group.label, group.runs[0].id, group.alone, *own, group.count)


def band(lines: Sequence[Line]) -> Band | None:
    """Mean and 95 % interval by Student's t over lines, from where the last begins to where the first ends.

    Lines that were not measured at the same places are read between their points. None for fewer than two lines, and
    for lines that have no stretch in common.
    """
    if len(lines) < 2:
        return None
    first, last = max(float(xs[0]) for xs, _ in lines), min(float(xs[-1]) for xs, _ in lines)
    if first > last:
        return None
    places = np.unique(np.concatenate([xs for xs, _ in lines]))
    places = places[(places >= first) & (places <= last)]
    if len(places) > POINTS:
        places = np.linspace(first, last, POINTS)
    interval = seed_interval(np.stack([np.interp(places, xs, ys) for xs, ys in lines]))
    return Band(places, interval.mean, interval.low, interval.high)
