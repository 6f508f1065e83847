"""Quantiles of an estimate's error by chance, shared by intervals, tests and power.

The seeds' part of the variance is known from few degrees of freedom, the examples' part from hundreds. With w the
seeds' share of the variance, the quantile lies between that of Student's t for the examples and the one for the seeds:

    q = q_examples + g(w) * (q_seeds - q_examples),    g(w) = w - w * (1 - w)**2 / 2

g(w) = w is Cochran & Cox's weighting, which is too careful in the middle; Satterthwaite's degrees of freedom for the
sum are not careful enough (7.8 % where 5 % are allowed, at 3 seeds). docs/statistics.md has the error of all three.

Two arms with seeds of their own: q_seeds is Student's t with Welch's degrees of freedom, moved towards Cochran & Cox's
weighting as far as the arms' degrees of freedom are unequal, |a - b| / (a + b), as Welch's alone errs there in 7 %.

Source: Cochran & Cox, Experimental Designs, 2nd ed. 1957, section 4.14; Satterthwaite 1946, doi.org/10.2307/3002019;
Welch 1947, doi.org/10.1093/biomet/34.1-2.28. Differs from them: g, and the mixture for unequal arms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import stdtr, stdtrit

from mtl_core.statistics.crossed import Spread

Values = NDArray[np.float64] | float
LEAST = 1e-100
"""The smallest probability that is distinguished from 0. Quantiles of Student's t are infinite soon below it."""


def critical(spread: Spread, tail: float) -> float:
    """The distance in points that an estimate exceeds on one side with probability `tail`, (0, 0.5]."""
    parts = [part.variance for part in spread.seeds]
    return float(critical_of(parts, [part.df for part in spread.seeds], spread.examples, spread.examples_df, tail))


def critical_of(
    parts: Sequence[Values], dfs: Sequence[int], examples: float, examples_df: float, tail: float
) -> Values:
    """`critical` for many estimates of the seed parts at once, which must not all be 0."""
    seeds = sum(parts[1:], parts[0])
    share = seeds / (seeds + examples)
    weight = share - share * (1 - share) ** 2 / 2
    of_examples = -stdtrit(examples_df, tail)
    quantile = of_examples + weight * (_seed_quantile(parts, dfs, tail) - of_examples)
    return quantile * np.sqrt(seeds + examples)  # type: ignore[no-any-return]


def beyond(spread: Spread, distance: float) -> float:
    """The probability that chance alone carries an estimate further than `distance` points to one side."""
    if distance < 0:
        return 1 - beyond(spread, -distance)
    steps = distance / math.sqrt(spread.variance)
    dfs = [part.df for part in spread.seeds]
    bounds = [float(stdtr(df, -steps)) for df in (spread.examples_df, *dfs, sum(dfs))]
    low, high = max(min(bounds) * 0.999, LEAST), min(max(bounds) * 1.001, 0.5)
    if critical(spread, low) <= distance:
        return low
    log = brentq(lambda log: critical(spread, math.exp(log)) - distance, math.log(low), math.log(high))
    return math.exp(log)


def _seed_quantile(parts: Sequence[Values], dfs: Sequence[int], tail: float) -> Values:
    if len(parts) == 1:
        return -stdtrit(dfs[0], tail)  # type: ignore[no-any-return]
    (first, second), (a, b) = parts, dfs
    share = first / (first + second)
    welch = -stdtrit(1 / (share**2 / a + (1 - share) ** 2 / b), tail)
    if a == b:
        return welch  # type: ignore[no-any-return]
    cochran = -share * stdtrit(a, tail) - (1 - share) * stdtrit(b, tail)
    return welch + abs(a - b) / (a + b) * (cochran - welch)  # type: ignore[no-any-return]
