"""Uncertainty of an effect when both seeds and examples are samples: crossed random effects.

The score difference of seed s on example e is taken as

    d[s, e] = effect + seed[s] + example[e] + rest[s, e]

with seeds, examples and the rest drawn independently. The mean over S seeds and E examples then has the variance

    seed / S + example / E + rest / (S * E)

and the mean squares of the two-way table estimate it: (MS_seed + MS_example - MS_rest) / (S * E). Each source counts
once. With unpaired seeds, an arm has its own seeds and its own rest, and the examples are still the same.

Source: Clark 1973, doi.org/10.1016/S0022-5371(73)80014-3 (language as a random effect); Baayen, Davidson & Bates 2008,
doi.org/10.1016/j.jml.2007.12.005 (crossed subjects and items); Sellam et al. 2022, arxiv.org/abs/2106.16163 (seeds ×
examples, why both).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import gammainc, gammaincinv

from mtl_core.statistics.clusters import ExampleGroups
from mtl_core.statistics.scores import Scores

ROUNDING = 1e-16
"""Squared points below this are the rounding of float64, not spread."""


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """The two-way table of variance without replication, in squared points."""

    seed: float
    example: float
    rest: float


@dataclass(frozen=True, slots=True)
class SeedPart:
    """Contribution of one arm's seeds, or of the paired difference, to the variance of the effect. Squared points."""

    variance: float
    """Of the mean over the seeds, the rest included: MS_seed / (S * E), or what `likely` puts in its place."""
    noise: float
    """The variance that the rest alone would give: MS_rest / (S * E)."""
    df: int
    closeness: float = 1.0
    """Probability that the rest alone brings the seeds as close together as they were, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The estimated variance of an effect by source, in squared points."""

    seeds: tuple[SeedPart, ...]
    """One part where seeds are paired, else the baseline's and the treatment's."""
    examples: float
    examples_df: float
    skewness: float = 0.0
    """Of the estimated effect, as far as examples make it: gains on few examples count more to one side."""

    @property
    def seed_variance(self) -> float:
        """Of all seed parts together."""
        return sum(part.variance for part in self.seeds)

    @property
    def seed_share(self) -> float:
        """Share of it that comes from seeds, 0 to 1."""
        return self.seed_variance / self.variance

    @property
    def closeness(self) -> float:
        """Of the part whose seeds lie together most unlikely."""
        return min(part.closeness for part in self.seeds)

    @property
    def variance(self) -> float:
        """Of the effect."""
        return self.seed_variance + self.examples


def mean_squares(scores: Scores) -> MeanSquares:
    """Takes (S, E) with S and E of 2 or more."""
    seeds, examples = scores.shape
    by_seed, by_example, mean = scores.mean(axis=1), scores.mean(axis=0), scores.mean()
    rest = scores - by_example
    rest -= (by_seed - mean)[:, None]
    return MeanSquares(
        seed=_real(examples * by_seed.var(ddof=1)),
        example=_real(seeds * by_example.var(ddof=1)),
        rest=_real(np.vdot(rest, rest) / ((seeds - 1) * (examples - 1))),
    )


def paired_spread(differences: Scores, clusters: ExampleGroups | None = None) -> Spread:
    """Of the mean of differences (S, E): the seeds of both arms belong together."""
    table = clusters.pseudo_values(differences) if clusters else differences
    squares = mean_squares(table)
    part = _seed_part(squares, table.shape)
    found = _example_part(squares.example / table.size, (part,), table.shape[1], clusters)
    return _skewed(Spread((part,), *found), table.mean(axis=0))


def unpaired_spread(baseline: Scores, treatment: Scores, clusters: ExampleGroups | None = None) -> Spread:
    """Of the difference of two arms (S, E) that share examples alone."""
    first, second = (clusters.pseudo_values(arm) if clusters else arm for arm in (baseline, treatment))
    parts = tuple(_seed_part(mean_squares(arm), arm.shape) for arm in (first, second))
    by_example = second.mean(axis=0) - first.mean(axis=0)
    variance = _real(by_example.var(ddof=1)) / by_example.size
    return _skewed(Spread(parts, *_example_part(variance, parts, by_example.size, clusters)), by_example)


def _example_part(
    variance: float, parts: Sequence[SeedPart], count: int, clusters: ExampleGroups | None
) -> tuple[float, float]:
    """The variance that comes from examples alone, and its degrees of freedom.

    `variance`: of the mean over examples, their noise included, which is taken off. Over few clusters the difference is
    known from fewer degrees of freedom than the clusters have: Satterthwaite's are too few (1.5 % wrong where 5 % are
    allowed), the clusters' too many (7 %), and their geometric mean is right within a point (docs/statistics.md).
    """
    own = max(0.0, variance - sum(part.noise for part in parts))
    if clusters is None:
        return own, count - 1
    noise = sum(part.noise**2 / (clusters.df * part.df) for part in parts)
    of_difference = own**2 / (variance**2 / clusters.df + noise) if own else clusters.df
    return own, float(np.sqrt(clusters.df * max(1.0, of_difference)))


def _skewed(spread: Spread, by_example: Scores) -> Spread:
    """The spread with its skewness, from the mean difference on each example (E,), in points."""
    if not spread.variance:
        return spread
    third = float(((by_example - by_example.mean()) ** 3).mean()) / by_example.size**2
    return replace(spread, skewness=third / spread.variance**1.5)


def likely(variance: float, noise: float, df: int) -> float:
    """The variance over seeds, or what replaces one that is too small to be believed.

    Single answers alone make seed means differ by `noise`. From few seeds an estimate may be far below by luck, and
    the interval absurdly short. One that noise alone would give in less than 1 of 20 studies is raised to that 1 in 20.
    """
    return max(variance, noise * 2 * float(gammaincinv(df / 2, 0.05)) / df)


def _seed_part(squares: MeanSquares, shape: tuple[int, ...]) -> SeedPart:
    seeds, examples = shape
    variance, noise = squares.seed / (seeds * examples), squares.rest / (seeds * examples)
    df = seeds - 1
    closeness = float(gammainc(df / 2, df * variance / (2 * noise))) if noise else 1.0
    return SeedPart(likely(variance, noise, df), noise, df, closeness)


def _real(square: float) -> float:
    return float(square) if square > ROUNDING else 0.0
