"""The evaluations table of run.db: scores on the validation split while a run trains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlite_utils import Database

if TYPE_CHECKING:
    import pandas as pd


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


def curve(db: Database, *, after: int = -1) -> pd.DataFrame:
    """Every evaluation after the given step: columns step, task, metric, value, seconds, examples."""
    import pandas as pd

    sql = "SELECT * FROM evaluations WHERE step > ? ORDER BY step, task"
    return pd.read_sql_query(sql, db.conn, params=(after,))
