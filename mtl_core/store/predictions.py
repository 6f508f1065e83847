"""The examples and predictions tables: what was asked on the dev sets and what each run said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from mtl_core.records import DevExample, Prediction

EXAMPLE = "id, task, position, inputs, gold, label, clusters"
KEEP = f"""
INSERT INTO examples ({EXAMPLE}) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET clusters = excluded.clusters
WHERE excluded.clusters IS NOT examples.clusters AND (SELECT count(*) FROM json_each(excluded.clusters))
    >= (SELECT count(*) FROM json_each(coalesce(examples.clusters, '{{}}')))
"""
"""An example that another run has stored stays, but for its clusters where this run knows at least as many levels."""


def record(run_db: Database, examples: Iterable[DevExample], predictions: Iterable[tuple[str, Prediction]]) -> None:
    """Keeps dev examples and (task, prediction) pairs in run.db."""
    run_db.table("examples").insert_all(map(_example_row, examples), replace=True)
    run_db.table("predictions").insert_all((_row(task, said) for task, said in predictions), replace=True)


def publish(index: Database, run_db: Database, run_id: str) -> None:
    """Copies a run's examples and predictions from its run.db into the index.

    An example that another run has stored with another gold answer, as the data was changed in between, is another
    example: its id in the index says so."""
    examples = run_db.execute(f"SELECT {EXAMPLE} FROM examples").fetchall()
    renamed = _with_other_gold(index, examples)
    with index.atomic():
        index.conn.executemany(KEEP, ((renamed.get(row[0], row[0]), *row[1:]) for row in examples))
    index.execute("DELETE FROM predictions WHERE run = ?", [run_id])
    rows = (
        {"run": run_id, **row, "example": renamed.get(row["example"], row["example"])}
        for row in run_db.table("predictions").rows
    )
    index.table("predictions").insert_all(rows, batch_size=1000)


def _with_other_gold(index: Database, examples: Iterable[tuple[Any, ...]]) -> dict[str, str]:
    """Ids of examples whose gold answer is not the one that the index has, and the ids that they get there."""
    found = {}
    for example_id, *_, gold, _, _ in examples:
        own = f"{example_id}-{hashlib.sha256(gold.encode()).hexdigest()[:6]}"
        known = dict(index.execute("SELECT id, gold FROM examples WHERE id IN (?, ?)", [example_id, own]))
        if own in known or json.loads(known.get(example_id, gold)) != json.loads(gold):
            found[example_id] = own
    return found


def _example_row(example: DevExample) -> dict[str, Any]:
    return {
        "id": example.id,
        "task": example.task,
        "position": example.position,
        "inputs": json.dumps(example.inputs, ensure_ascii=False),
        "gold": json.dumps(example.gold, ensure_ascii=False),
        "label": example.label,
        "clusters": json.dumps(dict(example.clusters), ensure_ascii=False),
    }


def _row(task: str, said: Prediction) -> dict[str, Any]:
    return {
        "task": task,
        "example": said.example,
        "prediction": said.prediction,
        "correct": int(said.correct),
        "score": said.score,
        "confidence": said.confidence,
        "contribution": said.contribution,
        "detail": json.dumps(said.detail, ensure_ascii=False),
    }
