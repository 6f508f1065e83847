"""The examples and predictions tables: what was asked on the dev sets and what each run said."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class DevExample:
    """An example of a dev set as it is shown."""

    id: str
    task: str
    position: int
    """Its place in the dev set, from 0."""
    inputs: tuple[str, ...]
    gold: list[Any]
    """Classification: [label]. Span: [{"text": ..., "start": ...}, ...], start in characters."""
    label: str
    """The gold label, or the first gold answer."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a run said of an example."""

    example: str
    prediction: str
    """Label, or answer text."""
    correct: bool
    """The right label, or an exact match."""
    score: float
    """The task's main metric of this example alone: 0 or 1, or F1; a share of 1."""
    confidence: float
    """Probability of what was said, 0 to 1."""
    detail: dict[str, Any]
    """Classification: {"probabilities": {label: share}}. Span: {"start": ..., "end": ...} in characters."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model says of one input."""

    prediction: str
    """Label, or answer text."""
    confidence: float
    """Probability of it, 0 to 1."""
    probabilities: dict[str, float]
    """Of every label; empty for spans."""
    start: int | None
    end: int | None
    """Characters of the context, end exclusive; None for labels."""
    score: float
    """The probability again for labels; the sum of both logits for spans."""
    seconds: float
    notes: tuple[str, ...]
    """What the reader should know, such as that a text was cut."""


def record(run_db: Database, examples: Iterable[DevExample], predictions: Iterable[tuple[str, Prediction]]) -> None:
    """Keeps dev examples and (task, prediction) pairs in run.db."""
    run_db.table("examples").insert_all(map(_example_row, examples), replace=True)
    run_db.table("predictions").insert_all((_row(task, said) for task, said in predictions), replace=True)


def publish(index: Database, run_db: Database, run_id: str) -> None:
    """Copies a run's examples and predictions from its run.db into the index."""
    index.table("examples").insert_all(run_db.table("examples").rows, ignore=True)
    index.execute("DELETE FROM predictions WHERE run = ?", [run_id])
    rows = ({"run": run_id, **row} for row in run_db.table("predictions").rows)
    index.table("predictions").insert_all(rows, batch_size=1000)


def _example_row(example: DevExample) -> dict[str, Any]:
    return {
        "id": example.id,
        "task": example.task,
        "position": example.position,
        "inputs": json.dumps(example.inputs, ensure_ascii=False),
        "gold": json.dumps(example.gold, ensure_ascii=False),
        "label": example.label,
    }


def _row(task: str, said: Prediction) -> dict[str, Any]:
    return {
        "task": task,
        "example": said.example,
        "prediction": said.prediction,
        "correct": int(said.correct),
        "score": said.score,
        "confidence": said.confidence,
        "detail": json.dumps(said.detail, ensure_ascii=False),
    }
