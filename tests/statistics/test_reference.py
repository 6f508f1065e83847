"""The critical value between Student's t for seeds and the one for examples."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mtl_core.statistics.crossed import SeedPart, Spread
from mtl_core.statistics.reference import LEAST, beyond, critical

ONLY_SEEDS = Spread((SeedPart(4.0, 0.0, 2),), 0.0, 99)


def two_arms(first: float, second: float, dfs: tuple[int, int], examples: float = 0.0) -> Spread:
    return Spread((SeedPart(first, 0.0, dfs[0]), SeedPart(second, 0.0, dfs[1])), examples, 99)


def test_seeds_alone_are_the_t_test_over_seed_means() -> None:
    means = np.array([1.0, 3.0, 2.5])
    spread = Spread((SeedPart(float(means.var(ddof=1)) / 3, 0.0, 2),), 0.0, 99)
    expected = stats.ttest_1samp(means, 0)
    interval = expected.confidence_interval(0.95)
    assert 2 * beyond(spread, float(means.mean())) == pytest.approx(expected.pvalue)
    assert means.mean() + critical(spread, 0.025) == pytest.approx(interval.high)


def test_examples_alone_are_nearly_the_t_test_over_examples() -> None:
    spread = Spread((SeedPart(1e-12, 0.0, 2),), 4.0, 99)
    assert critical(spread, 0.025) == pytest.approx(2 * stats.t.ppf(0.975, 99))
    assert beyond(spread, 3.0) == pytest.approx(stats.t.sf(1.5, 99))


def test_a_mixture_worked_by_hand() -> None:
    """Half of a variance of 4 is of seeds: g(1/2) = 1/2 - 1/2 * 1/4 / 2 = 7/16."""
    spread = Spread((SeedPart(2.0, 0.0, 2),), 2.0, 99)
    t_seeds, t_examples = stats.t.ppf(0.975, 2), stats.t.ppf(0.975, 99)
    assert critical(spread, 0.025) == pytest.approx(2 * (9 / 16 * t_examples + 7 / 16 * t_seeds))


def test_two_arms_with_as_many_seeds_are_welchs_test() -> None:
    first, second = np.array([80.0, 81, 83, 82]), np.array([84.0, 84.5, 83.5, 90])
    spread = two_arms(first.var(ddof=1) / 4, second.var(ddof=1) / 4, (3, 3))
    expected = stats.ttest_ind(second, first, equal_var=False)
    assert 2 * beyond(spread, second.mean() - first.mean()) == pytest.approx(expected.pvalue)


def test_unequal_arms_lean_towards_the_weighted_mean_of_both_quantiles() -> None:
    welch_df = 1 / (0.75**2 / 2 + 0.25**2 / 9)
    welch = stats.t.ppf(0.975, welch_df)
    cochran = 0.75 * stats.t.ppf(0.975, 2) + 0.25 * stats.t.ppf(0.975, 9)
    expected = 2 * (welch + 7 / 11 * (cochran - welch))
    assert critical(two_arms(3.0, 1.0, (2, 9)), 0.025) == pytest.approx(expected)


FEW_EXAMPLES = Spread((SeedPart(1.0, 0.0, 4), SeedPart(1.0, 0.0, 4)), 0.0, 2)


@pytest.mark.parametrize(
    "spread",
    [
        ONLY_SEEDS,
        Spread((SeedPart(1.0, 0.0, 1),), 2.0, 9),
        two_arms(1, 2, (2, 2), 0.5),
        two_arms(5, 1, (2, 9), 3.0),
        FEW_EXAMPLES,
    ],
)
@pytest.mark.parametrize("tail", [0.4, 0.025, 1e-6])
def test_the_tail_beyond_a_critical_value_is_its_own(spread: Spread, tail: float) -> None:
    assert beyond(spread, critical(spread, tail)) == pytest.approx(tail, rel=1e-6)
    assert beyond(spread, -critical(spread, tail)) == pytest.approx(1 - tail, rel=1e-6)


def test_the_ends_of_the_scale() -> None:
    assert beyond(ONLY_SEEDS, 0) == pytest.approx(0.5)
    assert beyond(Spread((SeedPart(1e-9, 0.0, 9),), 1e-6, 9999), 100.0) == pytest.approx(LEAST, abs=1e-30)
    for spread in (two_arms(1, 2, (2, 9)), two_arms(1, 2, (11, 30)), Spread((SeedPart(1e-9, 0.0, 3),), 1e-9, 2.5)):
        assert 0 <= beyond(spread, 1e12) < 1e-10
