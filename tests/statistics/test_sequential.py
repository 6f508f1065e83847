"""Alpha over planned looks: published boundaries, p values that agree with them, and studies that err as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from mtl_core.statistics import LookPlan
from mtl_core.statistics.sequential import SPENDING, levels


@pytest.mark.parametrize(
    ("spending", "bounds"),
    [
        ("obrien_fleming", [4.877, 3.357, 2.680, 2.290, 2.031]),
        ("pocock", [2.438, 2.427, 2.410, 2.397, 2.386]),
    ],
)
def test_boundaries_are_the_published_ones(spending: str, bounds: list[float]) -> None:
    """Five looks at equal distances, two-sided 5 %: Jennison & Turnbull 1999, tables of spending functions."""
    found = levels(LookPlan((1, 2, 3, 4, 5), spending), 0.025)
    assert -ndtri(np.array(found)) == pytest.approx(bounds, abs=2e-3)


@pytest.mark.parametrize("spending", SPENDING)
def test_looks_together_reject_as_often_as_alpha(spending: str) -> None:
    plan = LookPlan((3, 4, 5, 6, 8, 10), spending)
    walks = np.random.default_rng(0).normal(size=(100_000, 10)).cumsum(axis=1) / np.sqrt(np.arange(1, 11))
    crossed = walks[:, np.array(plan.looks) - 1] > -ndtri(np.array(levels(plan, 0.025)))
    assert crossed.any(axis=1).mean() == pytest.approx(0.025, abs=0.0015)
    first = crossed[:, 0].mean()
    assert first == pytest.approx(SPENDING[spending](0.3, 0.025), abs=0.001)


@pytest.mark.parametrize("alpha", [0.001, 0.025, 0.2])
def test_a_p_value_over_looks_is_the_alpha_that_just_rejects(alpha: float) -> None:
    plan = LookPlan((3, 5, 10))
    for place, level in enumerate(levels(plan, alpha)):
        assert plan.p_value([1.0] * place + [level]) == pytest.approx(alpha, rel=0.01)
    assert plan.p_value([1.0, levels(plan, alpha)[1], 1.0]) == pytest.approx(alpha, rel=0.01)  # what was found stays
    assert plan.p_value([1.0, 1.0]) == 1.0


def test_a_single_look_is_the_plain_test() -> None:
    plan = LookPlan((3,))
    assert (plan.level(3, 0.05), plan.level(2, 0.05)) == (0.05, 0.05)
    assert plan.p_value([0.0123]) == 0.0123


def test_what_a_plan_knows() -> None:
    plan = LookPlan((3, 5, 10))
    assert (plan.reached(2), plan.reached(7), plan.next_after(5), plan.next_after(10)) == ((), (3, 5), 10, None)
    assert plan.level(7, 0.05) == pytest.approx(2 * levels(plan, 0.025)[1])
    with pytest.raises(ValueError, match="looks are"):
        LookPlan((5, 3))
    with pytest.raises(ValueError, match="spending is 'all'"):
        LookPlan((3, 5), "all")
