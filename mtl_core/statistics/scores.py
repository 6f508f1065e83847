"""Checks of the input: scores in points, the same examples for both arms, settings that make sense."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Scores = NDArray[np.float64]
"""Points, 0 to 100: (S, E), a row a seed and a column an example, or (E,) for a single run."""


def arms(
    baseline: ArrayLike, treatment: ArrayLike, *, paired_seeds: bool, bounded: bool = True
) -> tuple[Scores, Scores]:
    """Both arms as arrays (S, E). Raises ValueError where they can't be compared.

    `bounded`: each entry is the score of an example, in points from 0 to 100; else its contribution to a metric.
    """
    first, second = _table(baseline, "baseline", axes=2), _table(treatment, "treatment", axes=2)
    _check_same_examples(first, second)
    if paired_seeds and len(first) != len(second):
        raise ValueError(
            f"baseline has {len(first)} seeds and treatment {len(second)}: give both the same seeds in the same order, "
            "or say paired_seeds=False"
        )
    _check_finite(first, second)
    if bounded:
        _check_points(first, second)
    return first, second


def single_runs(baseline: ArrayLike, treatment: ArrayLike, *, bounded: bool = True) -> tuple[Scores, Scores]:
    """Both runs as arrays (E,). Raises ValueError where they can't be compared."""
    first, second = _table(baseline, "baseline", axes=1), _table(treatment, "treatment", axes=1)
    _check_same_examples(first, second)
    _check_finite(first, second)
    if bounded:
        _check_points(first, second)
    return first, second


def check_alpha(alpha: float) -> None:
    """Raises ValueError unless it is a share that an error rate may have."""
    if not 0 < alpha <= 0.5:
        raise ValueError(f"alpha is {alpha}: give a share above 0 and at most 0.5, such as 0.05")


def check_margin(margin: float) -> None:
    """Raises ValueError unless it is a positive number of points."""
    if not (math.isfinite(margin) and margin > 0):
        raise ValueError(f"margin is {margin}: give a positive number of points, such as 0.5")


def _table(scores: ArrayLike, arm: str, *, axes: int) -> Scores:
    table: NDArray[Any] = np.asarray(scores)
    if table.ndim != axes:
        shape = "(seeds, examples), a row a seed" if axes == 2 else "(examples,), one run"
        raise ValueError(f"{arm} has the shape {table.shape}: give an array of shape {shape}")
    return table.astype(np.float64, copy=False)


def _check_same_examples(baseline: Scores, treatment: Scores) -> None:
    ours, theirs = baseline.shape[-1], treatment.shape[-1]
    if ours != theirs:
        raise ValueError(
            f"baseline has {ours} examples and treatment {theirs}: give both the same examples in the same order"
        )
    if ours < 2:
        raise ValueError(f"the scores are of {ours} examples: give at least 2")


def _check_finite(baseline: Scores, treatment: Scores) -> None:
    for arm, table in (("baseline", baseline), ("treatment", treatment)):
        if not np.isfinite(table).all():
            raise ValueError(f"{arm} has scores that are not numbers: leave out seeds that failed, score every example")


def _check_points(baseline: Scores, treatment: Scores) -> None:
    for arm, table in (("baseline", baseline), ("treatment", treatment)):
        if table.size and (table.min() < 0 or table.max() > 100):
            raise ValueError(f"{arm} has scores from {table.min():g} to {table.max():g}: give points from 0 to 100")
    if _are_shares(baseline, treatment):
        raise ValueError("the scores are shares from 0 to 1: give points from 0 to 100")


def _are_shares(baseline: Scores, treatment: Scores) -> bool:
    """True where 1 was meant as a full score: then a margin in points would mean nothing."""
    tables = [table for table in (baseline, treatment) if table.size]
    top, low = max((table.max() for table in tables), default=0), min((table.min() for table in tables), default=0)
    return bool(low < top <= 1)
