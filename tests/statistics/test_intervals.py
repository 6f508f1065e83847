"""Student's t over seeds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mtl_core.statistics import seed_interval


def test_three_seeds_by_scipy() -> None:
    values = [84.1, 84.5, 84.0]
    found = seed_interval(values)
    low, high = stats.t.interval(0.95, 2, np.mean(values), stats.sem(values))
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))
    assert (found.mean, found.seeds) == (pytest.approx(84.2), 3)


def test_a_curve_with_a_gap() -> None:
    nan = np.nan
    found = seed_interval([[1.0, 2.0, nan, nan], [3.0, nan, nan, nan], [5.0, 4.0, nan, 7.0]], alpha=0.1)
    low, high = stats.t.interval(0.9, 1, 3, stats.sem([2.0, 4.0]))
    assert found.seeds.tolist() == [3, 2, 0, 1]
    assert found.mean.tolist() == pytest.approx([3, 3, nan, 7], nan_ok=True)
    assert found.low[1:].tolist() == pytest.approx([low, nan, nan], nan_ok=True)
    assert found.high[1] == pytest.approx(high)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="the values have no axis: give one value a seed"):
        seed_interval(3.0)
    with pytest.raises(ValueError, match=r"alpha is -1: give a share above 0 and at most 0\.5, such as 0\.05"):
        seed_interval([3.0], alpha=-1)
