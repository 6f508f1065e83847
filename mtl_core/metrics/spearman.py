"""Spearman correlation: how well predicted numbers rank the examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mtl_core.metrics import Floats, Metric
from mtl_core.metrics.pearson import Pearson, correlation

AT_ONCE = 256
"""Examples that are left out in one go: memory is this times the number of examples."""


class Spearman(Metric):
    """Pearson correlation of the ranks of predicted and gold numbers, from -1 to 1; ties share their mean rank."""

    name = "spearman"
    title = "Spearman correlation"
    takes = "numbers"
    range = (-1.0, 1.0)
    unit = "×100"
    source = "Spearman 1904, doi.org/10.2307/1412159"

    def floor(self, gold: Sequence[Any]) -> float:
        """0: a constant number's."""
        return 0.0

    def value(self, predicted: Sequence[float], gold: Sequence[float]) -> float:
        """The correlation of both rankings."""
        return Pearson().value(_mean_ranks(predicted).tolist(), _mean_ranks(gold).tolist())

    def without_each(self, predicted: Sequence[float], gold: Sequence[float]) -> Floats:
        """Exact, (examples,): leaving one out moves the ranks above it down by 1, and those of its ties by 1/2."""
        ours, theirs = (np.asarray(values, dtype=np.float64) for values in (predicted, gold))
        places = np.arange(len(ours))
        return np.concatenate(
            [_without(ours, theirs, places[at : at + AT_ONCE]) for at in range(0, len(places), AT_ONCE)]
        )


def _mean_ranks(values: Sequence[float] | Floats) -> Floats:
    """From 1; ties share their mean rank."""
    from scipy.stats import rankdata  # takes most of a second to load, which who only lists runs has no use for

    return np.asarray(rankdata(values), dtype=np.float64)


def _without(ours: Floats, theirs: Floats, places: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
    """Correlation of the ranks without each of the examples at `places`: (places,)."""
    x, y = _ranks(ours, places), _ranks(theirs, places)  # (places, examples), 0 for the one that is left out
    count = np.full(len(places), float(len(ours) - 1))
    return correlation(count, x.sum(1), y.sum(1), (x * x).sum(1), (y * y).sum(1), (x * y).sum(1))


def _ranks(values: Floats, places: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
    """Ranks without each example, less their mean so that sums keep their digits; 0 for the one left out."""
    left_out = values[places][:, None]
    ranks = _mean_ranks(values) - (values > left_out) - 0.5 * (values == left_out) - len(values) / 2
    ranks[np.arange(len(places)), places] = 0.0
    return np.asarray(ranks, dtype=np.float64)
