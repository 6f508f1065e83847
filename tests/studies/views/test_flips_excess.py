"""The interval beside flips in excess of chance: worked by hand, and covering what it should."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mtl_core.studies.views.flips.counts import flips
from mtl_core.studies.views.flips.excess import PairCounts
from tests.statistics.worlds import SST2


def test_worked_by_hand() -> None:
    """Three runs each, all pairs: the baseline's runs gain 4, 4, 10 against any; within an arm 2 and 4 flip."""
    across = np.repeat([[4.0], [4.0], [10.0]], 3, axis=1)
    within = (2.0 * (1 - np.eye(3)), 4.0 * (1 - np.eye(3)))
    found = PairCounts(across, np.ones((3, 3), dtype=bool), within).excess()
    assert found.value == 6 - 3
    # left out one by one: 7, 7, 4 across, less 3; the treatment's runs change nothing
    deviation = np.sqrt(2 / 3 * ((4 - 3) ** 2 + (4 - 3) ** 2 + (1 - 3) ** 2))
    assert found.high - found.value == pytest.approx(4.302653 * deviation)  # Student's t, 2 degrees of freedom
    assert found.value - found.low == pytest.approx(found.high - found.value)


def test_one_run_has_no_interval() -> None:
    right = np.array([[True, False, True], [False, True, True]])
    found = flips(right[:1], right, ((1,), (2, 3)))
    assert found.excess is not None
    assert np.isnan([found.excess[0].low, found.excess[0].high]).all()
    assert flips(right[:1], right[1:], ((1,), (2,))).excess is None


@pytest.mark.parametrize("seeds", [3, 5])
def test_without_an_effect_it_covers_nothing_gained(seeds: int) -> None:
    """Seeds of unlike spread, where the bare number is off by more than 5 in many studies."""
    world = replace(SST2, seed=0.5, treatment_seed=1.0)
    named = (range(1, seeds + 1), range(1, seeds + 1))
    found = [flips(first > 50, second > 50, named) for first, second in world.studies((seeds, seeds), 0, 250, seed=2)]
    for side in (0, 1):
        excesses = [one.excess[side] for one in found if one.excess]
        covered = np.mean([one.low <= 0 <= one.high for one in excesses])
        assert 0.93 - 3 * np.sqrt(0.93 * 0.07 / 250) <= covered
    if seeds == 3:
        assert np.mean([abs(one.value) > 5 for one in excesses]) > 0.05
