"""Kept for processes of version 0.1 that are still running; goes with the next version."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import Any


class ComputedTogether:
    """Some metrics, computed as `evaluate` metrics are."""

    def __init__(self, **classes: str) -> None:
        self.classes = classes

    def compute(self, predictions: Sequence[Any], references: Sequence[Any]) -> dict[str, float]:
        """Each metric's value by its name."""
        metrics = {name: getattr(import_module(f"mtl_core.metrics.{name}"), of)() for name, of in self.classes.items()}
        return {name: metric.value(predictions, references) for name, metric in metrics.items()}


Accuracy = partial(ComputedTogether, accuracy="Accuracy")
SpanScores = partial(ComputedTogether, f1="F1", exact_match="ExactMatch")
