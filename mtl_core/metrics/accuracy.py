"""Accuracy: the share of labels that are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from mtl_core.metrics import MeanMetric


class Accuracy(MeanMetric):
    """Share of examples whose label is right."""

    name = "accuracy"
    title = "accuracy"
    takes = "labels"

    def floor(self, gold: Sequence[Any]) -> float:
        """The share of the most common label."""
        return max(Counter(gold).values()) / len(gold)

    def score(self, predicted: int, gold: int) -> float:
        """1.0 for the right label, else 0.0."""
        return float(predicted == gold)
