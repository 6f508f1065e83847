"""Tag accuracy: the share of words whose tag is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from mtl_core.metrics import Floats, SumMetric


class TagAccuracy(SumMetric):
    """Share of words whose tag is right, over all sentences; most words are outside of entities, so most are easy."""

    name = "tag_accuracy"
    title = "tag accuracy"
    takes = "tags"

    def floor(self, gold: Sequence[Any]) -> float:
        """The share of the most common tag."""
        counts = Counter(chain.from_iterable(gold))
        return max(counts.values(), default=0) / max(1, counts.total())

    def summands(self, predicted: Sequence[Sequence[str]], gold: Sequence[Sequence[str]]) -> Floats:
        """(sentences, 2): right words, and all words."""
        pairs = zip(predicted, gold, strict=True)
        rows = [(sum(a == b for a, b in zip(ours, theirs, strict=True)), len(theirs)) for ours, theirs in pairs]
        return np.array(rows, dtype=np.float64)

    def of_sums(self, sums: Floats) -> Floats:
        """(..., 2) -> (...)."""
        return np.where(sums[..., 1] > 0, sums[..., 0] / np.maximum(sums[..., 1], 1.0), 0.0)
