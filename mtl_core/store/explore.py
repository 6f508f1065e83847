"""Questions about the examples and predictions of several runs at once, answered a page at a time.

One scan joins what the chosen runs said of each example into a row; filters, counts and orders are
expressions over that row, so they cost the same for two runs and for four.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from mtl_core.records import DevExample, Prediction
from mtl_core.store.predictions import EXAMPLE
from mtl_core.store.runs import IS_EXAMPLE

SHOWS: dict[str, str] = {
    "all": "1",
    "fixed": "said = :chosen AND first = 0 AND correct = :chosen - 1",
    "broken": "said = :chosen AND first = 1 AND correct = 1",
    "wrong": "said = :chosen AND correct = 0",
    "right": "said = :chosen AND correct = :chosen",
    "disagree": "answers_differ = 1",
    "partial": "said < :chosen",
}
"""What is shown, by name. `fixed`: the first run is wrong and every other one right; `broken`: the reverse;
`wrong` and `right`: all of them; `disagree`: at least two gave different answers; `partial`: not all runs
predicted the example (they are in none of the first four)."""

ORDERS: dict[str, str] = {
    "position": "position",
    "unsure": "least_confident, position",
    "sure": "most_confident DESC, position",
    "gained": "score_gap DESC NULLS LAST, sureness_gap DESC, position",
    "lost": "score_gap ASC NULLS LAST, sureness_gap ASC, position",
}
"""Orders by name: place in the dev set; lowest or highest confidence of any run; mean score of the others
minus the first run's, ties by how sure they were of the right or of a wrong answer."""

JOINED = """
WITH joined AS (
  SELECT example, count(*) AS said, sum(correct) AS correct,
    max(correct) FILTER (WHERE run = :first) AS first,
    max(prediction) > min(prediction) AS answers_differ,
    min(confidence) AS least_confident, max(confidence) AS most_confident,
    avg(score) FILTER (WHERE run <> :first) - max(score) FILTER (WHERE run = :first) AS score_gap,
    avg(iif(correct, confidence, -confidence)) FILTER (WHERE run <> :first)
      - max(iif(correct, confidence, -confidence)) FILTER (WHERE run = :first) AS sureness_gap
  FROM predictions WHERE task = :task AND run IN ({runs}) GROUP BY example
)
"""
SLICED = "FROM joined JOIN examples ON examples.id = joined.example WHERE {slices}"


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: a task's examples, through some runs, in some order."""

    task: str
    runs: tuple[str, ...]
    """Run ids, the baseline first."""
    show: str = "all"
    """A name in SHOWS."""
    gold: str | None = None
    """This gold label alone."""
    predicted: str | None = None
    """Examples for which `predicted_by`, or any of the runs where it is None, said this."""
    predicted_by: str | None = None
    words: str = ""
    """Texts that hold all these words, in any case; "in quotes" for words in a row."""
    order: str = "position"
    """A name in ORDERS."""


def counts(db: Database, view: View) -> dict[str, int]:
    """How many examples each name in SHOWS has, within the view's labels and words."""
    slices, values = _slices(db, view)
    sums = ", ".join(f"coalesce(sum({condition}), 0) AS [{name}]" for name, condition in SHOWS.items())
    return dict(next(iter(db.query(f"{_joined(view)} SELECT {sums} {SLICED.format(slices=slices)}", values))))


def page(db: Database, view: View, *, limit: int, offset: int = 0) -> list[DevExample]:
    """The examples of one page of the view, in its order."""
    return examples(db, ids(db, view, limit=limit, offset=offset))  # texts are read for this page alone


def ids(db: Database, view: View, *, limit: int = -1, offset: int = 0) -> list[str]:
    """Ids of the view's examples in its order, all of them unless there is a limit."""
    slices, values = _slices(db, view)
    sql = (
        f"{_joined(view)} SELECT id {SLICED.format(slices=slices)} AND {SHOWS[view.show]} "
        f"ORDER BY {ORDERS[view.order]}, id LIMIT :limit OFFSET :offset"
    )
    return [row["id"] for row in db.query(sql, {**values, "limit": limit, "offset": offset})]


def examples(db: Database, chosen: Sequence[str]) -> list[DevExample]:
    """Examples by their ids, in that order."""
    wide = db.query(f"SELECT {EXAMPLE} FROM examples WHERE id IN ({_marks(chosen)})", chosen)
    found = {row["id"]: _example(row) for row in wide}
    return [found[example_id] for example_id in chosen]


@dataclass(frozen=True, slots=True)
class Place:
    """The place of an example in a view."""

    number: int
    """From 1."""
    before: str | None
    """The id of the example before it."""
    after: str | None


def place(db: Database, view: View, example_id: str) -> Place | None:
    """The place of an example in the view and its neighbours, None where the view does not show it."""
    slices, values = _slices(db, view)
    sql = (
        f"{_joined(view)} SELECT number, before, after FROM (SELECT id, row_number() OVER line AS number, "
        f"lag(id) OVER line AS before, lead(id) OVER line AS after {SLICED.format(slices=slices)} "
        f"AND {SHOWS[view.show]} WINDOW line AS (ORDER BY {ORDERS[view.order]}, id)) WHERE id = :example"
    )
    return next((Place(**row) for row in db.query(sql, {**values, "example": example_id})), None)


def example(db: Database, task: str, example_id: str) -> DevExample | None:
    """One example of a task, None where no run has predicted it."""
    sql = f"SELECT {EXAMPLE} FROM examples WHERE id = ? AND task = ?"
    return next(map(_example, db.query(sql, [example_id, task])), None)


def first_example(db: Database, task: str) -> DevExample | None:
    """Any example of a task, None where there is none."""
    sql = f"SELECT {EXAMPLE} FROM examples WHERE task = ? LIMIT 1"
    return next(map(_example, db.query(sql, [task])), None)


def said(db: Database, task: str, runs: Sequence[str], examples: Sequence[str]) -> dict[tuple[str, str], Prediction]:
    """What the runs said of the examples: {(example, run): prediction}; what was not predicted is missing."""
    sql = (
        "SELECT run, example, prediction, correct, score, confidence, detail, contribution FROM predictions "
        f"WHERE task = ? AND run IN ({_marks(runs)}) AND example IN ({_marks(examples)})"
    )
    rows = db.query(sql, [task, *runs, *examples])
    return {(row["example"], row.pop("run")): _prediction(row) for row in rows}


def labels(db: Database, task: str, runs: Sequence[str]) -> list[str]:
    """Every word that occurs as gold answer or as prediction, sorted: for tasks with a few possible answers."""
    sql = (
        "SELECT label FROM examples WHERE task = ? UNION "
        f"SELECT prediction FROM predictions WHERE task = ? AND run IN ({_marks(runs)}) ORDER BY 1"
    )
    return [row["label"] for row in db.query(sql, [task, task, *runs])]


def runs_by_task(db: Database) -> dict[str, list[str]]:
    """Ids of the runs that have predictions of each task, the newest first, those of the example last."""
    sql = (
        "SELECT DISTINCT scores.task, runs.id FROM scores JOIN runs ON runs.id = scores.run "
        f"ORDER BY {IS_EXAMPLE}, runs.created DESC, runs.rowid DESC"
    )
    found: dict[str, list[str]] = {}
    for row in db.query(sql):
        found.setdefault(row["task"], []).append(row["id"])
    return found


def _joined(view: View) -> str:
    return JOINED.format(runs=", ".join(f":run{place}" for place in range(len(view.runs))))


def _slices(db: Database, view: View) -> tuple[str, dict[str, Any]]:
    """The view's labels and words as conditions, and all values that its queries name."""
    values: dict[str, Any] = {f"run{place}": run for place, run in enumerate(view.runs)}
    values |= {"task": view.task, "first": view.runs[0] if view.runs else "", "chosen": len(view.runs)}
    conditions = ["1"]
    if view.gold is not None:
        conditions.append("examples.label = :gold")
        values["gold"] = view.gold
    if view.predicted is not None:
        who = ":by" if view.predicted_by else ", ".join(f":run{place}" for place in range(len(view.runs)))
        conditions.append(
            "EXISTS (SELECT 1 FROM predictions AS p WHERE p.task = :task AND p.example = examples.id "
            f"AND p.run IN ({who}) AND p.prediction = :predicted)"
        )
        values |= {"predicted": view.predicted, "by": view.predicted_by}
    terms = _terms(view.words)
    if terms:
        db.conn.create_function("fold", 1, str.casefold, deterministic=True)  # LIKE alone folds ASCII letters only
    for place, term in enumerate(terms):
        conditions.append(
            "EXISTS (SELECT 1 FROM json_each(fold(examples.inputs)) AS text "
            f"WHERE text.value LIKE :word{place} ESCAPE '\\')"
        )
        values[f"word{place}"] = f"%{_literal(term.casefold())}%"
    return " AND ".join(conditions), values


def _terms(words: str) -> list[str]:
    """Single words, and what stands in quotes as one."""
    return [quoted or word for quoted, word in re.findall(r'"([^"]+)"|(\S+)', words)][:20]


def _literal(term: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", term)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _example(row: Mapping[str, Any]) -> DevExample:
    inputs, gold = tuple(json.loads(row["inputs"])), json.loads(row["gold"])
    clusters = json.loads(row["clusters"] or "{}")
    return DevExample(row["id"], row["task"], row["position"], inputs, gold, row["label"], clusters)


def _prediction(row: Mapping[str, Any]) -> Prediction:
    return Prediction(**{**row, "correct": bool(row["correct"]), "detail": json.loads(row["detail"])})
