"""Scores over the questions that have an answer alone, or over those that have none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mtl_core.metrics import Floats, _squad_rules


def summands(
    metric: Callable[[str, str], float], predicted: Sequence[str], gold: Sequence[Sequence[str]], *, answerable: bool
) -> Floats:
    """(examples, 2): score and 1 for the questions that count, else 0 and 0."""
    pairs = zip(predicted, gold, strict=True)
    rows = [
        (_squad_rules.best(metric, answer, golds), 1.0) if bool(golds) == answerable else (0.0, 0.0)
        for answer, golds in pairs
    ]
    return np.array(rows, dtype=np.float64)


def mean(sums: Floats) -> Floats:
    """Mean over the questions that count; 0 where none does: (..., 2) -> (...)."""
    return np.where(sums[..., 1] > 0, sums[..., 0] / np.maximum(sums[..., 1], 1.0), 0.0)
