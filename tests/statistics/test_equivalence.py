"""Two one-sided tests, against statsmodels where only one factor varies."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.weightstats import ttost_paired

from mtl_core.statistics.crossed import SeedPart, Spread
from mtl_core.statistics.equivalence import p_equivalent
from mtl_core.statistics.reference import critical


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
