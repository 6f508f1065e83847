"""The scores and draws tables: what a run reached on the dev sets, and what it really trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

import pandas as pd
from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Draw:
    """How much of a task a run was to train on and did."""

    task: str
    planned_steps: int
    planned_examples: int
    actual_steps: int = 0
    actual_examples: int = 0
    actual_tokens: int = 0


DRAW = ", ".join(field.name for field in fields(Draw))


def record_draws(run_db: Database, draws: Sequence[Draw]) -> None:
    """Replaces the draws in run.db."""
    run_db.table("draws").insert_all(map(asdict, draws), replace=True)


def record_scores(run_db: Database, task: str, scores: Mapping[str, float], examples: int) -> None:
    """Keeps a task's dev scores (shares of 1) in run.db."""
    rows = [{"task": task, "metric": m, "value": v, "examples": examples} for m, v in scores.items()]
    run_db.table("scores").insert_all(rows, replace=True)


def publish(index: Database, run_db: Database, run_id: str) -> None:
    """Copies a run's draws and scores from its run.db into the index."""
    for table in ("draws", "scores"):
        index.execute(f"DELETE FROM {table} WHERE run = ?", [run_id])
        index.table(table).insert_all({"run": run_id, **row} for row in run_db.table(table).rows)


def of_run(db: Database, run_id: str) -> dict[str, dict[str, float]]:
    """A run's dev scores in the index: {task: {metric: share of 1}}."""
    found: dict[str, dict[str, float]] = {}
    for row in db.query("SELECT task, metric, value FROM scores WHERE run = ?", [run_id]):
        found.setdefault(row["task"], {})[row["metric"]] = row["value"]
    return found


def draws_of(db: Database, run_id: str) -> list[Draw]:
    """A run's draws in the index."""
    return [Draw(**row) for row in db.query(f"SELECT {DRAW} FROM draws WHERE run = ? ORDER BY task", [run_id])]


def recorded_draws(run_db: Database) -> list[Draw]:
    """A run's draws in its own run.db, where they are up to date while it trains."""
    return [Draw(**row) for row in run_db.query(f"SELECT {DRAW} FROM draws ORDER BY task")]


def draws_so_far(run_db: Database) -> list[Draw]:
    """What was planned, in run.db, with what its steps have drawn until now."""
    sql = """
        SELECT task, planned_steps, planned_examples, coalesce(made, 0) AS actual_steps,
            coalesce(drawn, 0) AS actual_examples, coalesce(read, 0) AS actual_tokens
        FROM draws LEFT JOIN (
            SELECT task, count(*) AS made, max(examples) AS drawn, max(tokens) AS read FROM steps GROUP BY task
        ) USING (task) ORDER BY task"""
    return [Draw(**row) for row in run_db.query(sql)]


def table(db: Database, run_ids: Sequence[str]) -> pd.DataFrame:
    """Scores of several runs: columns run, task, metric, value, examples."""
    marks = ", ".join("?" * len(run_ids))
    sql = f"SELECT run, task, metric, value, examples FROM scores WHERE run IN ({marks}) ORDER BY task, metric"
    return pd.read_sql_query(sql, db.conn, params=tuple(run_ids))
