"""Scores side by side, differences to the task learned alone, and what confounds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from string import ascii_lowercase

import pandas as pd
from sqlite_utils import Database

from mtl_core import registry
from mtl_core.services.compare.facts import differing, facts_text
from mtl_core.services.compare.groups import Group
from mtl_core.statistics import seed_interval
from mtl_core.store import scores
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.studies.confounds import TaskRun


@dataclass(frozen=True, slots=True)
class Difference:
    """The distance of a score from that of the task learned alone. Of groups: between their means."""

    value: float
    """A share of 1."""
    baseline: tuple[str, ...]
    """Ids of the chosen runs that learned the task alone and are nearest to these."""
    against: str
    """The baseline in words: its column and its runs."""
    confounds: tuple[str, ...]
    """What differs from the baseline besides the method."""
    note: str
    """The sign of the comparison's note that lists them, "" where there is nothing to note."""


@dataclass(frozen=True, slots=True)
class ScoreCell:
    """The score of a run, or of several that are looked at together."""

    group: Group
    """Those of the group's runs that have the score."""
    values: tuple[float, ...]
    """Shares of 1, a run each."""
    examples: int
    """Dev examples that it was reached on."""
    dev_set: str
    """They in words, with the clusters that they are in."""
    facts: str
    """Encoder, data sizes and what else belongs to the number, in a line."""
    difference: Difference | None = None
    """None for runs that learned the task alone, and where none of the chosen runs did."""

    @property
    def runs(self) -> tuple[Run, ...]:
        """In the order of their values."""
        return self.group.runs

    @property
    def value(self) -> float:
        """The mean."""
        return fmean(self.values)

    @property
    def half(self) -> float | None:
        """Half the width of its 95 % interval over the runs, by Student's t; None for one run."""
        if len(self.values) < 2:
            return None
        interval = seed_interval(self.values)
        return float(interval.high - interval.low) / 2

    @property
    def generated(self) -> bool:
        """True if its numbers come from the generated sample."""
        return any(run.config.from_sample(self.group.task) for run in self.runs)


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One metric of one task, over all chosen runs that have it."""

    task: str
    metric: str
    cells: dict[str, ScoreCell]
    """By column."""

    @property
    def generated(self) -> bool:
        """True if all of its numbers come from the generated sample."""
        return all(cell.generated for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Scores of the chosen runs, task by task."""

    columns: tuple[str, ...]
    """Names of the groups, alone first."""
    lines: tuple[ScoreLine, ...]
    notes: dict[str, str]
    """Sign → what confounds the differences that carry it."""
    without: tuple[Run, ...]
    """Chosen runs that have no scores."""

    @property
    def cells(self) -> list[ScoreCell]:
        """All of them, line by line."""
        return [cell for line in self.lines for cell in line.cells.values()]

    @property
    def paired(self) -> bool:
        """True if there is any difference to show."""
        return any(cell.difference is not None for cell in self.cells)

    @property
    def averaged(self) -> bool:
        """True if any score is a mean over runs."""
        return any(len(cell.values) > 1 for cell in self.cells)


def score_table(workspace: Workspace, runs: Sequence[Run], groups: Sequence[Group]) -> ScoreTable:
    """The scores of the runs' groups, each beside the one that learned the task alone."""
    with workspace.read() as index:
        table = scores.table(index, [run.id for run in runs])
        sides = _sides(workspace, index, runs, table)
    tasks = list(dict.fromkeys(group.task for group in groups))
    signs: dict[str, str] = {}
    lines = [_line(task, metric, sides, groups, signs) for task in tasks for metric in _metrics(task, table)]
    named = {name: cell.group.alone for line in lines for name, cell in line.cells.items()}
    columns = sorted(named, key=lambda name: not named[name])
    without = tuple(run for run in runs if run.id not in set(table["run"]))
    return ScoreTable(tuple(columns), tuple(lines), {sign: text for text, sign in signs.items()}, without)


@dataclass(frozen=True, slots=True)
class _Scored:
    """A run seen from one of its tasks, with the task's scores."""

    side: TaskRun
    values: dict[str, float]


_Sides = dict[tuple[str, str], _Scored]
"""By the run's id and the task."""


def _sides(workspace: Workspace, index: Database, runs: Sequence[Run], table: pd.DataFrame) -> _Sides:
    """The chosen runs that have scores, seen from each of their tasks."""
    by_id, sides = {run.id: run for run in runs}, {}
    drawn = scores.draws_of_runs(index, list(by_id))
    draws = {run_id: {draw.task: draw for draw in of_run} for run_id, of_run in drawn.items()}
    data = {run.id: workspace.run(run.id).data_facts() for run in runs}
    for keys, rows in table.groupby(["run", "task"], sort=False):
        name, task = map(str, keys)
        side = TaskRun(by_id[name], int(rows["examples"].iloc[0]), data[name].get(task, {}), draws[name].get(task))
        values = dict(zip(rows["metric"], map(float, rows["value"]), strict=True))
        sides[name, task] = _Scored(side, values)
    return sides


def _metrics(task: str, table: pd.DataFrame) -> list[str]:
    """The task's metrics that there are scores of, the main one first."""
    present = list(dict.fromkeys(table[table["task"] == task]["metric"]))
    known = registry.load("tasks", task).metrics if registry.has("tasks", task) else ()
    return sorted(present, key=lambda metric: known.index(metric) if metric in known else len(known))


def _line(task: str, metric: str, sides: _Sides, groups: Sequence[Group], signs: dict[str, str]) -> ScoreLine:
    """`signs` maps what confounds differences to its sign and grows."""
    cells: dict[str, tuple[ScoreCell, list[TaskRun]]] = {}
    for group in (group for group in groups if group.task == task):
        scored = [one for run in group.runs if (one := sides.get((run.id, task))) and metric in one.values]
        if scored:
            own = replace(group, runs=tuple(one.side.run for one in scored))
            of_group = [one.side for one in scored]
            values = tuple(one.values[metric] for one in scored)
            first = scored[0].side
            cell = ScoreCell(own, values, first.dev_examples, first.dev_set, facts_text(of_group))
            cells[group.label] = (cell, of_group)
    alone = [one for one in cells.values() if one[0].group.alone]
    return ScoreLine(task, metric, {label: _beside(cell, own, alone, signs) for label, (cell, own) in cells.items()})


def _beside(
    cell: ScoreCell, own: list[TaskRun], alone: Sequence[tuple[ScoreCell, list[TaskRun]]], signs: dict[str, str]
) -> ScoreCell:
    """The cell with its difference to that of the runs alone that differ from its own in the fewest other things."""
    if cell.group.alone or not alone:
        return cell
    others = [differing(own, sides) for _, sides in alone]
    place = min(range(len(alone)), key=lambda place: len(others[place]))
    baseline, other = alone[place][0], others[place]
    note = signs.setdefault("; ".join(other), _sign(len(signs))) if other else ""
    ids = tuple(run.id for run in baseline.runs)
    against = f"{baseline.group.label}, run{'s' * (len(ids) > 1)} {', '.join(ids)}"
    return replace(cell, difference=Difference(cell.value - baseline.value, ids, against, other, note))


def _sign(place: int) -> str:
    """a, b, … z, then aa, ab, …"""
    first, last = divmod(place, len(ascii_lowercase))
    return (ascii_lowercase[first - 1] if first else "") + ascii_lowercase[last]
