from __future__ import annotations

import base64

import numpy as np
import pytest

from mtl_core.charts import groups
from mtl_core.charts.curves import Array
from mtl_core.charts.groups import Band, Course

COLORS = {"sst2": "#E69F00", "mnli": "#0072B2"}
X = np.array([1.0, 2.0, 3.0])
LOW, HIGH = np.array([0.5, 0.4, 0.3]), np.array([0.7, 0.6, 0.5])


def group(spread: float = 0.1) -> Course:
    mean = (LOW + HIGH) / 2
    band = Band(X, mean, mean - spread, mean + spread)
    return Course("sst2", "alone", "a", True, ((X, LOW), (X, HIGH)), (), band, "2 seeds")


def single(label: str = "with mnli") -> Course:
    return Course("sst2", label, "b", False, ((X, LOW),), ((X, HIGH),), None, "1 seed")


def values(packed: dict[str, str]) -> Array:
    return np.frombuffer(base64.b64decode(packed["bdata"]), "<f4").astype(float)


def test_a_group_is_a_band_faint_runs_and_a_strong_mean() -> None:
    chart = groups.losses([group()], COLORS, x="step")
    area, *seeds, mean = chart.traces
    assert area["fill"] == "toself"
    assert values(area["x"]).tolist() == [1, 2, 3, 3, 2, 1]
    assert values(area["y"]) == pytest.approx([0.7, 0.6, 0.5, 0.3, 0.4, 0.5])
    assert [values(seed["y"])[0] for seed in seeds] == pytest.approx([0.5, 0.7])
    assert all(
        seed["opacity"] < 0.5 and seed["line"] == {"width": 1, "dash": "dot", "color": "#E69F00"} for seed in seeds
    )
    assert values(mean["y"]) == pytest.approx([0.6, 0.5, 0.4])
    assert values(mean["customdata"]) == pytest.approx([0.1] * 3)
    assert "± %{customdata:.3f} (2 seeds)" in mean["hovertemplate"]
    assert {trace["line"]["color"] for trace in chart.traces} == {"#E69F00"}
    assert chart.alt == "Training loss, latest values: sst2 alone 0.40 ± 0.10 (2 seeds)."


def test_a_single_run_is_strong_before_what_was_measured() -> None:
    chart = groups.losses([single()], COLORS, x="step")
    raw, smoothed = chart.traces
    assert (values(raw["y"])[0], values(smoothed["y"])[0]) == pytest.approx((0.7, 0.5))
    assert raw["opacity"] < 0.5
    assert "customdata" not in smoothed
    assert chart.alt == "Training loss, latest values: sst2 with mnli 0.30."


def test_the_band_of_two_seeds_does_not_flatten_the_curves() -> None:
    low, high = groups.losses([group(spread=9.0)], COLORS, x="step").layout["yaxis"]["range"]
    assert (low, high) == pytest.approx((0.3 - 0.1 - 0.03, 0.7 + 0.1 + 0.03))


def test_selection_scores_are_in_percent() -> None:
    chart = groups.selection_scores([single()], COLORS, x="examples", metrics="accuracy (%) / F1 (%)")
    assert chart.layout["yaxis"]["title"]["text"] == "accuracy (%) / F1 (%)"
    assert chart.layout["xaxis"]["title"]["text"] == "examples of the task"
    assert chart.alt == "Score on the validation split, latest values: sst2 with mnli 0.3."


def test_nothing_recorded_is_an_empty_chart() -> None:
    chart = groups.losses([], COLORS, x="step")
    assert (chart.traces, chart.alt) == ([], "Training loss: nothing yet.")


def test_a_curve_of_one_point_is_a_dot_that_the_plots_edge_does_not_cut() -> None:
    course = Course("sst2", "alone", "a", True, ((X[:1], LOW[:1]),), (), None, "1 seed")
    (trace,) = groups.selection_scores([course], COLORS, x="step", metrics="accuracy (%)").traces
    assert (trace["mode"], trace["cliponaxis"]) == ("lines+markers", False)
