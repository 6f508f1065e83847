"""Pearson correlation of predicted and gold numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mtl_core.metrics import Floats, SumMetric


class Pearson(SumMetric):
    """Linear correlation of predicted and gold numbers, from -1 to 1; 0 where either are all the same."""

    name = "pearson"
    title = "Pearson correlation"
    takes = "numbers"
    range = (-1.0, 1.0)
    unit = "×100"
    source = "Pearson 1895, doi.org/10.1098/rspl.1895.0041"

    def floor(self, gold: Sequence[Any]) -> float:
        """0: a constant number's."""
        return 0.0

    def summands(self, predicted: Sequence[float], gold: Sequence[float]) -> Floats:
        """(examples, 6): 1, x, y, x^2, y^2 and x y, both centred first so that sums of squares keep their digits."""
        ours, theirs = (np.asarray(values, dtype=np.float64) for values in (predicted, gold))
        x, y = ours - ours.mean(), theirs - theirs.mean()
        return np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=1)

    def of_sums(self, sums: Floats) -> Floats:
        """(..., 6) -> (...)."""
        count, x, y, xx, yy, xy = np.moveaxis(sums, -1, 0)
        return correlation(count, x, y, xx, yy, xy)


def correlation(count: Floats, x: Floats, y: Floats, xx: Floats, yy: Floats, xy: Floats) -> Floats:
    """Correlation from a count and sums; 0 where a side has no spread beyond rounding."""
    spreads = (count * xx - x * x) * (count * yy - y * y)
    rounding = 1e-24 * (count * xx) * (count * yy)
    there = spreads > np.maximum(rounding, 0.0)
    return np.where(there, (count * xy - x * y) / np.sqrt(np.where(there, spreads, 1.0)), 0.0)
