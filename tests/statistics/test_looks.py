"""Verdicts of studies that grow: planned looks count, others are provisional, and the whole study errs as it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mtl_core.statistics import LookPlan, compare_arms, compare_over_looks
from tests.statistics.worlds import SST2

PLAN = LookPlan((3, 5, 8))


def arms(effect: float, seeds: int, spread: float = 0.1) -> tuple[Any, Any]:
    draw = np.random.default_rng(4)
    base = draw.uniform(30, 60, 300)
    first, second = draw.normal(0, spread, (2, seeds, 1)) + draw.normal(0, 3, (2, seeds, 300)) + base
    return first, second + effect


def test_one_planned_look_is_compare_arms() -> None:
    baseline, treatment = arms(1.0, 3)
    looked = compare_over_looks(baseline, treatment, LookPlan((3,)))
    assert looked.verdict == compare_arms(baseline, treatment)
    assert (looked.provisional, looked.later, looked.next_look) == (False, None, None)


def test_before_the_first_look_a_verdict_is_provisional() -> None:
    looked = compare_over_looks(*arms(5.0, 2), PLAN)
    assert (looked.provisional, looked.next_look, looked.verdict.seeds) == (True, 3, (2, 2))
    assert looked.verdict.level < 0.01  # that of the first look
    assert looked.verdict.decision == "not enough evidence"


def test_between_looks_the_last_one_counts_and_the_rest_stands_beside() -> None:
    baseline, treatment = arms(1.0, 7)
    looked = compare_over_looks(baseline, treatment, PLAN)
    assert looked.verdict.seeds == (5, 5)
    assert looked.later is not None
    assert looked.later.seeds == (7, 7)
    assert looked.next_look == 8
    assert replace(looked.verdict, p_value=0, p_equivalent=0) == replace(
        compare_arms(baseline[:5], treatment[:5], level=PLAN.level(5, 0.05)),
        p_value=0,
        p_equivalent=0,
        decision=looked.verdict.decision,
    )


def test_what_was_found_at_a_look_stays_found() -> None:
    """Five clear seeds, then three that say the opposite, but not beyond doubt."""
    baseline, treatment = arms(3.0, 8)
    assert compare_over_looks(baseline[:5], treatment[:5], PLAN).verdict.decision == "helps"
    treatment[5:] -= 4.0
    assert compare_arms(baseline, treatment).decision == "not enough evidence"
    assert compare_over_looks(baseline, treatment, PLAN).verdict.decision == "helps"
    treatment[5:] -= 12.0  # the effect is below 0 now: an earlier "helps" is no "hurts"
    assert compare_over_looks(baseline, treatment, PLAN).verdict.decision != "hurts"


def test_beyond_the_plan_the_verdict_stays() -> None:
    baseline, treatment = arms(0.0, 6)
    treatment[3:] += 6.0
    looked = compare_over_looks(baseline, treatment, LookPlan((3,)))
    assert looked.verdict == compare_arms(baseline[:3], treatment[:3])
    assert looked.later is not None
    assert looked.later.effect > 2
    assert looked.next_look is None


def test_futility_is_said_from_the_second_look_on() -> None:
    baseline, treatment = arms(0.3, 5, spread=3.0)
    assert not compare_over_looks(baseline[:3], treatment[:3], PLAN).futile
    assert compare_over_looks(baseline, treatment, PLAN).futile
    assert not compare_over_looks(*arms(3.0, 5), PLAN).futile


@pytest.mark.parametrize("spending", ["obrien_fleming", "pocock"])
def test_studies_that_stop_when_they_can_err_no_more_often(spending: str) -> None:
    """A plain test at each of these looks errs in 9 to 12 %. docs/statistics.md has more cases."""
    plan, studies = LookPlan((3, 5, 8), spending), 250
    found = [
        compare_over_looks(*study, plan, power=False).verdict.p_value < 0.05
        for study in SST2.studies((8, 8), 0, studies, seed=3)
    ]
    assert np.mean(found) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / studies)
