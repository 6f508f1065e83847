"""Exact match of sets of labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from mtl_core.metrics import MeanMetric


class ExactSet(MeanMetric):
    """Share of examples with exactly the right labels, none too many and none too few."""

    name = "exact_set"
    title = "exact match of label sets"
    takes = "label sets"
    source = "Tsoumakas, Katakis & Vlahavas 2010, doi.org/10.1007/978-0-387-09823-4_34, section 7.3"

    def floor(self, gold: Sequence[Any]) -> float:
        """The share of the most common set."""
        return max(Counter(map(frozenset, gold)).values()) / len(gold)

    def score(self, predicted: Sequence[int], gold: Sequence[int]) -> float:
        """1.0 for the right set, else 0.0."""
        return float({*predicted} == {*gold})
