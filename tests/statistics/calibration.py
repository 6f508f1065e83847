"""How often verdicts over simulated studies are right: one row of the table in docs/statistics.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mtl_core.statistics import Verdict, compare_arms
from tests.statistics.worlds import World


@dataclass(frozen=True)
class Calibration:
    """Shares of studies, 0 to 1, of one world with one number of seeds."""

    wrong: float
    """Say "helps" or "hurts" where there is no effect."""
    covered_without: float
    """Have an interval that holds the true effect of 0."""
    covered_with: float
    """Have an interval that holds the true effect where it is the detectable one."""
    wrong_equal: float
    """Have a `p_equivalent` below alpha where the true effect is the margin (and the detectable effect). The words are
    said more seldom, as an effect that is beyond doubt is called so first."""
    power: float
    """Find the effect, on the right side, where it is the median `detectable` of the studies without effect."""
    detectable: tuple[float, float, float]
    """10th, 50th and 90th percentile, in points, of what the studies without effect call detectable."""


def calibrate(world: World, seeds: tuple[int, int], paired: bool, studies: int) -> Calibration:
    """Simulates `studies` studies without effect, then as many with the effect that half of those call detectable."""
    start = sum(seeds) * 2
    without = [compare_arms(*arms, paired_seeds=paired) for arms in world.studies(seeds, 0, studies, start)]
    low, effect, high = np.quantile([verdict.detectable for verdict in without], [0.1, 0.5, 0.9]).tolist()
    arms_with = world.studies(seeds, effect, studies, start + 1)
    found = [compare_arms(*arms, margin=effect, paired_seeds=paired) for arms in arms_with]
    return Calibration(
        wrong=float(np.mean([verdict.decision in ("helps", "hurts") for verdict in without])),
        covered_without=_covered(without, 0),
        covered_with=_covered(found, effect),
        wrong_equal=float(np.mean([verdict.p_equivalent < verdict.alpha for verdict in found])),
        power=float(np.mean([verdict.decision == "helps" for verdict in found])),
        detectable=(low, effect, high),
    )


def _covered(verdicts: list[Verdict], truth: float) -> float:
    return float(np.mean([verdict.low <= truth <= verdict.high for verdict in verdicts]))
