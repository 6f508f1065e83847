"""The verdict: a treatment helps, hurts, changes nothing that matters, or the evidence is not enough."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mtl_core.statistics import clusters as grouping
from mtl_core.statistics import scores
from mtl_core.statistics.clusters import ClusterCount, Clusters, ExampleGroups
from mtl_core.statistics.crossed import Spread, paired_spread, unpaired_spread
from mtl_core.statistics.equivalence import p_equivalent
from mtl_core.statistics.power import detectable, estimated, seeds_needed
from mtl_core.statistics.reference import beyond, critical
from mtl_core.statistics.scores import Scores

CLOSE = 0.1
"""Seeds that lie so close together in no more than 1 of 10 studies do so by luck."""
Decision = Literal["helps", "hurts", "practically equal", "not enough evidence"]

ONE_SEED = (
    "One seed per condition compares two models, not two methods: what another seed would give is unknown. "
    "Run at least two seeds of each condition, better three or more."
)
NO_SPREAD = (
    "Every seed differs by the same {effect:g} points on every example: without spread there is nothing to judge by. "
    "Check that both conditions really predict."
)
COPIES = (
    "The seeds gave exactly the same scores: they are one model several times over. "
    "Check that the runs differ in their seeds."
)
ONE_CLUSTER = (
    "All {examples:,} examples are of one {name}: what another {name} would give is unknown. "
    "Give more dev examples, spread over several."
)


@dataclass(frozen=True, slots=True)
class FinerInterval:
    """The interval of the effect as it would be if finer units than the clusters were independent."""

    name: str
    """Of one unit, singular: "paragraph", or "example"."""
    count: int
    low: float
    """In points."""
    high: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The comparison of treatment and baseline over seeds and examples. NaN where no verdict can be given."""

    effect: float
    """Mean of treatment - mean of baseline, in points."""
    low: float
    """Lower end of the 1 - alpha interval of the effect, in points."""
    high: float
    p_value: float
    """Two-sided, of "no effect"."""
    p_equivalent: float
    """Of "the effect is as large as the margin or larger", to either side."""
    decision: Decision
    seeds: tuple[int, int]
    """Numbers of seeds of the baseline and the treatment."""
    detectable: float
    """The smallest effect, in points, that this many seeds and examples find with 80 % power. An estimate: half of all
    studies report a larger one than is true, and half a smaller one, so the power at the median of many is 80 %."""
    seeds_needed: int | None
    """Seeds an arm that find the effect seen, or the margin if that is larger, with 80 % power on as many examples.
    None where it takes more than 1000, or where the examples are too few for any number of seeds."""
    examples: int
    baseline_means: tuple[float, ...]
    """A mean a seed, in points."""
    treatment_means: tuple[float, ...]
    seed_share: float
    """Share of the effect's variance that comes from seeds, 0 to 1; the rest is from examples."""
    closeness: float
    """Probability that single answers alone, were all seeds equally good, bring an arm's seeds (paired: the
    differences) as close together as they were, 0 to 1. Where it is small, the interval is short by luck."""
    margin: float
    alpha: float
    paired_seeds: bool
    why: str
    """The reason why no verdict can be given, "" where one is."""
    higher_is_better: bool = True
    """True where a larger mean is better."""
    level: float = math.nan
    """The interval leaves out the truth in this share of studies: alpha, or less at an early look."""
    clusters: tuple[ClusterCount, ...] = ()
    """The units that examples belong to, the coarsest first: the first is what the interval is computed over. Empty
    where examples are independent."""
    finer: tuple[FinerInterval, ...] = ()
    """What finer units would say, the coarser first."""

    @property
    def gain(self) -> float:
        """The effect, positive where the treatment is better."""
        return self.effect if self.higher_is_better else -self.effect

    @property
    def negligible(self) -> bool:
        """True where the effect is significant and yet smaller than the margin."""
        return self.decision in ("helps", "hurts") and self.p_equivalent < self.alpha

    @property
    def close_by_luck(self) -> bool:
        """True where the seeds lie closer together than their number makes plausible."""
        return self.closeness < CLOSE

    @property
    def seed_deviations(self) -> float:
        """The effect in standard deviations over seeds, within arms; NaN without two seeds an arm that differ."""
        squares = [np.var(means) * len(means) for means in (self.baseline_means, self.treatment_means)]
        df = sum(self.seeds) - 2
        return self.effect / math.sqrt(sum(squares) / df) if min(self.seeds) > 1 and sum(squares) > 0 else math.nan


def compare_arms(
    baseline: ArrayLike,
    treatment: ArrayLike,
    *,
    margin: float = 0.5,
    alpha: float = 0.05,
    level: float | None = None,
    paired_seeds: bool = True,
    bounded: bool = True,
    higher_is_better: bool = True,
    clusters: Sequence[Clusters] = (),
    power: bool = True,
) -> Verdict:
    """Compares two arms over seeds and examples together (crossed random effects; docs/statistics.md).

    Takes scores in points, 0 to 100, (S, E): a row a seed, a column an example, the same examples in the same order.
    Paired seeds share their row's number; unpaired ones may differ in number. Where the metric is not a mean of scores,
    the entries are the examples' contributions to it (`mtl_core.metrics`), which have no bounds: `bounded=False`.

    `clusters`: what examples belong to, such as articles and paragraphs, in any order; the interval is computed over
    the coarsest. `level`: of the interval, where it is not alpha. `power=False` leaves out `detectable` and
    `seeds_needed`, which take most of the time.

    With `higher_is_better=False` a smaller mean "helps"; the effect keeps its sign.

    "helps" and "hurts": the 1 - alpha interval leaves out 0, be the effect larger than the margin or not (`negligible`
    tells). "practically equal": not so, and the 1 - 2 * alpha interval lies within the margin. Else "not enough
    evidence".

    Raises ValueError where scores or settings make no sense.
    """
    scores.check_margin(margin)
    scores.check_alpha(alpha)
    first, second = scores.arms(baseline, treatment, paired_seeds=paired_seeds, bounded=bounded)
    groups = grouping.levels(clusters, first.shape[1])
    question = _Question(first, second, margin, alpha, level or alpha, paired_seeds, higher_is_better, groups, power)
    if min(question.seeds) < 2:
        return question.unanswered(ONE_SEED)
    if groups and groups[0].count.count < 2:
        return question.unanswered(ONE_CLUSTER.format(examples=first.shape[1], name=groups[0].count.name))
    spread = question.spread(groups[0] if groups else None)
    if spread.variance == 0:
        return question.unanswered(NO_SPREAD.format(effect=question.effect))
    if spread.seed_variance == 0:
        return question.unanswered(COPIES)
    return question.answered(spread)


@dataclass(frozen=True, slots=True)
class _Question:
    baseline: Scores
    treatment: Scores
    margin: float
    alpha: float
    level: float
    paired_seeds: bool
    higher_is_better: bool
    groups: Sequence[ExampleGroups]
    power: bool

    @property
    def seeds(self) -> tuple[int, int]:
        return len(self.baseline), len(self.treatment)

    @property
    def effect(self) -> float:
        if not min(self.seeds):
            return math.nan
        return float(self.treatment.mean() - self.baseline.mean())

    def spread(self, group: ExampleGroups | None) -> Spread:
        if self.paired_seeds:
            return paired_spread(self.treatment - self.baseline, group)
        return unpaired_spread(self.baseline, self.treatment, group)

    def answered(self, spread: Spread) -> Verdict:
        effect = self.effect
        return self._verdict(
            effect,
            critical(spread, self.level / 2),
            (2 * beyond(spread, abs(effect)), p_equivalent(effect, spread, self.margin)),
            spread,
            self._power(spread),
            "",
        )

    def _power(self, spread: Spread) -> tuple[float, int | None]:
        if not self.power:
            return math.nan, None
        wanted = max(abs(self.effect), self.margin)
        return detectable(estimated(spread), self.level), seeds_needed(spread, wanted, self.alpha)

    def unanswered(self, why: str) -> Verdict:
        nan = math.nan
        return self._verdict(self.effect, nan, (nan, nan), None, (nan, None), why)

    def _finer(self) -> tuple[FinerInterval, ...]:
        units: list[ExampleGroups | None] = [*self.groups[1:], None] if self.groups else []
        return tuple(self._finer_interval(unit) for unit in units)

    def _finer_interval(self, unit: ExampleGroups | None) -> FinerInterval:
        reach = critical(self.spread(unit), self.level / 2)
        name, count = (unit.count.name, unit.count.count) if unit else ("example", self.baseline.shape[1])
        return FinerInterval(name, count, self.effect - reach, self.effect + reach)

    def _verdict(
        self,
        effect: float,
        reach: float,
        p_values: tuple[float, float],
        spread: Spread | None,
        power: tuple[float, int | None],
        why: str,
    ) -> Verdict:
        return Verdict(
            effect=effect,
            low=effect - reach,
            high=effect + reach,
            p_value=p_values[0],
            p_equivalent=p_values[1],
            decision=decide(effect if self.higher_is_better else -effect, *p_values, self.alpha),
            seeds=self.seeds,
            detectable=power[0],
            seeds_needed=power[1],
            examples=self.baseline.shape[1],
            baseline_means=tuple(self.baseline.mean(axis=1).tolist()),
            treatment_means=tuple(self.treatment.mean(axis=1).tolist()),
            seed_share=spread.seed_share if spread else math.nan,
            closeness=spread.closeness if spread else math.nan,
            margin=self.margin,
            alpha=self.alpha,
            paired_seeds=self.paired_seeds,
            why=why,
            higher_is_better=self.higher_is_better,
            level=self.level,
            clusters=tuple(group.count for group in self.groups),
            finer=self._finer() if spread else (),
        )


def decide(effect: float, p_value: float, p_equivalent: float, alpha: float) -> Decision:
    """The decision from two p values; NaN is no evidence."""
    if p_value < alpha:
        return "helps" if effect > 0 else "hurts"
    return "practically equal" if p_equivalent < alpha else "not enough evidence"
