"""Does A help B: words, fields, and what is said of scores that can't answer."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest
from scipy import stats

from mtl_core.statistics import Verdict, compare_arms
from mtl_core.statistics.verdict import COPIES, ONE_SEED, decide


def arms(*, effect: float = 0.0, seeds: int = 5, examples: int = 400, noise: float = 2.0) -> tuple[Any, Any]:
    """Scores around 50 with little spread of any sort."""
    random = np.random.default_rng(3)
    by_example = random.uniform(35, 65, examples)
    first, second = (random.normal(0, 0.05, (2, seeds, 1)) + random.normal(0, noise, (2, seeds, examples))) + by_example
    return first, second + effect


def test_a_clear_effect_helps_or_hurts() -> None:
    baseline, treatment = arms(effect=2.0)
    verdict = compare_arms(baseline, treatment)
    assert verdict.decision == "helps"
    assert verdict.effect == pytest.approx(treatment.mean() - baseline.mean())
    assert 1.5 < verdict.low < 2.0 < verdict.high < 2.5
    assert verdict.p_value < 0.001
    assert verdict.p_equivalent > 0.999
    assert (verdict.seeds, verdict.examples, verdict.why) == ((5, 5), 400, "")
    assert verdict.baseline_means == pytest.approx(baseline.mean(axis=1).tolist())
    assert verdict.treatment_means == pytest.approx(treatment.mean(axis=1).tolist())
    assert (verdict.margin, verdict.alpha, verdict.paired_seeds) == (0.5, 0.05, True)
    assert not verdict.negligible
    assert compare_arms(treatment, baseline).decision == "hurts"
    assert compare_arms(treatment, baseline).low == pytest.approx(-verdict.high)


@pytest.mark.parametrize("paired", [True, False])
def test_no_effect_within_the_margin_is_practically_equal(paired: bool) -> None:
    verdict = compare_arms(*arms(), paired_seeds=paired)
    assert verdict.decision == "practically equal"
    assert verdict.low < 0 < verdict.high
    assert verdict.p_equivalent < 0.05 < verdict.p_value


def test_a_clear_effect_within_the_margin_still_helps_and_is_called_negligible() -> None:
    verdict = compare_arms(*arms(effect=0.6), margin=2)
    assert verdict.decision == "helps"
    assert verdict.p_equivalent < 0.05
    assert verdict.negligible


def test_too_much_noise_is_not_enough_evidence_and_more_seeds_are_named() -> None:
    verdict = compare_arms(*arms(seeds=3, noise=4.0, examples=100, effect=0.3), margin=1)
    assert verdict.decision == "not enough evidence"
    assert verdict.why == ""
    assert verdict.detectable > 0.5
    assert verdict.seeds_needed is not None
    assert verdict.seeds_needed > 3


def test_the_interval_and_the_p_value_agree() -> None:
    baseline, treatment = arms(effect=0.3)
    p_value = compare_arms(baseline, treatment).p_value
    edge = compare_arms(baseline, treatment, alpha=p_value)
    assert edge.low == pytest.approx(0, abs=1e-6)


def test_seeds_needed_are_for_the_effect_seen_or_the_margin_if_that_is_larger() -> None:
    baseline, treatment = arms(seeds=3, noise=4.0, examples=100, effect=0.3)
    assert (
        compare_arms(baseline, treatment, margin=3).seeds_needed
        == compare_arms(baseline, treatment + 3 - (treatment - baseline).mean(), margin=0.5).seeds_needed
    )


def test_seeds_may_differ_in_number_unless_paired() -> None:
    baseline, _ = arms(seeds=6)
    _, treatment = arms(seeds=3, effect=3.0)
    verdict = compare_arms(baseline, treatment, paired_seeds=False)
    assert (verdict.seeds, len(verdict.baseline_means), len(verdict.treatment_means)) == ((6, 3), 6, 3)


def test_with_all_examples_alike_it_is_the_t_test_over_seeds() -> None:
    """Every example of a seed scores the same, so seeds alone vary."""
    baseline = np.repeat([[80.0], [81.0], [80.5]], 50, axis=1)
    treatment = np.repeat([[82.0], [82.1], [81.9]], 50, axis=1)
    paired, unpaired = (compare_arms(baseline, treatment, paired_seeds=paired) for paired in (True, False))
    assert paired.p_value == pytest.approx(stats.ttest_rel(treatment[:, 0], baseline[:, 0]).pvalue)
    welch = stats.ttest_ind(treatment[:, 0], baseline[:, 0], equal_var=False)
    assert unpaired.p_value == pytest.approx(welch.pvalue)
    assert unpaired.high == pytest.approx(welch.confidence_interval(0.95).high)
    assert paired.seed_share == 1


def test_the_effect_in_standard_deviations_over_seeds() -> None:
    baseline = np.repeat([[80.0], [81.0], [82.0]], 50, axis=1)
    verdict = compare_arms(baseline, baseline[::-1] + 3)
    assert verdict.seed_deviations == pytest.approx(3.0)
    assert math.isnan(compare_arms(baseline[:1], baseline[:1] + 3).seed_deviations)


def test_two_seeds_give_a_wide_interval() -> None:
    verdict = compare_arms(*(arm[:2] for arm in arms(effect=2.0)))
    five = compare_arms(*arms(effect=2.0))
    assert verdict.high - verdict.low > 2 * (five.high - five.low)


def assert_unanswered(verdict: Verdict, why: str) -> None:
    assert verdict.decision == "not enough evidence"
    assert verdict.why == why
    figures = (verdict.low, verdict.high, verdict.p_value, verdict.p_equivalent, verdict.detectable, verdict.seed_share)
    assert all(math.isnan(figure) for figure in figures)
    assert verdict.seeds_needed is None
    assert not verdict.negligible


@pytest.mark.parametrize("paired", [True, False])
def test_one_seed_an_arm_can_never_give_a_verdict_over_methods(paired: bool) -> None:
    baseline, treatment = arms(effect=20.0)
    verdict = compare_arms(baseline[:1], treatment[:1], paired_seeds=paired)
    assert_unanswered(
        verdict,
        "One seed per condition compares two models, not two methods: what another seed would give is unknown. "
        "Run at least two seeds of each condition, better three or more.",
    )
    assert verdict.effect == pytest.approx(20, abs=1)
    assert verdict.seeds == (1, 1)


def test_one_seed_in_one_arm_is_no_verdict_either() -> None:
    baseline, treatment = arms(effect=20.0)
    assert_unanswered(compare_arms(baseline, treatment[:1], paired_seeds=False), ONE_SEED)


def test_no_seed_has_no_effect() -> None:
    baseline, treatment = arms()
    verdict = compare_arms(baseline, treatment[:0], paired_seeds=False)
    assert_unanswered(verdict, ONE_SEED)
    assert math.isnan(verdict.effect)


@pytest.mark.parametrize("paired", [True, False])
@pytest.mark.parametrize(("first", "second"), [(100, 100), (0, 0), (0, 100), (50, 51.5)])
def test_constant_scores_are_said(first: float, second: float, paired: bool) -> None:
    verdict = compare_arms(np.full((3, 20), first), np.full((3, 20), second), paired_seeds=paired)
    assert_unanswered(
        verdict,
        f"Every seed differs by the same {second - first:g} points on every example: without spread there is nothing "
        "to judge by. Check that both conditions really predict.",
    )
    assert verdict.effect == second - first


@pytest.mark.parametrize("paired", [True, False])
def test_copies_of_one_seed_are_said(paired: bool) -> None:
    baseline, treatment = (np.repeat(arm[:1], 3, axis=0) for arm in arms(effect=2.0))
    assert_unanswered(compare_arms(baseline, treatment, paired_seeds=paired), COPIES)


def test_seeds_that_agree_to_the_last_digit_still_leave_a_doubt() -> None:
    """Both seeds gain 1 of 20 examples, each another one."""
    baseline = np.tile([100.0, 0.0], (2, 10))
    treatment = baseline.copy()
    treatment[0, 1] = treatment[1, 3] = 100
    verdict = compare_arms(baseline, treatment)
    assert verdict.effect == 5
    assert verdict.high - verdict.low > 5
    assert verdict.p_value > 0.01


GOOD = np.full((3, 4), 50.0)


@pytest.mark.parametrize(
    ("baseline", "treatment", "settings", "words"),
    [
        (GOOD[0], GOOD, {}, "baseline has the shape (4,): give an array of shape (seeds, examples), a row a seed"),
        (
            GOOD,
            GOOD[:, :3],
            {},
            "baseline has 4 examples and treatment 3: give both the same examples in the same order",
        ),
        (GOOD[:, :1], GOOD[:, :1], {}, "the scores are of 1 examples: give at least 2"),
        (
            GOOD,
            GOOD[:2],
            {},
            "baseline has 3 seeds and treatment 2: give both the same seeds in the same order, or say "
            "paired_seeds=False",
        ),
        (
            GOOD,
            GOOD * math.nan,
            {},
            "treatment has scores that are not numbers: leave out seeds that failed, score every example",
        ),
        (GOOD - 60, GOOD, {}, "baseline has scores from -10 to -10: give points from 0 to 100"),
        (GOOD, GOOD * 3, {}, "treatment has scores from 150 to 150: give points from 0 to 100"),
        (np.eye(3), np.eye(3), {}, "the scores are shares from 0 to 1: give points from 0 to 100"),
        (GOOD, GOOD, {"margin": 0}, "margin is 0: give a positive number of points, such as 0.5"),
        (GOOD, GOOD, {"margin": math.nan}, "margin is nan: give a positive number of points, such as 0.5"),
        (GOOD, GOOD, {"margin": math.inf}, "margin is inf: give a positive number of points, such as 0.5"),
        (GOOD, GOOD, {"alpha": 0}, "alpha is 0: give a share above 0 and at most 0.5, such as 0.05"),
        (GOOD, GOOD, {"alpha": 0.6}, "alpha is 0.6: give a share above 0 and at most 0.5, such as 0.05"),
        (GOOD, GOOD, {"alpha": math.nan}, "alpha is nan: give a share above 0 and at most 0.5, such as 0.05"),
    ],
)
def test_what_makes_no_sense_is_refused(baseline: Any, treatment: Any, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        compare_arms(baseline, treatment, **settings)
    assert str(refused.value) == words


def test_answers_may_come_as_truth_values_scaled() -> None:
    right = np.random.default_rng(0).random((3, 50)) < 0.8
    assert compare_arms(100 * right, 100 * right[:, ::-1]).seeds == (3, 3)


def test_the_words_for_two_p_values() -> None:
    assert decide(1.0, 0.04, 0.9, 0.05) == "helps"
    assert decide(-1.0, 0.04, 0.01, 0.05) == "hurts"
    assert decide(-1.0, 0.05, 0.01, 0.05) == "practically equal"
    assert decide(1.0, 0.3, 0.3, 0.05) == "not enough evidence"
    assert decide(1.0, math.nan, math.nan, 0.05) == "not enough evidence"


def test_a_verdict_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        compare_arms(*arms()).effect = 1.0  # type: ignore[misc]


@pytest.mark.parametrize("paired", [True, False])
def test_ten_seeds_of_ten_thousand_examples_take_milliseconds(paired: bool) -> None:
    baseline, treatment = arms(seeds=10, examples=10_000)
    compare_arms(baseline, treatment, paired_seeds=paired)
    start = time.process_time()
    compare_arms(baseline, treatment, paired_seeds=paired)
    assert time.process_time() - start < 0.2


def test_the_room_is_light() -> None:
    """statsmodels and scipy.stats take a second to load: a page must not wait for them."""
    heavy = ("statsmodels", "scipy.stats", "pandas", "torch")
    code = f"import sys, mtl_core.statistics; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
