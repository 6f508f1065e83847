"""The steps table of run.db: one row for every task that an optimisation step trained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields

from sqlite_utils import Database

from mtl_core.records import Step

COLUMNS = tuple(field.name for field in fields(Step))
CSV_HEADER = f"{','.join(COLUMNS)}\n"
CSV_LINE = "%d,%s,%.3f,%.9g,%.9g,%.9g,%d,%d,%.1f,%d"
"""A step's columns: seconds to the millisecond, numbers of the model with the nine digits that a float32 has."""

PART = 25_000
"""Steps that are written at once."""


def record(db: Database, steps: Iterable[Step]) -> None:
    """Appends steps, in one transaction."""
    db.table("steps").insert_all(map(asdict, steps), replace=True)


def forget(db: Database, *, after: int) -> None:
    """Drops the steps after the given one."""
    db.execute("DELETE FROM steps WHERE step > ?", [after])


def last(db: Database) -> int:
    """The latest step that was recorded, 0 where there is none."""
    return int(db.execute("SELECT coalesce(max(step), 0) FROM steps").fetchone()[0])


def drawn(db: Database) -> tuple[int, int]:
    """Training examples and their tokens so far, of all tasks."""
    each = "SELECT max(examples) AS examples, max(tokens) AS tokens FROM steps GROUP BY task"
    sql = f"SELECT coalesce(sum(examples), 0), coalesce(sum(tokens), 0) FROM ({each})"
    examples, tokens = db.execute(sql).fetchone()
    return int(examples), int(tokens)


def parts(db: Database) -> list[tuple[int, int]]:
    """Stretches (after, until] that all steps are in."""
    end = last(db)
    return [(after, min(after + PART, end)) for after in range(0, end, PART)]


def csv(db: Database, after: int, until: int) -> str:
    """The lines of the steps in (after, until], by SQLite: by way of Python's rows it takes five times as long."""
    sql = f"""
        SELECT group_concat(line, '') FROM (
            SELECT printf('{CSV_LINE}', {", ".join(COLUMNS)}) || char(10) AS line
            FROM steps WHERE step > ? AND step <= ? ORDER BY step, task
        )"""
    return db.execute(sql, [after, until]).fetchone()[0] or ""
