from __future__ import annotations

import itertools

import numpy as np

from mtl_core.charts import compare
from mtl_core.charts.curves import Array, End

ENDS = ((0.9, 10.0), (0.9, 10.0), (0.3, 10.0))
COLOR = "#E69F00"


def ends(*places: tuple[float, float]) -> list[End]:
    return [End(f"with {number}", COLOR, x, y) for number, (y, x) in enumerate(places)]


def heights(*values: float) -> list[Array]:
    return [np.array(values)]


def test_the_style_is_the_arms() -> None:
    found = compare.styles([("a", True), ("b", False), ("c", False), ("b", False)])
    assert [look["dash"] for look in found] == ["dot", "solid", "dash", "solid"]
    assert found[0]["width"] < found[1]["width"]


def test_labels_at_the_same_end_stand_apart_and_inside_of_the_plot() -> None:
    found = compare.layout(ends(*ENDS), heights(0.3, 0.9), "step", "loss (nats)")
    low, high = found["yaxis"]["range"]
    places = sorted(
        (label["y"] - low) / (high - low) * compare.PLOT + label["yshift"] for label in found["annotations"]
    )
    assert all(later - earlier >= 15.9 for earlier, later in itertools.pairwise(places))
    assert places[-1] <= compare.PLOT
    assert found["yaxis"]["title"]["text"] == "loss (nats)"


def test_a_shorter_curve_has_its_label_at_its_own_end() -> None:
    found = compare.layout(ends((0.5, 128), (0.5, 320)), heights(0.5), "examples", "loss")
    assert [label["x"] for label in found["annotations"]] == [128, 320]
    assert found["xaxis"]["range"] == [0.0, 320]


def test_more_curves_than_labels_have_room_have_none() -> None:
    many = ends(*[(0.5, 10.0)] * (compare.LABELS + 1))
    assert compare.layout(many, heights(0.5), "step", "loss")["annotations"] == []
