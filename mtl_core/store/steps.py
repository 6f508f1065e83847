"""The steps table of run.db: one row for every task that an optimisation step trained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import pandas as pd
from sqlite_utils import Database

from mtl_core.records import Step


def record(db: Database, steps: Iterable[Step]) -> None:
    """Appends steps, in one transaction."""
    db.table("steps").insert_all(map(asdict, steps), replace=True)


def curve(db: Database, *, after: int = 0) -> pd.DataFrame:
    """All steps after the given one, in order; the columns are Step's fields."""
    sql = "SELECT * FROM steps WHERE step > ? ORDER BY step, task"
    return pd.read_sql_query(sql, db.conn, params=(after,))


def forget(db: Database, *, after: int) -> None:
    """Drops the steps after the given one."""
    db.execute("DELETE FROM steps WHERE step > ?", [after])


def last(db: Database) -> int:
    """The latest step that was recorded, 0 where there is none."""
    return int(db.execute("SELECT coalesce(max(step), 0) FROM steps").fetchone()[0])
