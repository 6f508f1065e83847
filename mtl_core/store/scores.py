"""The scores and draws tables: what a run reached on the dev sets, and what it really trained on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING

from sqlite_utils import Database

from mtl_core.records import Draw

if TYPE_CHECKING:
    import pandas as pd

STARVED, REPEATED = 0.5, 1.5
"""Parts of the epochs that were asked for, below and above which a task is called so."""
EARLY = 0.25
"""Part of a run that must have been made before what it drew says anything: its order is drawn."""


DRAW = ", ".join(field.name for field in fields(Draw))
AMONG = "(SELECT value FROM json_each(?))"
"""Those of a JSON list, which may be longer than SQLite takes values."""


def remarks(draws: Sequence[Draw], *, drawn: bool = False) -> dict[str, str]:
    """Remarks on tasks that get far fewer or far more epochs than was asked for, by task.

    Of the plan, or with `drawn` of what was really drawn, held against as much of the run as was made; nothing of a
    run that ended early on.
    """
    planned = sum(draw.planned_steps for draw in draws)
    part = sum(draw.actual_steps for draw in draws) / planned if drawn and planned else 1.0
    found: dict[str, str] = {}
    if part < EARLY:
        return found
    for draw in draws:
        epochs, due = draw.actual_epochs if drawn else draw.planned_epochs, draw.asked_epochs * part
        asked = f"{draw.asked_epochs:.3g} epoch{'s' * (draw.asked_epochs != 1)}"
        if draw.size and epochs < STARVED * due:
            verb = "is" if draw.asked_epochs == 1 else "are"
            found[draw.task] = f"{draw.task} is starved: {_short(epochs)} of its {asked} {verb} drawn"
        elif draw.size and epochs > REPEATED * due:
            found[draw.task] = f"{draw.task} is repeated: {_short(epochs)} epochs of {draw.asked_epochs:.3g}"
    return found


def _short(epochs: float) -> str:
    """0.3, 4.2, 0.04, 0: never "0.0" for a little."""
    return f"{epochs:.1f}" if epochs >= 0.1 else f"{epochs:.1g}"


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


def dev_examples(db: Database, run_id: str) -> dict[str, int]:
    """Number of the dev examples that a run's scores are of, by task."""
    sql = "SELECT task, max(examples) FROM scores WHERE run = ? GROUP BY task"
    return dict(db.execute(sql, [run_id]).fetchall())


def of_run(db: Database, run_id: str) -> dict[str, dict[str, float]]:
    """A run's dev scores in the index: {task: {metric: share of 1}}."""
    return of_runs(db, [run_id])[run_id]


def of_runs(db: Database, run_ids: Sequence[str]) -> dict[str, dict[str, dict[str, float]]]:
    """The same of each of several runs, in one question."""
    found: dict[str, dict[str, dict[str, float]]] = {run_id: {} for run_id in run_ids}
    sql = f"SELECT run, task, metric, value FROM scores WHERE run IN {AMONG}"
    for run, task, metric, value in db.execute(sql, [json.dumps([*run_ids])]):
        found[run].setdefault(task, {})[metric] = value
    return found


def draws_of(db: Database, run_id: str) -> list[Draw]:
    """A run's draws in the index."""
    return draws_of_runs(db, [run_id])[run_id]


def draws_of_runs(db: Database, run_ids: Sequence[str]) -> dict[str, list[Draw]]:
    """The same of each of several runs, in one question."""
    found: dict[str, list[Draw]] = {run_id: [] for run_id in run_ids}
    sql = f"SELECT run, {DRAW} FROM draws WHERE run IN {AMONG} ORDER BY run, task"
    for run, *values in db.execute(sql, [json.dumps([*run_ids])]):
        found[run].append(Draw(*values))
    return found


def recorded_draws(run_db: Database) -> list[Draw]:
    """A run's draws in its own run.db, where they are up to date while it trains."""
    return [Draw(**row) for row in run_db.query(f"SELECT {DRAW} FROM draws ORDER BY task")]


def so_far(planned: Sequence[Draw], drawn: Mapping[str, tuple[int, int, int]]) -> list[Draw]:
    """The planned draws with the steps, examples and tokens that each task has made of them."""
    found = []
    for draw in planned:
        made, examples, tokens = drawn.get(draw.task, (0, 0, 0))
        found.append(replace(draw, actual_steps=made, actual_examples=examples, actual_tokens=tokens))
    return found


def draws_so_far(run_db: Database) -> list[Draw]:
    """The planned draws in run.db, with those that its steps have made until now."""
    sql = """
        SELECT task, planned_steps, planned_examples, coalesce(made, 0) AS actual_steps,
            coalesce(drawn, 0) AS actual_examples, coalesce(read, 0) AS actual_tokens,
            size, asked_epochs, planned_tokens
        FROM draws LEFT JOIN (
            SELECT task, count(*) AS made, max(examples) AS drawn, max(tokens) AS read FROM steps GROUP BY task
        ) USING (task) ORDER BY task"""
    return [Draw(**row) for row in run_db.query(sql)]


def table(db: Database, run_ids: Sequence[str]) -> pd.DataFrame:
    """Scores of several runs: columns run, task, metric, value, examples."""
    import pandas as pd

    marks = ", ".join("?" * len(run_ids))
    sql = f"SELECT run, task, metric, value, examples FROM scores WHERE run IN ({marks}) ORDER BY task, metric"
    return pd.read_sql_query(sql, db.conn, params=tuple(run_ids))
