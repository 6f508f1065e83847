"""What the Compare page asks: scores side by side, differences to alone, and what confounds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pandas as pd
from sqlite_utils import Database

from mtl_core import registry
from mtl_core.services import arms, display, watch
from mtl_core.services.confounds import Side, confounds
from mtl_core.store import runs as run_rows
from mtl_core.store import scores
from mtl_core.store.index import open_index
from mtl_core.store.place import folder_of, index_file
from mtl_core.store.runs import Run
from mtl_core.store.scores import Draw

MOST = 12
"""Runs that are compared at once."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a score is from that of the task learned alone."""

    value: float
    """A share of 1."""
    baseline: str
    """Id of the chosen run that learned the task alone and is nearest to this one."""
    against: str
    """The baseline in words: its column and its id."""
    confounds: tuple[str, ...]
    """What differs from the baseline besides the method."""
    note: str
    """The sign of the comparison's note that lists them, "" where there is nothing to note."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A score of one run."""

    run: Run
    value: float
    """A share of 1."""
    examples: int
    """Dev examples that it was reached on."""
    facts: str
    """Encoder, data sizes and what else belongs to the number, in a line."""
    difference: Difference | None = None
    """None for a run that learned the task alone, and where none of the chosen runs did."""


@dataclass(frozen=True, slots=True)
class Line:
    """One metric of one task, over all chosen runs that have it."""

    task: str
    metric: str
    cells: dict[str, Cell]
    """By column."""

    @property
    def generated(self) -> bool:
        """Whether all of its numbers come from the generated sample."""
        return all(cell.run.generated for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Comparison:
    """Scores of the chosen runs, task by task."""

    columns: tuple[str, ...]
    """Names of the arms, alone first."""
    lines: tuple[Line, ...]
    notes: dict[str, str]
    """Sign → what confounds the differences that carry it."""
    without: tuple[Run, ...]
    """Chosen runs that have no scores."""

    @property
    def paired(self) -> bool:
        """Whether there is any difference to show."""
        return any(cell.difference is not None for line in self.lines for cell in line.cells.values())


def choices(runs_dir: Path) -> list[Run]:
    """Runs that have begun, the newest first."""
    if not index_file(runs_dir).exists():
        return []
    with open_index(runs_dir) as index:
        return run_rows.listing(index, states=tuple(state for state in run_rows.STATES if state != "queued"))


def usual(runs: Sequence[Run]) -> list[Run]:
    """What to compare unless someone chooses: the newest launch with finished runs of the same task.

    Without one, the newest finished run beside others of its tasks. In the order in which they were made.
    """
    finished = [run for run in runs if run.state == "finished"]
    for launch in dict.fromkeys(run.launch for run in finished):
        together = [run for run in finished if run.launch == launch]
        if _share_a_task(together):
            return together[::-1][:MOST]
    for newest in finished:
        beside = {task: _beside(newest, task, finished) for task in newest.config.tasks}
        others = {run.id: run for run in beside.values() if run}
        if others:
            return [*others.values(), newest]
    return finished[:1]


def _share_a_task(runs: Sequence[Run]) -> bool:
    tasks = [task for run in runs for task in run.config.tasks]
    return len(set(tasks)) < len(tasks)


def _beside(run: Run, task: str, finished: Sequence[Run]) -> Run | None:
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


def compare(runs_dir: Path, runs: Sequence[Run]) -> Comparison:
    """The scores of the runs, each beside the run that learned the task alone. Nothing is averaged."""
    with open_index(runs_dir) as index:
        table = scores.table(index, [run.id for run in runs])
        sides = _sides(runs_dir, index, runs, table)
    scored = set(table["run"])
    tasks = list(dict.fromkeys(task for run in runs for task in run.config.tasks))
    names = arms.labels([run for run in runs if run.id in scored], tasks)
    columns = sorted(dict.fromkeys(names.values()), key=lambda name: name.split(" · ")[0] != arms.ALONE)
    told: dict[str, str] = {}
    lines = [_line(task, metric, sides, names, told) for task in tasks for metric in _metrics(task, table)]
    without = tuple(run for run in runs if run.id not in scored)
    return Comparison(tuple(columns), tuple(lines), {sign: text for text, sign in told.items()}, without)


@dataclass(frozen=True, slots=True)
class _Scored:
    """A run seen from one of its tasks, with the task's scores."""

    side: Side
    values: dict[str, float]


def _sides(runs_dir: Path, index: Database, runs: Sequence[Run], table: pd.DataFrame) -> dict[str, list[_Scored]]:
    """Task → the chosen runs that have scores of it, in their order."""
    found: dict[str, list[_Scored]] = {}
    for run in runs:
        draws = {draw.task: draw for draw in scores.draws_of(index, run.id)}
        data = _data_facts(runs_dir, run)
        for task, rows in table[table["run"] == run.id].groupby("task"):
            side = Side(run, int(rows["examples"].iloc[0]), data.get(str(task), {}), draws.get(str(task)))
            values = dict(zip(rows["metric"], map(float, rows["value"]), strict=True))
            found.setdefault(str(task), []).append(_Scored(side, values))
    return found


def _data_facts(runs_dir: Path, run: Run) -> dict[str, dict[str, Any]]:
    """Task → sizes and fingerprint of its data, as the run's report has them."""
    folder = folder_of(runs_dir, run.id)
    found: dict[str, dict[str, Any]] = folder.read_json(folder.report).get("facts", {}).get("data", {})
    return found


def _metrics(task: str, table: pd.DataFrame) -> list[str]:
    """The task's metrics that there are scores of, the main one first."""
    present = list(dict.fromkeys(table[table["task"] == task]["metric"]))
    known = registry.load("tasks", task).metrics if task in registry.names("tasks") else ()
    return sorted(present, key=lambda metric: known.index(metric) if metric in known else len(known))


def _line(
    task: str,
    metric: str,
    scored: dict[str, list[_Scored]],
    names: dict[tuple[str, str], str],
    told: dict[str, str],
) -> Line:
    """`told` maps what confounds differences to its sign and grows."""
    having = [one for one in scored[task] if metric in one.values]
    alone = [one for one in having if arms.is_alone(one.side.run, task)]
    cells = {}
    for one in having:
        run, value = one.side.run, one.values[metric]
        baseline = None if one in alone else _nearest(one.side, alone)
        difference = None
        if baseline:
            against = f"{names[baseline.side.run.id, task]}, run {baseline.side.run.id}"
            difference = _difference(one, baseline, value - baseline.values[metric], against, told)
        cells[names[run.id, task]] = Cell(run, value, one.side.dev_examples, _facts(one.side), difference)
    return Line(task, metric, cells)


def _nearest(side: Side, alone: Sequence[_Scored]) -> _Scored | None:
    """Of the runs that learned the task alone the one that differs in the fewest other things."""
    return min(alone, key=lambda one: len(confounds(side, one.side)), default=None)


def _difference(one: _Scored, baseline: _Scored, value: float, against: str, told: dict[str, str]) -> Difference:
    other = confounds(one.side, baseline.side)
    note = told.setdefault("; ".join(other), _sign(len(told))) if other else ""
    return Difference(value, baseline.side.run.id, against, other, note)


def _sign(place: int) -> str:
    """a, b, … z, then aa, ab, …"""
    first, last = divmod(place, len(ascii_lowercase))
    return (ascii_lowercase[first - 1] if first else "") + ascii_lowercase[last]


def _facts(side: Side) -> str:
    """What belongs to a number: encoder, data, seed, precision and the run that reached it."""
    run = side.run
    data = [f"{side.data['train']:,} training examples"] if "train" in side.data else []
    drawn = [f"{side.draw.actual_examples:,} drawn in training"] if side.draw else []
    source = display.SAMPLE_BADGE if run.generated else run.source
    parts = [
        f"encoder {run.encoder}",
        source,
        *(data or drawn),
        f"{side.dev_examples:,} dev examples",
        f"seed {run.seed}",
        run.config.precision,
        f"run {run.id}",
    ]
    return " · ".join(parts)


def curves(runs_dir: Path, runs: Sequence[str]) -> pd.DataFrame:
    """Loss curves of the runs: the columns of `store.steps.curve`, and `run`."""
    return _stacked([watch.curve(runs_dir, run).assign(run=run) for run in runs])


def selection(runs_dir: Path, runs: Sequence[str]) -> pd.DataFrame:
    """Scores on the selection splits while the runs trained: the columns of `store.evaluations.curve`, and `run`."""
    return _stacked([watch.selection(runs_dir, run).assign(run=run) for run in runs])


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if not frame.empty]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def draws(runs_dir: Path, runs: Sequence[Run]) -> list[tuple[Run, Draw]]:
    """What each run was to train on and what it did, task by task."""
    with open_index(runs_dir) as index:
        return [(run, draw) for run in runs for draw in scores.draws_of(index, run.id)]
