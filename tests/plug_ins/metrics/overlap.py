"""Overlap of sets of labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mtl_core.metrics import Floats, SumMetric


class Overlap(SumMetric):
    """F1 over all labels of all examples."""

    name = "overlap"
    title = "overlap"
    takes = "label lists"

    def summands(self, predicted: Sequence[Sequence[int]], gold: Sequence[Sequence[int]]) -> Floats:
        """(examples, 2): labels that are right, and labels predicted and gold together."""
        pairs = zip(predicted, gold, strict=True)
        return np.array([(len({*ours} & {*theirs}), len(ours) + len(theirs)) for ours, theirs in pairs], float)

    def of_sums(self, sums: Floats) -> Floats:
        """(..., 2) -> (...)."""
        return np.where(sums[..., 1] > 0, 2 * sums[..., 0] / np.maximum(sums[..., 1], 1), 0.0)
