"""Seeds that did not train are named; seeds that merely differ are not."""

from __future__ import annotations

import numpy as np
import pytest

from mtl_core.statistics import failed_seeds
from mtl_core.statistics.outliers import FailedSeed


def test_a_seed_at_the_majority_class() -> None:
    found = failed_seeds([90.1, 90.4, 89.9], [91.0, 50.9, 90.8], floor=50.9)
    assert found == (FailedSeed(1, 1, 50.9, "at the floor"),)


def test_a_seed_far_below_the_others_where_no_floor_is_known() -> None:
    assert failed_seeds([41.0, 3.0, 42.1], [41.5, 42.0, 40.9]) == (FailedSeed(0, 1, 3.0, "far below the others"),)
    assert failed_seeds([41.0, 46.0, 41.1], [41.5, 42.0, 40.9]) == ()  # far above is no failure


def test_a_lower_score_may_be_the_better_one() -> None:
    found = failed_seeds([1.0, 1.1, 30.0], [1.2, 0.9, 1.0], higher_is_better=False)
    assert found == (FailedSeed(0, 2, 30.0, "far below the others"),)


@pytest.mark.parametrize(
    ("baseline", "treatment", "floor"),
    [
        ([90.0, 90.5, 88.2], [90.2, 89.0, 90.9], 50.9),  # ordinary spread
        ([50.9, 50.9, 50.9], [50.9, 50.9, 51.0], 50.9),  # nothing has learned: too little training, not failed seeds
        ([90.0, 60.0], [91.0, 90.0], None),  # one other seed in the arm: nobody knows which is the odd one
        ([90.0], [50.0], None),
        ([], [], None),
    ],
)
def test_nothing_is_named_without_reason(baseline: list[float], treatment: list[float], floor: float | None) -> None:
    assert failed_seeds(baseline, treatment, floor=floor) == ()


def test_ordinary_seeds_are_seldom_named() -> None:
    """Normal and heavy-tailed spreads of a point: in at most 1 and 6 of 100 studies."""
    draw = np.random.default_rng(0)
    normal = np.mean([bool(failed_seeds(*(80 + draw.normal(0, 1, (2, 5))))) for _ in range(1000)])
    heavy = np.mean([bool(failed_seeds(*(80 + draw.standard_t(4, (2, 5))))) for _ in range(1000)])
    assert (normal <= 0.01, heavy <= 0.06) == (True, True)
