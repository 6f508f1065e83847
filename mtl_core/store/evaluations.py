"""The evaluations table of run.db: scores on the validation split while a run trains."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from sqlite_utils import Database


def record(db: Database, *, step: int, task: str, scores: Mapping[str, float], seconds: float, examples: int) -> None:
    """Keeps one evaluation of one task. `scores` has the loss (nats) and the task's metrics (shares of 1);
    `seconds` and `examples` are those of Step at that moment."""
    rows = [
        {"step": step, "task": task, "metric": metric, "value": value, "seconds": seconds, "examples": examples}
        for metric, value in scores.items()
    ]
    db.table("evaluations").insert_all(rows, replace=True)


def forget(db: Database, *, after: int) -> None:
    """Drops the evaluations after the given step."""
    db.execute("DELETE FROM evaluations WHERE step > ?", [after])


def curve(db: Database) -> pd.DataFrame:
    """Every evaluation: columns step, task, metric, value, seconds, examples."""
    return pd.read_sql_query("SELECT * FROM evaluations ORDER BY step, task", db.conn)
