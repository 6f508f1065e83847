"""Matthews correlation of predicted and gold labels: fair to classes of unlike size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mtl_core.metrics import Floats, SumMetric


class Matthews(SumMetric):
    """Correlation of predicted and gold labels, from -1 to 1; 0 is what guessing reaches.

    With c right of s examples, p_k predicted and t_k gold ones of class k:
    (c s - sum_k p_k t_k) / sqrt((s^2 - sum_k p_k^2) (s^2 - sum_k t_k^2)); 0 where all predictions, or all gold labels,
    are of one class. For two classes this is the phi coefficient.
    """

    name = "matthews"
    title = "Matthews correlation"
    takes = "labels"
    range = (-1.0, 1.0)
    unit = "×100"
    source = "Matthews 1975, doi.org/10.1016/0005-2795(75)90109-9; Gorodkin 2004 for more than two classes"

    def floor(self, gold: Sequence[Any]) -> float:
        """0: a constant label's."""
        return 0.0

    def summands(self, predicted: Sequence[int], gold: Sequence[int]) -> Floats:
        """(examples, 1 + 2 C): right or not, then which class is predicted, then which is gold."""
        ours, theirs = np.asarray(predicted), np.asarray(gold)
        classes = np.arange(max(ours.max(), theirs.max()) + 1)
        right = (ours == theirs)[:, None]
        return np.hstack([right, ours[:, None] == classes, theirs[:, None] == classes]).astype(np.float64)

    def of_sums(self, sums: Floats) -> Floats:
        """(..., 1 + 2 C) -> (...)."""
        ours, theirs = np.split(sums[..., 1:], 2, axis=-1)
        count = ours.sum(axis=-1)
        above = sums[..., 0] * count - (ours * theirs).sum(axis=-1)
        below = (count**2 - (ours**2).sum(axis=-1)) * (count**2 - (theirs**2).sum(axis=-1))
        return np.where(below > 0, above / np.sqrt(np.where(below > 0, below, 1.0)), 0.0)
