from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mtl_core.charts import curves, theme
from mtl_core.records import Draw
from mtl_core.services import watch
from mtl_core.store.workspace import Workspace
from tests import builders

COLORS = {"sst2": "#E69F00", "mnli": "#0072B2"}


def unpacked(packed: dict[str, str]) -> np.ndarray[Any, Any]:
    return np.frombuffer(base64.b64decode(packed["bdata"]), dtype="<f4")


def curve_of(workspace: Workspace) -> pd.DataFrame:
    return watch.curve(workspace, builders.run(workspace, tasks="sst2,mnli"))


def test_short_curves_are_sent_whole() -> None:
    x = np.arange(10.0)
    assert curves.downsample(x, x)[0] is x


def test_long_curves_keep_their_spikes_and_their_ends() -> None:
    x, y = np.arange(100_000.0), np.ones(100_000)
    y[31_415], y[92_653] = 9.0, -9.0
    few_x, few_y = curves.downsample(x, y)
    assert len(few_x) <= curves.POINTS
    assert (few_y.max(), few_y.min()) == (9.0, -9.0)
    assert few_x[few_y.argmax()] == 31_415
    assert (few_x[0], few_x[-1]) == (0, 99_999)
    assert (np.diff(few_x) > 0).all()


def test_smoothing_starts_at_the_first_value_and_forgets() -> None:
    values = np.array([1.0, 0.0, 0.0])
    assert curves.smooth(values, 0.5).tolist() == [1.0, 1 / 3, 1 / 7]  # weights 1, 1/2, 1/4, normalised
    assert curves.smooth(values, 0.0) is values
    assert curves.smooth(np.array([]), 0.5).size == 0


def test_numbers_travel_as_float32() -> None:
    assert unpacked(curves.packed(np.array([0.5, 2.0]))).tolist() == [0.5, 2.0]


def test_a_loss_curve_is_faint_as_measured_and_strong_when_smoothed(workspace: Workspace) -> None:
    chart = curves.loss_curves(curve_of(workspace), COLORS, smoothing=0.6)
    assert [trace["name"] for trace in chart.traces] == ["sst2", "sst2", "mnli", "mnli"]
    assert [trace["line"]["width"] for trace in chart.traces] == [1, 2, 1, 2]
    assert chart.traces[2]["line"]["color"] == "#0072B2"
    assert theme.TWINS["#0072B2"] == "#4CA6E8", "what it is on a dark page"
    assert [label["text"] for label in chart.layout["annotations"]].count("mnli") == 1
    assert chart.alt.startswith("Training loss, latest values: sst2 0.")
    assert len(curves.loss_curves(curve_of(workspace), COLORS, smoothing=0).traces) == 2


def test_a_stretch_of_steps_is_drawn_from_its_lowest_to_its_highest_and_smoothed_as_its_steps() -> None:
    rows = pd.DataFrame({"step": [4.0, 8.0], "loss": [1.0, 2.0], "low": [0.5, 1.5], "high": [9.0, 2.5], "points": 4})
    xs, ys = curves.measured(rows, "step")
    assert (xs.tolist(), ys.tolist()) == ([4, 4, 8, 8], [0.5, 9.0, 1.5, 2.5])
    means = curves.smoothed(rows, "step", 0.5)[1].tolist()
    assert means == pytest.approx([1.0, (2 + 0.5**4) / (1 + 0.5**4)])  # one step back weighs a half, four a sixteenth


def test_curves_run_over_what_was_chosen(workspace: Workspace) -> None:
    curve = curve_of(workspace)
    for axis, title in curves.X_TITLES.items():
        chart = curves.loss_curves(curve, COLORS, x=axis)
        assert chart.layout["xaxis"]["title"]["text"] == title
        assert chart.view == axis
        assert unpacked(chart.traces[0]["x"]).tolist() == (
            curve[curve["task"] == "sst2"][axis].to_numpy("<f4").tolist()
        )


def test_labels_of_curves_that_end_together_are_pushed_apart() -> None:
    losses = {"loss": 0.5, "low": 0.5, "high": 0.5, "points": 1}
    rows = [{"step": step, "task": task, **losses} for step in (1, 2) for task in COLORS]
    chart = curves.loss_curves(pd.DataFrame(rows), COLORS)
    shifts = sorted(label["yshift"] for label in chart.layout["annotations"])
    assert shifts[1] - shifts[0] >= curves.LABEL_GAP


def test_selection_scores_are_percentages_of_each_tasks_main_metric(workspace: Workspace) -> None:
    selection = watch.selection(workspace, builders.run(workspace, tasks="sst2,mnli"))
    chart = curves.selection_scores(selection, COLORS, {"sst2": "accuracy", "mnli": "accuracy"})
    assert chart.layout["yaxis"]["title"]["text"] == "accuracy (%)"
    assert unpacked(chart.traces[0]["y"]).tolist() == [65.0, 70.0, 75.0, 80.0]
    assert chart.alt == "Score on the validation split, latest values: sst2 80.0, mnli 80.0."


def test_a_task_that_is_gone_has_no_selection_curve(workspace: Workspace) -> None:
    selection = watch.selection(workspace, builders.run(workspace, tasks="sst2,mnli"))
    chart = curves.selection_scores(selection, COLORS, {"sst2": "accuracy"})
    assert [trace["name"] for trace in chart.traces] == ["sst2"]


def test_the_learning_rate_is_one_curve_for_all_tasks(workspace: Workspace) -> None:
    chart = curves.learning_rate(curve_of(workspace), x="examples")
    assert len(chart.traces) == 1
    assert chart.layout["xaxis"]["title"]["text"] == "step"
    assert chart.alt.startswith("Learning rate: highest 4.9e-05")


def test_drawn_bars_lie_over_planned_ones() -> None:
    chart = curves.draws([Draw("sst2", 10, 320, 5, 160, 0), Draw("mnli", 10, 320, 10, 320, 0)], COLORS)
    assert [(trace["y"], trace["x"]) for trace in chart.traces] == [
        (["mnli"], [320]),
        (["mnli"], [320]),
        (["sst2"], [320]),
        (["sst2"], [160]),
    ]
    assert chart.alt == "Examples drawn: sst2 160 of 320; mnli 320 of 320."


def test_an_axis_of_percents_never_blows_up_a_point() -> None:
    assert curves.score_range([44.4], ["accuracy"]) == (39.4, 49.4)
    assert curves.score_range([30.0, 90.0], ["accuracy"]) == (29.0, 91.0)
    assert curves.score_range([99.0], ["accuracy"]) == (94.0, 100.0)
    assert curves.score_range([], ["accuracy"]) == (0.0, 100.0)
