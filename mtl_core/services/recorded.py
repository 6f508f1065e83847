"""Curves of runs as their folders have them, kept in memory: of a run that goes on only the new rows are read."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import pandas as pd
from sqlite_utils import Database

from mtl_core.records import Draw
from mtl_core.store import evaluations, kept_curves, loss_buckets, scores
from mtl_core.store.loss_buckets import Buckets, ThinnedCurve
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.workspace import Workspace

KEPT = 256
"""Runs of which curves are kept in memory; a curve takes some 60 kB a task."""
LONG = 10_000
"""Steps read from run.db from which on the curve is worth a file."""
SETTLED = 0.1
"""Seconds after a change until a file's time tells a further change from it."""
AT_ONCE = min(4, os.cpu_count() or 1)
"""Run folders that are read at the same time: SQLite works beside Python."""
CURVE = ["step", "task", "seconds", "examples", "learning_rate", "loss", "low", "high", "points"]
EVALUATIONS = ["step", "task", "metric", "value", "seconds", "examples"]

Stamp = tuple[tuple[int, int] | None, ...]
"""Time of change and size of run.db and its log."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a run's folder tells of its training."""

    thin: ThinnedCurve = field(default_factory=ThinnedCurve)
    losses: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """By task, thinned: `loss` is the mean of a stretch of steps, `low` and `high` its extremes (nats), `points` the
    number of the task's steps in it; step, seconds, examples and learning rate are those of its end."""
    selection: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=EVALUATIONS))
    """Scores on the validation split: the columns of `store.evaluations.curve`."""
    scores: Mapping[tuple[str, str], pd.DataFrame] = field(default_factory=dict)
    """The same by task and metric."""
    planned: tuple[Draw, ...] = ()
    """Planned draws, and what the steps have drawn of them."""

    @property
    def curve(self) -> pd.DataFrame:
        """`losses` in one, in the order of steps."""
        parts = list(self.losses.values())
        if len(parts) < 2:
            return parts[0] if parts else pd.DataFrame(columns=CURVE)
        return pd.concat(parts, ignore_index=True).sort_values(["step", "task"], ignore_index=True)


_known: OrderedDict[Path, tuple[Stamp, Recorded]] = OrderedDict()
_lock = Lock()


def of(workspace: Workspace, run_id: str) -> Recorded:
    """A run as far as it is recorded; nothing is made where nothing is recorded yet."""
    folder = workspace.run(run_id)
    stamp = _stamp(folder.database)
    with _lock:
        kept_stamp, known = _known.get(folder.path, ((), None))
    if stamp[0] is None:
        return Recorded()
    if known is not None and kept_stamp == stamp:
        return known
    with folder.open() as run_db:
        now = _read(workspace, folder, run_db, known)
    with _lock:
        _known[folder.path] = (stamp if _settled(stamp) else (), now)
        _known.move_to_end(folder.path)
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return now


def several(workspace: Workspace, run_ids: Sequence[str]) -> list[Recorded]:
    """The same of several runs, in their order."""
    if len(run_ids) < 2:
        return [of(workspace, run_id) for run_id in run_ids]
    with ThreadPoolExecutor(AT_ONCE) as readers:
        return list(readers.map(lambda run_id: of(workspace, run_id), run_ids))


def _read(workspace: Workspace, folder: RunFolder, run_db: Database, known: Recorded | None) -> Recorded:
    before = known.thin if known else kept_curves.load(workspace, folder.id)
    if loss_buckets.holds(run_db, before):
        thin = loss_buckets.grown(run_db, before)
    else:
        known, before = None, ThinnedCurve()
        thin = loss_buckets.read(run_db, folder.read_json(folder.config).get("tasks", ()))
    if thin.last - before.last >= LONG:
        kept_curves.keep(workspace, folder.id, thin)
    losses = (
        known.losses if known and thin is before else {task: _frame(task, rows) for task, rows in thin.tasks.items()}
    )
    selection = _selection(run_db, known)
    by_metric = {(str(task), str(metric)): rows for (task, metric), rows in selection.groupby(["task", "metric"])}
    return Recorded(thin, losses, selection, by_metric, _draws(run_db, thin))


def _frame(task: str, buckets: Buckets) -> pd.DataFrame:
    frame = pd.DataFrame(buckets, columns=list(loss_buckets.COLUMNS))
    return frame.assign(task=task, loss=frame["total"] / frame["points"])[CURVE]


def _selection(run_db: Database, known: Recorded | None) -> pd.DataFrame:
    """All evaluations; the latest that is known may not have been whole."""
    if known is None or known.selection.empty:
        return evaluations.curve(run_db)
    seen = int(known.selection["step"].iloc[-1]) - 1
    fresh = evaluations.curve(run_db, after=seen)
    return pd.concat([known.selection[known.selection["step"] <= seen], fresh], ignore_index=True)


def _draws(run_db: Database, thin: ThinnedCurve) -> tuple[Draw, ...]:
    drawn = {
        task: (int(buckets[:, loss_buckets.POINTS].sum()), int(buckets[-1, 2]), int(buckets[-1, 3]))
        for task, buckets in thin.tasks.items()
    }
    return tuple(scores.so_far(scores.recorded_draws(run_db), drawn))


def _stamp(database: Path) -> Stamp:
    return tuple(_changed(path) for path in (database, database.with_name(f"{database.name}-wal")))


def _changed(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


def _settled(stamp: Stamp) -> bool:
    """False for a change that is so new that the next one could bear the same time."""
    return time.time_ns() - max((one[0] for one in stamp if one), default=0) > SETTLED * 1e9
