"""The vectors table of the index: every dev example's score in a run as one piece, for statistics over many runs.

It says nothing that the predictions table does not; it is read a hundred times as fast.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Vector:
    """The main metric of each of a task's dev examples in one run."""

    run: str
    task: str
    examples: str
    """Fingerprint of the examples' ids: vectors with the same one are of the same examples in the same order."""
    scores: NDArray[np.float32]
    """(examples,), shares of 1, in the order of the examples' ids."""


def publish(index: Database, run_id: str) -> None:
    """Makes a run's vectors anew from its predictions in the index."""
    index.execute("DELETE FROM vectors WHERE run = ?", [run_id])
    sql = "SELECT example, score FROM predictions WHERE run = ? AND task = ? ORDER BY example"
    for (task,) in index.execute("SELECT DISTINCT task FROM predictions WHERE run = ?", [run_id]).fetchall():
        rows = index.execute(sql, [run_id, task]).fetchall()
        ids, scores = zip(*rows, strict=True)
        row = {"run": run_id, "task": task, "examples": fingerprint(ids), "scores": np.asarray(scores, "<f4").tobytes()}
        index.table("vectors").insert(row)


def of_runs(index: Database, run_ids: Sequence[str], task: str) -> dict[str, Vector]:
    """The task's vectors of those runs that have one, by run."""
    marks = ", ".join("?" * len(run_ids))
    sql = f"SELECT run, examples, scores FROM vectors WHERE task = ? AND run IN ({marks})"
    rows = index.execute(sql, [task, *run_ids]).fetchall()
    return {run: Vector(run, task, examples, np.frombuffer(scores, "<f4")) for run, examples, scores in rows}


def example_ids(index: Database, run_id: str, task: str) -> list[str]:
    """The ids of the examples, in the order of the vectors."""
    sql = "SELECT example FROM predictions WHERE run = ? AND task = ? ORDER BY example"
    return [example for (example,) in index.execute(sql, [run_id, task])]


def fingerprint(ids: Sequence[str]) -> str:
    """Sixteen characters that change with any id and with their order."""
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]
