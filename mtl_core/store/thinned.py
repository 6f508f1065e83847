"""A run's loss curve in few points, made in SQL: so that many runs can be drawn over each other while one trains."""

from __future__ import annotations

import pandas as pd
from sqlite_utils import Database

POINTS = 500
"""Points of a curve, about; a shorter one stays as it is."""
COLUMNS = ("task", "step", "seconds", "examples", "loss", "points")


def losses(db: Database, points: int = POINTS) -> pd.DataFrame:
    """Mean losses over stretches of steps, by task and in order. `points` are the steps that one stands for."""
    last = int(db.execute("SELECT coalesce(max(step), 0) FROM steps").fetchone()[0])
    sql = """
        SELECT task, max(step) AS step, max(seconds) AS seconds, max(examples) AS examples,
            avg(loss) AS loss, count(*) AS points
        FROM steps GROUP BY task, (step - 1) / ? ORDER BY task, step
    """
    return pd.read_sql_query(sql, db.conn, params=(max(1, -(-last // points)),))
