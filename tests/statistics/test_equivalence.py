"""Two one-sided tests, against statsmodels where only one factor varies."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from statsmodels.stats.weightstats import ttost_paired

from mtl_core.statistics.crossed import SeedPart, Spread, paired_spread
from mtl_core.statistics.equivalence import p_equivalent
from mtl_core.statistics.reference import beyond, critical


@pytest.mark.parametrize("margin", [0.2, 0.5, 2.0])
def test_it_is_statsmodels_test_where_seeds_alone_vary(margin: float) -> None:
    baseline, treatment = np.array([80.0, 80.3, 80.1, 80.2]), np.array([80.3, 80.5, 80.1, 80.5])
    difference = treatment - baseline
    spread = Spread((SeedPart(float(difference.var(ddof=1)) / 4, 0.0, 3),), 0.0, 99)
    expected, *_ = ttost_paired(treatment, baseline, -margin, margin)
    assert p_equivalent(float(difference.mean()), spread, margin) == pytest.approx(float(expected))


def test_it_is_the_interval_of_one_minus_twice_alpha_within_the_margin() -> None:
    spread = Spread((SeedPart(0.01, 0.0, 2),), 0.02, 871)
    reach = critical(spread, 0.05)
    assert p_equivalent(0.1, spread, 0.1 + reach) == pytest.approx(0.05)
    assert p_equivalent(-0.1, spread, 0.1 + reach) == pytest.approx(0.05)
    assert p_equivalent(0.6, spread, 0.5) > 0.5


def test_gains_on_few_examples_are_called_equal_more_seldom() -> None:
    """Five of 100 examples gain 100 points with each seed; a few others change with the seed."""
    gains = np.zeros((3, 100))
    gains[:, :5] = 100.0
    gains[0, 50:53], gains[0, 53:56] = 100.0, -100.0
    found = paired_spread(gains)
    means = gains.mean(axis=0)
    third = ((means - means.mean()) ** 3).mean() / 100**2
    assert found.skewness == pytest.approx(third / found.variance**1.5)
    even = replace(found, skewness=0.0)
    margin = 5.0 + critical(even, 0.05)
    assert p_equivalent(5.0, even, margin) == pytest.approx(0.05)
    steps = (margin - 5.0) / math.sqrt(found.variance)
    skewness = -found.skewness
    moved = steps + skewness / 6 + skewness * steps**2 / 3 + skewness**2 * steps**3 / 27
    assert p_equivalent(5.0, found, margin) == pytest.approx(beyond(found, moved * math.sqrt(found.variance)))
    assert p_equivalent(5.0, found, margin) > 0.06
    assert p_equivalent(-5.0, paired_spread(-gains), margin) == pytest.approx(p_equivalent(5.0, found, margin))
