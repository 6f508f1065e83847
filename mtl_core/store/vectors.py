"""The vectors table of the index: every dev example's score in a run as one piece, for statistics over many runs.

It holds nothing that the predictions table does not; it is read a hundred times as fast.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from mtl_core.kinds import stored_gold

SAME = 1e-6
"""A metric whose value is this near to the mean of a vector is the one that the vector is of."""


@dataclass(frozen=True, slots=True)
class Vector:
    """The scores of a task's dev examples in one run, and their contributions to its main metric."""

    run: str
    task: str
    examples: str
    """Fingerprint of the examples' ids: vectors with the same one are of the same examples in the same order."""
    scores: NDArray[np.float32]
    """(examples,), shares of 1, in the order of the examples' ids."""
    metrics: tuple[str, ...]
    """Names of the run's metrics whose value is the mean of `contributions`; none where that is not known."""
    contributions: NDArray[np.float64]
    """(examples,): their mean is the metric's value. The scores themselves where the metric is their mean."""


def publish(index: Database, run_id: str) -> None:
    """Makes a run's vectors anew from its predictions in the index."""
    publish_scores(index, run_id)
    sql = "SELECT contribution FROM predictions WHERE run = ? AND task = ? ORDER BY example"
    for (task,) in index.execute("SELECT task FROM vectors WHERE run = ?", [run_id]).fetchall():
        each = [value for (value,) in index.execute(sql, [run_id, task])]
        if None not in each:
            packed = np.asarray(each, "<f8").tobytes()
            index.execute("UPDATE vectors SET contributions = ? WHERE run = ? AND task = ?", [packed, run_id, task])
    name_metrics(index, run_id)


def publish_scores(index: Database, run_id: str) -> None:
    """Makes a run's vectors anew, with scores alone."""
    index.execute("DELETE FROM vectors WHERE run = ?", [run_id])
    sql = "SELECT example, score FROM predictions WHERE run = ? AND task = ? ORDER BY example"
    for (task,) in index.execute("SELECT DISTINCT task FROM predictions WHERE run = ?", [run_id]).fetchall():
        rows = index.execute(sql, [run_id, task]).fetchall()
        ids, scores = zip(*rows, strict=True)
        row = {"run": run_id, "task": task, "examples": fingerprint(ids), "scores": np.asarray(scores, "<f4").tobytes()}
        index.table("vectors").insert(row)


def name_metrics(index: Database, run_id: str | None = None) -> None:
    """Notes which of a run's metrics each vector is of: those whose value is the vector's mean.

    So a verdict can't call by one name what was computed as another. None for all runs.
    """
    which, values = ("WHERE run = ?", [run_id]) if run_id else ("", [])
    rows = index.execute(f"SELECT run, task, scores, contributions FROM vectors {which}", values).fetchall()
    for run, task, scores, contributions in rows:
        mean = float((_floats(contributions) if contributions else np.frombuffer(scores, "<f4")).mean(dtype=np.float64))
        sql = "SELECT metric, value FROM scores WHERE run = ? AND task = ?"
        near = [
            metric
            for metric, value in index.execute(sql, [run, task])
            if abs(value - mean) < SAME * max(1.0, abs(mean))
        ]
        index.execute("UPDATE vectors SET metric = ? WHERE run = ? AND task = ?", [",".join(sorted(near)), run, task])


def of_runs(index: Database, run_ids: Sequence[str], task: str) -> dict[str, Vector]:
    """The task's vectors of those runs that have one, by run."""
    marks = ", ".join("?" * len(run_ids))
    sql = f"SELECT run, examples, scores, metric, contributions FROM vectors WHERE task = ? AND run IN ({marks})"
    rows = index.execute(sql, [task, *run_ids]).fetchall()
    return {row[0]: _vector(task, *row) for row in rows}


def _vector(task: str, run: str, examples: str, scores: bytes, metric: str, contributions: bytes | None) -> Vector:
    shares = np.frombuffer(scores, "<f4")
    each = shares.astype(np.float64) if contributions is None else _floats(contributions)
    return Vector(run, task, examples, shares, tuple(metric.split(",")) if metric else (), each)


def _floats(packed: bytes) -> NDArray[np.float64]:
    return np.frombuffer(packed, "<f8")


def example_ids(index: Database, run_id: str, task: str) -> list[str]:
    """The ids of the examples, in the order of the vectors."""
    sql = "SELECT example FROM predictions WHERE run = ? AND task = ? ORDER BY example"
    return [example for (example,) in index.execute(sql, [run_id, task])]


def gold_answers(index: Database, run_id: str, task: str) -> list[Any]:
    """The gold answer of each of the run's examples in the form in which metrics compare it, in no order."""
    sql = "SELECT gold FROM examples WHERE id IN (SELECT example FROM predictions WHERE run = ? AND task = ?)"
    return stored_gold(task, [json.loads(gold) for (gold,) in index.execute(sql, [run_id, task])])


def fingerprint(ids: Sequence[str]) -> str:
    """Sixteen characters that change with any id and with their order."""
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]
