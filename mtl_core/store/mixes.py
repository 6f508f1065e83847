"""The mixes table of run.db: how tasks read each other's layers while a run trains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlite_utils import Database

from mtl_core.records import LayerMix

if TYPE_CHECKING:
    import pandas as pd


def record(db: Database, step: int, mix: Iterable[LayerMix]) -> None:
    """Keeps the weights after a step."""
    db.table("mixes").insert_all(({"step": step, **asdict(one)} for one in mix), replace=True)


def forget(db: Database, *, after: int) -> None:
    """Drops the weights after the given step."""
    db.execute("DELETE FROM mixes WHERE step > ?", [after])


def curve(db: Database) -> pd.DataFrame:
    """All weights: columns step, layer, task, source, weight."""
    import pandas as pd

    return pd.read_sql_query("SELECT * FROM mixes ORDER BY step, layer, task, source", db.conn)
