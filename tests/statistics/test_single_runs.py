"""Two models on the same examples."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mtl_core.statistics import compare_models


def right_and_wrong(gained: int, lost: int, same: int = 100) -> tuple[np.ndarray, np.ndarray]:
    baseline = np.array([0] * gained + [100] * lost + [100] * same)
    return baseline, np.array([100] * gained + [0] * lost + [100] * same)


def test_few_changed_answers_are_tested_exactly() -> None:
    found = compare_models(*right_and_wrong(15, 5))
    assert (found.test, found.gained, found.lost) == ("McNemar", 15, 5)
    assert found.effect == pytest.approx(1000 / 120)
    assert found.p_value == pytest.approx(stats.binomtest(5, 20).pvalue)
    assert found.p_value == pytest.approx(0.0414, abs=1e-4)


def test_many_changed_answers_by_chi_square() -> None:
    """(|80 - 50| - 1)^2 / 130 = 6.469."""
    found = compare_models(*right_and_wrong(80, 50))
    assert found.p_value == pytest.approx(stats.chi2.sf(29**2 / 130, 1))


def test_other_scores_by_the_paired_bootstrap() -> None:
    random = np.random.default_rng(0)
    baseline = random.uniform(0, 90, 400)
    treatment = baseline + random.normal(0.4, 2, 400).clip(-5, 5).clip(-baseline, 100 - baseline)
    found = compare_models(baseline, treatment)
    expected = stats.bootstrap((treatment - baseline,), np.mean, method="percentile", n_resamples=4000, rng=1)
    assert found.test == "paired bootstrap"
    assert found.low == pytest.approx(expected.confidence_interval.low, abs=0.02)
    assert found.high == pytest.approx(expected.confidence_interval.high, abs=0.02)
    assert found.p_value == pytest.approx(stats.ttest_rel(treatment, baseline).pvalue, abs=0.002)


def test_what_it_means_is_said() -> None:
    assert compare_models(*right_and_wrong(3, 3)).note == (
        "This compares two models, not two methods. On MNLI such a test calls about 15 % of pairs different that "
        "differ in the seed alone (100 fine-tunings of BERT base, McCoy et al. 2020)."
    )


def test_the_same_model_twice() -> None:
    found = compare_models(*right_and_wrong(0, 0))
    assert (found.effect, found.low, found.high, found.p_value) == (0, 0, 0, 1)
    half = np.full(10, 50.0)
    assert compare_models(half, half).p_value == 1


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"baseline has the shape \(2, 2\): give an array of shape \(examples,\), one run"
    ):
        compare_models(np.eye(2), np.eye(2))
    with pytest.raises(ValueError, match=r"alpha is 1: give a share above 0 and at most 0\.5, such as 0\.05"):
        compare_models(*right_and_wrong(1, 1), alpha=1)
