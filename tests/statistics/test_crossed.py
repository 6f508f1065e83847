"""Variance components by moments: a table worked by hand, and statsmodels' analysis of variance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from mtl_core.statistics.crossed import likely, mean_squares, paired_spread, unpaired_spread

ADDITIVE = np.array([[1.0, 2, 3, 6], [2, 3, 4, 7], [6, 7, 8, 11]])
"""Seed means 3, 4, 8, example means 3, 4, 5, 8, nothing left over."""
CHECKS = np.array([[1.0, -1, 1, -1], [-1, 1, -1, 1], [0, 0, 0, 0]])


def test_a_table_worked_by_hand() -> None:
    squares = mean_squares(ADDITIVE + CHECKS)
    assert squares.seed == pytest.approx(4 * 7)  # 4 examples, variance of 3, 4, 8 is 7
    assert squares.example == pytest.approx(3 * 14 / 3)  # 3 seeds, variance of 3, 4, 5, 8 is 14 / 3
    assert squares.rest == pytest.approx(8 / 6)  # eight ones over (3 - 1) * (4 - 1)

    spread = paired_spread(ADDITIVE + CHECKS)
    (part,) = spread.seeds
    assert part.variance == pytest.approx(28 / 12)
    assert part.noise == pytest.approx(8 / 6 / 12)
    assert (part.df, spread.examples_df) == (2, 3)
    assert spread.examples == pytest.approx((14 - 8 / 6) / 12)
    assert spread.variance == pytest.approx((28 + 14 - 8 / 6) / 12)


def test_mean_squares_are_those_of_statsmodels() -> None:
    scores = np.random.default_rng(1).uniform(0, 100, (5, 12))
    rows = pd.DataFrame([(s, e, scores[s, e]) for s in range(5) for e in range(12)], columns=["seed", "example", "y"])
    table = anova_lm(ols("y ~ C(seed) + C(example)", rows).fit())
    found = mean_squares(scores)
    assert [found.seed, found.example, found.rest] == pytest.approx(table["mean_sq"].tolist())


def test_how_often_answers_alone_bring_seeds_so_close() -> None:
    """Where seeds are alike, any closeness is as frequent as another; where they differ, small ones are rare."""
    random = np.random.default_rng(4)
    alike = [paired_spread(table).closeness for table in random.normal(0, 1, (2000, 3, 50))]
    assert np.quantile(alike, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.03)
    apart = random.normal(0, 1, (2000, 3, 1)) + random.normal(0, 1, (2000, 3, 50))
    assert np.mean([paired_spread(table).closeness < 0.1 for table in apart]) < 0.01
    first, second = unpaired_spread(ADDITIVE + CHECKS, CHECKS + 5).seeds
    assert (first.closeness > 0.9, second.closeness) == (True, 0)


def test_components_are_right_on_average() -> None:
    """Seeds 1, examples 2, rest 3 squared points: the variance of the effect is 1 / 4 + 2 / 10 + 3 / 40."""
    random = np.random.default_rng(2)
    seeds, examples = random.normal(0, 1, (4000, 4, 1)), random.normal(0, 2**0.5, (4000, 1, 10))
    tables = seeds + examples + random.normal(0, 3**0.5, (4000, 4, 10))
    found = [paired_spread(table) for table in tables]
    assert np.mean([spread.seed_variance for spread in found]) == pytest.approx(1 / 4 + 3 / 40, rel=0.06)
    assert np.mean([spread.variance for spread in found]) == pytest.approx(1 / 4 + 2 / 10 + 3 / 40, rel=0.06)


def test_unpaired_seeds_give_two_parts_and_the_examples_one() -> None:
    baseline = ADDITIVE + CHECKS
    treatment = np.array([[2.0, 2, 9, 9], [4, 4, 11, 11]])
    spread = unpaired_spread(baseline, treatment)
    first, second = spread.seeds
    assert (first.variance, first.noise, first.df) == (pytest.approx(7 / 3), pytest.approx(8 / 72), 2)
    assert (second.variance, second.noise, second.df) == (pytest.approx(2 / 2), 0, 1)
    by_example = np.array([3.0, 3, 10, 10]) - np.array([3.0, 4, 5, 8])
    assert spread.examples == pytest.approx(by_example.var(ddof=1) / 4 - 8 / 72)


def test_an_example_part_below_nothing_is_nothing() -> None:
    assert paired_spread(CHECKS).examples == 0
    assert unpaired_spread(CHECKS + 5, CHECKS[::-1] + 5).examples == 0


def test_seeds_that_agree_by_luck_are_not_believed() -> None:
    """The seed means are all 0, but single answers alone would make them differ."""
    (part,) = paired_spread(CHECKS).seeds
    assert part.noise == pytest.approx(8 / 6 / 12)
    assert part.variance == pytest.approx(part.noise * chi2.ppf(0.05, 2) / 2)
    assert part.closeness == 0
    assert likely(3.0, 2.0, 2) == 3.0
    assert likely(0.01, 2.0, 9) == pytest.approx(2 * chi2.ppf(0.05, 9) / 9)
