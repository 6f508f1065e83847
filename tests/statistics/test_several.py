"""Holm over verdicts that are shown together."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from mtl_core.statistics import Verdict, compare_arms, holm


def verdict(p_value: float, p_equivalent: float = 0.9, effect: float = 1.0) -> Verdict:
    random = np.random.default_rng(0)
    base = compare_arms(random.uniform(40, 60, (3, 20)), random.uniform(40, 60, (3, 20)))
    return replace(base, effect=effect, p_value=p_value, p_equivalent=p_equivalent)


def test_a_case_worked_by_hand() -> None:
    """0.01 * 3, 0.02 * 2, 0.03 * 1, and none below the one before it."""
    adjusted = holm([verdict(0.02), verdict(0.01, effect=-1.0), verdict(0.03)])
    assert [one.p_value for one in adjusted] == pytest.approx([0.04, 0.03, 0.04])
    assert [one.decision for one in adjusted] == ["helps", "hurts", "helps"]


def test_it_is_statsmodels_correction() -> None:
    p_values = [0.001, 0.04, 0.03, 0.5, 0.012]
    expected = multipletests(p_values, method="holm")[1]
    adjusted = holm([verdict(p) for p in p_values])
    assert [one.p_value for one in adjusted] == pytest.approx(expected.tolist())
    assert [one.decision for one in adjusted] == ["helps", *["not enough evidence"] * 3, "helps"]


def test_what_no_longer_differs_may_still_be_practically_equal() -> None:
    adjusted = holm([verdict(0.03, 0.001), verdict(0.6, 0.03), verdict(0.7, 0.04)])
    assert [one.p_equivalent for one in adjusted] == pytest.approx([0.003, 0.06, 0.06])
    assert [one.decision for one in adjusted] == ["practically equal", "not enough evidence", "not enough evidence"]


def test_a_verdict_without_p_values_is_not_counted() -> None:
    adjusted = holm([verdict(0.03), verdict(math.nan, math.nan)])
    assert (adjusted[0].p_value, adjusted[0].decision) == (pytest.approx(0.03), "helps")
    assert math.isnan(adjusted[1].p_value)
    assert adjusted[1].decision == "not enough evidence"
    assert holm([]) == ()
    assert math.isnan(holm([verdict(math.nan, math.nan)])[0].p_equivalent)
