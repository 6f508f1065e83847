"""The power of a study: the effect that its seeds would show, and the seeds that an effect needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, reduce

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import gammaincinv, ndtr, ndtri, stdtrit

from mtl_core.statistics.crossed import Spread
from mtl_core.statistics.reference import critical_of

POWER = 0.8
MOST_SEEDS = 1000
"""Nobody trains more, so beyond it no number is given."""
NODES = {1: 20, 2: 12}
"""Points of the integral over what a study may estimate, by the number of seed parts."""


@dataclass(frozen=True, slots=True)
class Design:
    """True variances of an effect, in squared points, with the degrees of freedom a study has to learn them from."""

    seeds: tuple[float, ...]
    dfs: tuple[int, ...]
    examples: float
    examples_df: float

    @property
    def deviation(self) -> float:
        """Standard deviation of the estimated effect, in points."""
        return math.sqrt(sum(self.seeds) + self.examples)


def estimated(spread: Spread) -> Design:
    """The design that a spread is the sign of.

    A variance of few degrees of freedom is more often below the truth than above. It is raised so that half of all
    studies are above, and it is never less than what the noise of single answers alone would give.
    """
    dfs = tuple(part.df for part in spread.seeds)
    df = _joint_df([max(part.variance, part.noise) for part in spread.seeds], dfs)
    low = _median(df)
    seeds = tuple(max(part.variance / low, part.noise) for part in spread.seeds)
    return Design(seeds, dfs, spread.examples / _median(spread.examples_df), spread.examples_df)


def _median(df: float) -> float:
    """Median of estimated over true variance with `df` degrees of freedom."""
    return 2 * float(gammaincinv(df / 2, 0.5)) / df


def detectable(design: Design, alpha: float) -> float:
    """The effect, in points, that such studies call significant at `alpha` in 80 of 100 cases."""
    limits = _limits(design, alpha)
    high = 2 * design.deviation
    while _power(high, limits, design.deviation) < POWER:
        high *= 2
    return float(brentq(lambda effect: _power(effect, limits, design.deviation) - POWER, 0, high, rtol=1e-6))


def seeds_needed(spread: Spread, effect: float, alpha: float) -> int | None:
    """The seeds per condition that show `effect` points in 80 of 100 studies, on the same number of examples.

    None where more than 1000 would be needed, or where the examples are too few for any number of seeds.
    """
    design = estimated(spread)

    def enough(count: int) -> bool:
        grown = _grown(design, count)
        return _power(effect, _limits(grown, alpha), grown.deviation) >= POWER

    if _floor(design, alpha) >= effect or not enough(MOST_SEEDS):
        return None
    few, many = 1, 2
    while not enough(many):
        few, many = many, min(2 * many, MOST_SEEDS)
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if enough(middle) else (middle, many)
    return many


def _floor(design: Design, alpha: float) -> float:
    """The effect that examples alone would hide, whatever the seeds."""
    return float((-stdtrit(design.examples_df, alpha / 2) + ndtri(POWER)) * math.sqrt(design.examples))


def _grown(design: Design, seeds: int) -> Design:
    scaled = tuple(part * (df + 1) / seeds for part, df in zip(design.seeds, design.dfs, strict=True))
    return Design(scaled, (seeds - 1,) * len(design.dfs), design.examples, design.examples_df)


def _power(effect: float, limits: tuple[NDArray[np.float64], NDArray[np.float64]], deviation: float) -> float:
    distance, weight = limits
    return float(weight @ (ndtr((effect - distance) / deviation) + ndtr((-effect - distance) / deviation)))


def _limits(design: Design, alpha: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Distances from 0 at which an effect is significant, over all that a study may estimate, and their weights."""
    ratios, weights = zip(*(_estimates(df, NODES[len(design.dfs)]) for df in design.dfs), strict=True)
    grids = np.meshgrid(*(part * ratio for part, ratio in zip(design.seeds, ratios, strict=True)), indexing="ij")
    distance = critical_of([grid.ravel() for grid in grids], design.dfs, design.examples, design.examples_df, alpha / 2)
    return np.asarray(distance), reduce(np.multiply.outer, weights).ravel()


@cache
def _estimates(df: int, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Estimated over true variance with `df` degrees of freedom: `count` values and their weights.

    Gauss-Legendre over the square root of the probability, so that small estimates, which matter most, are dense.
    """
    nodes, weights = np.polynomial.legendre.leggauss(count)
    root = (nodes + 1) / 2
    return 2 * gammaincinv(df / 2, root**2) / df, weights * root


def _joint_df(parts: list[float], dfs: tuple[int, ...]) -> float:
    """Satterthwaite's degrees of freedom of a sum of variances."""
    return sum(parts) ** 2 / sum(part**2 / df for part, df in zip(parts, dfs, strict=True))
