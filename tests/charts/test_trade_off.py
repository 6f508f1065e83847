from __future__ import annotations

import numpy as np

from mtl_core.charts import trade_off
from mtl_core.charts.trade_off import Dot


def dot(x: float, y: float, *, weighted: bool = False, front: bool = False) -> Dot:
    return Dot(f"{x:g}", x, y, weighted, front, None, (np.array([x]), np.array([y])), "told")


def test_filled_marks_are_on_the_front_and_shapes_tell_weights_from_methods() -> None:
    dots = [dot(1, 3, weighted=True, front=True), dot(2, 1, weighted=True), dot(3, 2, front=True)]
    figure = trade_off.trade_off(dots, ("sst2", "mnli"), ("a", "b"), ({}, {}))
    line, circles, diamonds = figure.data
    assert (list(line.x), line.mode) == ([1, 2], "lines")
    assert (circles.marker.symbol, list(circles.marker.color)) == ("circle", ["#1C2530", "#FFFFFF"])
    assert (diamonds.marker.symbol, list(diamonds.marker.color)) == ("diamond", ["#1C2530"])


def test_each_task_alone_is_a_dotted_line_in_its_colour() -> None:
    figure = trade_off.trade_off([dot(70, 60), dot(80, 50)], ("sst2", "mnli"), ("a", "b"), ({"x": 71}, {"y": 55}))
    vertical, horizontal = figure.layout.shapes
    assert (vertical.x0, vertical.line.color, vertical.line.dash) == (71, "#E69F00", "dot")
    assert (horizontal.y0, horizontal.line.color) == (55, "#0072B2")
    assert [note.text for note in figure.layout.annotations] == ["x", "y"]
    assert figure.layout.annotations[0].xanchor == "left"


def test_a_label_stands_where_there_is_room() -> None:
    left, middle, right = dot(0, 0), dot(1, 0), dot(10, 10)
    dots = [left, middle, right]
    assert "left" in trade_off.label_place(left, dots)
    assert "left" not in trade_off.label_place(middle, dots)
    assert trade_off.label_place(left, [left]) in trade_off.SIDES


def test_a_label_stays_off_the_curve() -> None:
    first, second = dot(0, 0, weighted=True), dot(10, 0, weighted=True)
    assert trade_off.label_place(first, [first, second]) != "middle right"
    assert trade_off.label_place(second, [first, second]) != "middle left"
