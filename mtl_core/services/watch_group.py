"""Curves of all runs of a launch or study over each other, cheap enough to be drawn anew every two seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

import pandas as pd

from mtl_core.charts.curves import smooth
from mtl_core.charts.groups import Course, Line
from mtl_core.display import scores as shown
from mtl_core.jobs.groups import RunGroup
from mtl_core.records import RunState
from mtl_core.services import watch
from mtl_core.services.compare import groups
from mtl_core.services.compare.curves import band
from mtl_core.services.compare.groups import Group
from mtl_core.store import thinned
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

    def line(run: Run, task: str) -> tuple[Line, Line] | None:
        rows = _rows(_losses(workspace, run.id, run.state, run.step), task)
        if rows.empty:
            return None
        xs, ys = rows[x].to_numpy(dtype=float), rows["loss"].to_numpy(dtype=float)
        strength = smoothing ** float(rows["points"].mean())  # a point stands for so many, each smoothed once
        return (xs, smooth(ys, strength)), (xs, ys)

    return list(_courses(drawn, line, with_raw=smoothing > 0))


def scores(workspace: Workspace, drawn: Sequence[Group], metrics: Mapping[str, str], *, x: str) -> list[Course]:
    """Each task's main metric on its selection split, as it is shown."""

    def line(run: Run, task: str) -> tuple[Line, Line] | None:
        found = _scores(workspace, run.id, run.state, run.step)
        rows = _rows(found[found["metric"] == metrics.get(task)], task)
        if rows.empty:
            return None
        own = rows[x].to_numpy(dtype=float), shown.scale(metrics[task]) * rows["value"].to_numpy(dtype=float)
        return own, own

    return list(_courses(drawn, line, with_raw=False))


def metrics(runs: Sequence[Run]) -> dict[str, str]:
    """Each task's main metric."""
    return {task: metric for run in runs for task, metric in watch.main_metrics(run).items()}


def _courses(
    drawn: Sequence[Group], line: Callable[[Run, str], tuple[Line, Line] | None], *, with_raw: bool
) -> Iterator[Course]:
    for group in drawn:
        found = [one for run in group.runs if (one := line(run, group.task)) is not None]
        if not found:
            continue
        own, raw = tuple(one for one, _ in found), tuple(one for _, one in found) if with_raw else ()
        yield Course(group.task, group.label, group.runs[0].id, group.alone, own, raw, band(own), group.count)


def _rows(frame: pd.DataFrame, task: str) -> pd.DataFrame:
    return frame[frame["task"] == task]


@lru_cache(maxsize=256)
def _losses(workspace: Workspace, run_id: str, state: RunState, step: int) -> pd.DataFrame:
    """Read again once the run has moved on."""
    del state, step
    folder = workspace.run(run_id)
    if not folder.database.exists():
        return pd.DataFrame(columns=list(thinned.COLUMNS))
    with folder.open() as run_db:
        return thinned.losses(run_db)


@lru_cache(maxsize=256)
def _scores(workspace: Workspace, run_id: str, state: RunState, step: int) -> pd.DataFrame:
    """Read again once the run has moved on."""
    del state, step
    return watch.selection(workspace, run_id)
