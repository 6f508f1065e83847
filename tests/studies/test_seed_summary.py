from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mtl_core.studies.seed_summary import ellipse, summary


def test_three_seeds_by_hand() -> None:
    """90, 91, 92: mean 91, deviation 1; t(0.975, 2) = 4.3027, so half is 4.3027 / √3 = 2.4841."""
    found = summary([90.0, 91.0, 92.0])
    assert (found.mean, found.seeds) == (91.0, 3)
    assert found.half == pytest.approx(2.4841, abs=1e-4)
    assert str(found) == "91.0 ± 2.5"


def test_another_alpha_against_scipy() -> None:
    scores = [80.1, 79.4, 81.0, 80.6]
    low, high = stats.t.interval(0.9, 3, loc=np.mean(scores), scale=stats.sem(scores))
    found = summary(scores, alpha=0.1)
    assert (found.mean - found.half, found.mean + found.half) == (pytest.approx(low), pytest.approx(high))


def test_one_seed_has_no_interval_and_none_no_mean() -> None:
    assert str(summary([88.25])) == "88.2"
    assert str(summary([])) == "–"


def test_an_ellipse_of_three_points_by_hand() -> None:
    """(0, 0), (2, 0), (1, 3): means 1 and 1, variances 1 and 3, no covariance.

    Half-axes are t(0.975, 2) · √(1 / 3) = 2.4841 and t(0.975, 2) · √(3 / 3) = 4.3027.
    """
    x, y = ellipse([0.0, 2.0, 1.0], [0.0, 0.0, 3.0])
    assert (x.max() - 1, 1 - x.min()) == (pytest.approx(2.4841, abs=1e-4), pytest.approx(2.4841, abs=1e-4))
    assert (y.max() - 1, 1 - y.min()) == (pytest.approx(4.3027, abs=1e-4), pytest.approx(4.3027, abs=1e-4))
    assert (x[0], y[0]) == (pytest.approx(x[-1]), pytest.approx(y[-1]))


def test_an_ellipse_s_shadows_are_the_intervals_of_both_scores() -> None:
    first, second = [80.0, 81.5, 80.4, 82.0], [61.0, 60.2, 61.1, 59.0]
    x, y = ellipse(first, second)
    for outline, scores in ((x, first), (y, second)):
        assert (outline.max() - outline.min()) / 2 == pytest.approx(summary(scores).half, rel=2e-3)
    assert np.corrcoef(x, y)[0, 1] < -0.8


def test_scores_on_a_line_make_a_flat_ellipse() -> None:
    x, y = ellipse([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
    assert np.allclose(y, 2 * x, atol=1e-6)


def test_two_seeds_make_no_ellipse() -> None:
    with pytest.raises(ValueError, match=r"^an ellipse needs 3 seeds, not 2$"):
        ellipse([1.0, 2.0], [1.0, 2.0])
