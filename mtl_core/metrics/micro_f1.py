"""Micro F1 of sets of labels: every label of every example counts the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from mtl_core.metrics import Floats, SumMetric, _counts


class MicroF1(SumMetric):
    """Harmonic mean of precision and recall over all labels of all examples; 0 where there are none."""

    name = "micro_f1"
    title = "micro F1"
    takes = "label sets"
    source = "Tsoumakas, Katakis & Vlahavas 2010, doi.org/10.1007/978-0-387-09823-4_34, section 7.3"

    def floor(self, gold: Sequence[Any]) -> float:
        """Of the best set for all: the k most common labels, with the best k."""
        counts = np.array(sorted(Counter(chain.from_iterable(map(set, gold))).values(), reverse=True), np.float64)
        many = np.arange(1, len(counts) + 1) * len(gold)
        return float(_counts.f1(counts.cumsum(), many + counts.sum()).max(initial=0.0))

    def summands(self, predicted: Sequence[Sequence[int]], gold: Sequence[Sequence[int]]) -> Floats:
        """(examples, 2): labels that are right, and labels predicted and gold together."""
        pairs = zip(predicted, gold, strict=True)
        return np.array([(len({*ours} & {*theirs}), len(ours) + len(theirs)) for ours, theirs in pairs], np.float64)

    def of_sums(self, sums: Floats) -> Floats:
        """(..., 2) -> (...)."""
        return _counts.f1(sums[..., 0], sums[..., 1])
