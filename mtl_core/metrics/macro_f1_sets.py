"""Macro F1 of sets of labels: every label's F1 counts the same, however rare it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from mtl_core.metrics import Floats, SumMetric, _counts


class MacroF1Sets(SumMetric):
    """Mean over labels of each one's F1; over labels that occur as a prediction or as gold."""

    name = "macro_f1_sets"
    title = "macro F1 of label sets"
    takes = "label sets"
    source = "Tsoumakas, Katakis & Vlahavas 2010, doi.org/10.1007/978-0-387-09823-4_34, section 7.3"

    def floor(self, gold: Sequence[Any]) -> float:
        """Of always all labels that occur: the mean of 2 p / (1 + p), with p each label's share of the examples."""
        counts = np.array([*Counter(chain.from_iterable(map(set, gold))).values()], np.float64)
        return float((2 * counts / (len(gold) + counts)).mean()) if counts.size else 0.0

    def summands(self, predicted: Sequence[Sequence[int]], gold: Sequence[Sequence[int]]) -> Floats:
        """(examples, 2 C): which labels are right, then which are predicted and gold, counted together."""
        count = 1 + max(chain.from_iterable((*predicted, *gold)), default=0)
        ours, theirs = _table(predicted, count), _table(gold, count)
        return np.hstack([ours * theirs, ours + theirs])

    def of_sums(self, sums: Floats) -> Floats:
        """(..., 2 C) -> (...)."""
        return _counts.mean_f1(*np.split(sums, 2, axis=-1))


def _table(sets: Sequence[Sequence[int]], count: int) -> Floats:
    """(examples, C): 1.0 for labels in the set."""
    table = np.zeros((len(sets), count))
    for row, labels in enumerate(sets):
        table[row, [*labels]] = 1.0
    return table
