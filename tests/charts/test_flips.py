from __future__ import annotations

import numpy as np

from mtl_core.charts import flips

GAINED, LOST, NOISE = np.array([4.0, 6.0]), np.array([1.0, 3.0]), np.array([2.0, 2.0, 3.0, 1.0])


def test_bars_are_means_with_a_dot_a_pair_against_the_floor() -> None:
    figure = flips.bars(GAINED, LOST, NOISE, 2.0)
    lost, lost_dots, gained, gained_dots = figure.data
    assert (lost.x, lost.y, gained.x, gained.y) == ((2.0,), (0,), (5.0,), (1,))
    assert (lost_dots.x.tolist(), gained_dots.x.tolist()) == ([1.0, 3.0], [4.0, 6.0])
    strip, line = figure.layout.shapes
    assert (strip.x0, strip.x1, line.x0) == (1.0, 3.0, 2.0)
    assert figure.layout.annotations[0].text == "two seeds of one condition"
    assert flips.alt(GAINED, LOST, 2.0) == (
        "Between two runs 5.0 examples are gained and 2.0 lost; two seeds of one condition flip 2.0 each way."
    )


def test_one_run_an_arm_has_no_floor() -> None:
    figure = flips.bars(GAINED[:1], LOST[:1], np.empty(0), None)
    assert not figure.layout.shapes
    assert flips.alt(GAINED[:1], LOST[:1], None) == "Between two runs 4.0 examples are gained and 1.0 lost."
