"""What a study can find, against statsmodels where it has the case."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chi2
from statsmodels.stats.power import TTestPower

from mtl_core.statistics.crossed import SeedPart, Spread
from mtl_core.statistics.power import Design, detectable, estimated, seeds_needed

BILLION = 10**9


@pytest.mark.parametrize("seeds", [2, 3, 5, 10, 20])
def test_seeds_alone_are_the_power_of_the_t_test(seeds: int) -> None:
    design = Design((1 / seeds,), (seeds - 1,), 0.0, BILLION)
    expected = TTestPower().solve_power(nobs=seeds, alpha=0.05, power=0.8)
    assert detectable(design, 0.05) == pytest.approx(expected, rel=5e-3)


def test_examples_alone_are_the_power_of_the_normal_test() -> None:
    assert detectable(Design((1e-12,), (2,), 4.0, BILLION), 0.05) == pytest.approx(2 * 2.8016, rel=1e-3)


@pytest.mark.parametrize(("seeds", "known"), [(3, 0.74), (5, 0.49), (8, 0.36), (10, 0.32), (20, 0.22)])
def test_known_figures_for_two_arms_on_mnli(seeds: int, known: float) -> None:
    """SD 0.24 over seeds. The known figures take both arms' spread as equal, ours doesn't, which costs at 3 seeds."""
    design = Design((0.24**2 / seeds,) * 2, (seeds - 1,) * 2, 0.0, BILLION)
    assert known - 0.005 <= detectable(design, 0.05) <= known * (1.15 if seeds == 3 else 1.03)


def test_half_of_all_studies_estimate_more_than_is_true() -> None:
    random = np.random.default_rng(0)
    drawn = 2.0 * random.chisquare(2, 4000) / 2
    found = [estimated(Spread((SeedPart(variance, 0.0, 2),), 0.0, 99)).seeds[0] for variance in drawn]
    assert np.median(found) == pytest.approx(2.0, rel=0.05)


def test_an_estimate_is_no_less_than_the_noise() -> None:
    design = estimated(Spread((SeedPart(0.1, 0.7, 2), SeedPart(0.9, 0.7, 2)), 0.3, 99))
    df = (0.7 + 0.9) ** 2 / (0.7**2 / 2 + 0.9**2 / 2)
    examples = pytest.approx(0.3 * 99 / chi2.median(99))
    assert design == Design((0.7, pytest.approx(0.9 * df / chi2.median(df))), (2, 2), examples, 99)


@pytest.mark.parametrize("effect", [3.0, 1.0, 0.4])
def test_seeds_needed_are_those_of_the_t_test(effect: float) -> None:
    """One squared point a seed."""
    variance = chi2.median(3) / 3 / 4
    needed = seeds_needed(Spread((SeedPart(variance, 0.0, 3),), 0.0, BILLION), effect, 0.05)
    assert needed == math.ceil(TTestPower().solve_power(effect_size=effect, alpha=0.05, power=0.8))


def test_seeds_needed_of_two_arms_find_the_effect() -> None:
    spread = Spread((SeedPart(0.02, 0.0, 2), SeedPart(0.03, 0.0, 4)), 0.001, 9814)
    needed = seeds_needed(spread, 0.4, 0.05)
    assert needed is not None
    true = estimated(spread)
    for seeds, enough in ((needed, True), (needed - 1, False)):
        parts = (true.seeds[0] * 3 / seeds, true.seeds[1] * 5 / seeds)
        assert (detectable(Design(parts, (seeds - 1,) * 2, 0.001, 9814), 0.05) <= 0.4) is enough


def test_no_number_of_seeds_makes_up_for_too_few_examples() -> None:
    part = SeedPart(0.001, 0.0, 2)
    assert seeds_needed(Spread((part,), 0.04, 871), 0.5, 0.05) is None  # 2.8 * 0.2 points hide behind the examples
    assert seeds_needed(Spread((part,), 0.02, 871), 0.5, 0.05) is not None
    assert seeds_needed(Spread((SeedPart(400.0, 0.0, 2),), 0.0, 871), 0.5, 0.05) is None  # more than 1000
