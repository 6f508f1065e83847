"""The steps of a run read thinned: buckets of neighbouring steps with their lowest, highest and mean loss.

SQLite makes the buckets: a long curve costs a scan, and no row of its own in Python. Buckets are 1, 2, 4, … steps
wide, so that two of them make one of the next width: what was read once grows by the rows that are new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

MOST = 1000
"""Buckets of a curve at most."""
COLUMNS = ("step", "seconds", "examples", "tokens", "learning_rate", "low", "high", "total", "points")
"""Those of a bucket: the first five are of its last row; `total` is the sum of its losses, `points` their number."""
LAST, LOW, HIGH, TOTAL, POINTS = 5, 5, 6, 7, 8

Buckets = NDArray[np.float64]
"""(N, COLUMNS), in the order of steps."""


@dataclass(frozen=True, slots=True)
class ThinnedCurve:
    """The steps of a run, task by task. Losses are in nats."""

    width: int = 1
    """Steps of a bucket, a power of two; with 1 every row stands for itself."""
    tasks: Mapping[str, Buckets] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """The latest step that was read, 0 for none."""
        return max((int(buckets[-1, 0]) for buckets in self.tasks.values()), default=0)


def read(db: Database, tasks: Sequence[str]) -> ThinnedCurve:
    """The whole curve of a run on these tasks."""
    steps = int(db.execute("SELECT coalesce(max(step), 0) FROM steps").fetchone()[0])
    width = _width(steps)
    if width == 1:
        return grown(db, ThinnedCurve())
    edges, several = range(0, steps, width), len(tasks) > 1
    found = {task: [_bucket(db, task, edge, edge + width, several) for edge in edges] for task in sorted(tasks)}
    made = {task: [row for row in rows if row] for task, rows in found.items()}
    return ThinnedCurve(width, {task: np.array(rows) for task, rows in made.items() if rows})


def grown(db: Database, known: ThinnedCurve) -> ThinnedCurve:
    """The curve with the rows that were recorded since; `known` must hold: see `holds`."""
    sql = "SELECT task, step, seconds, examples, tokens, learning_rate, loss FROM steps WHERE step >= ? ORDER BY step"
    fresh: dict[str, list[tuple[float, ...]]] = {}
    for task, step, *rest, loss in db.execute(sql, [known.last]):  # the latest step may not have been whole
        if task not in known.tasks or step > known.tasks[task][-1, 0]:
            fresh.setdefault(task, []).append((step, *rest, loss, loss, loss, 1))
    if not fresh:
        return known
    rows = {task: np.array(new, dtype=float) for task, new in fresh.items()}
    width = _width(max(int(new[-1, 0]) for new in rows.values()))
    none = np.empty((0, len(COLUMNS)))
    parts = {task: (known.tasks.get(task, none), rows.get(task, none)) for task in {**known.tasks, **rows}}
    gathered = {task: _gathered(np.concatenate(both), width) for task, both in sorted(parts.items())}
    return ThinnedCurve(width, gathered)


def holds(db: Database, known: ThinnedCurve) -> bool:
    """True while the latest row that was read is still there: a resumed run makes the steps after a checkpoint anew."""
    if not known.tasks:
        return False
    task, buckets = max(known.tasks.items(), key=lambda one: float(one[1][-1, 0]))
    step, seconds = buckets[-1, :2]
    sql = "SELECT 1 FROM steps WHERE step = ? AND task = ? AND seconds = ?"
    return db.execute(sql, [int(step), task, float(seconds)]).fetchone() is not None


def _width(steps: int) -> int:
    """The narrowest buckets of which MOST are enough."""
    width = 1
    while steps > MOST * width:
        width *= 2
    return width


def _bucket(db: Database, task: str, after: int, until: int, several: bool) -> tuple[float, ...] | None:
    """A task's steps in (after, until], None where it made none; `several`: the table has other tasks too."""
    own, values = ("AND task = ?", [after, until, task]) if several else ("", [after, until])
    losses = db.execute(
        f"SELECT min(loss), max(loss), sum(loss), count(*) FROM steps WHERE step > ? AND step <= ? {own}", values
    ).fetchone()
    if not losses[-1]:
        return None
    last = db.execute(
        "SELECT step, seconds, examples, tokens, learning_rate FROM steps "
        f"WHERE step > ? AND step <= ? {own} ORDER BY step DESC LIMIT 1",
        values,
    ).fetchone()
    return (*last, *losses)


def _gathered(rows: Buckets, width: int) -> Buckets:
    """Rows or narrower buckets put into buckets of `width` steps."""
    places = (rows[:, 0].astype(int) - 1) // width
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    ends = np.append(starts[1:], len(rows)) - 1
    return np.column_stack(
        [
            rows[ends, :LAST],
            np.minimum.reduceat(rows[:, LOW], starts),
            np.maximum.reduceat(rows[:, HIGH], starts),
            np.add.reduceat(rows[:, [TOTAL, POINTS]], starts),
        ]
    )
