"""Scores of several seeds of one arm: their mean with Student's t, and two scores together as an ellipse."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from mtl_core.statistics import seed_interval

Array = NDArray[np.float64]
LEAST_FOR_ELLIPSE = 3
"""Seeds that a spread in two directions needs."""
POINTS = 72


@dataclass(frozen=True, slots=True)
class SeedSummary:
    """A mean over seeds."""

    mean: float
    half: float
    """Half of the interval's width; not a number below two seeds."""
    seeds: int

    def __str__(self) -> str:
        """ "90.8 ± 0.6", or "90.8" where there is no interval."""
        if not self.seeds:
            return "–"
        return f"{self.mean:.1f} ± {self.half:.1f}" if isfinite(self.half) else f"{self.mean:.1f}"


def summary(scores: Collection[float], alpha: float = 0.05) -> SeedSummary:
    """Mean and half of its 1 − alpha interval: t(1 − alpha/2, n − 1) · s / √n."""
    if not scores:
        return SeedSummary(nan, nan, 0)
    interval = seed_interval(list(scores), alpha=alpha)
    return SeedSummary(float(interval.mean), float(interval.high - interval.mean), len(scores))


def ellipse(x: Collection[float], y: Collection[float], alpha: float = 0.05) -> tuple[Array, Array]:
    """Outline of the two means' ellipse: their covariance over seeds / n, stretched by Student's t.

    Its shadow on each axis is that score's own 1 − alpha interval. x, y: a score a seed, three at least.
    Returns two arrays (POINTS + 1,), closed.
    """
    if len(x) < LEAST_FOR_ELLIPSE:
        raise ValueError(f"an ellipse needs {LEAST_FOR_ELLIPSE} seeds, not {len(x)}")
    pairs = np.array([list(x), list(y)])  # (2, seeds)
    sizes, directions = np.linalg.eigh(np.cov(pairs) / len(x))
    axes = directions * np.sqrt(np.maximum(sizes, 0.0))  # a column a half-axis
    turn = np.linspace(0, 2 * np.pi, POINTS + 1)
    reach = float(stdtrit(len(x) - 1, 1 - alpha / 2))
    outline = pairs.mean(axis=1)[:, None] + reach * axes @ np.array([np.cos(turn), np.sin(turn)])
    return outline[0], outline[1]
