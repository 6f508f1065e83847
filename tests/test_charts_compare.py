from __future__ import annotations

import itertools

import pandas as pd
import pytest

from mtl_core import charts_compare
from mtl_core.charts_compare import Arm

COLORS = {"sst2": ("#E69F00", "#F7B934"), "mnli": ("#0072B2", "#4CA6E8")}
ARMS = [Arm("a", "sst2", "alone", True), Arm("b", "sst2", "with mnli", False), Arm("c", "sst2", "with squad", False)]


def steps(run: str, last: float, count: int = 10) -> pd.DataFrame:
    rows = [{"run": run, "task": "sst2", "step": n, "examples": 32 * n, "loss": last} for n in range(1, count + 1)]
    return pd.DataFrame(rows)


def test_colour_is_the_task_and_style_the_arm() -> None:
    curves = pd.concat([steps(run, 0.5) for run in "abc"])
    chart = charts_compare.losses(curves, ARMS, COLORS, x="step", smoothing=0.5)
    assert [trace["line"]["dash"] for trace in chart.traces] == ["dot", "solid", "dash"]
    assert chart.traces[0]["line"]["width"] < chart.traces[1]["line"]["width"]
    assert {trace["meta"]["light"] for trace in chart.traces} == {"#E69F00"}
    assert chart.layout["yaxis"]["title"]["text"] == "loss (nats)"
    assert chart.alt == ("Training loss, latest values: sst2 alone 0.50, sst2 with mnli 0.50, sst2 with squad 0.50.")


def test_labels_at_the_same_end_stand_apart_and_inside_of_the_plot() -> None:
    curves = pd.concat([steps(run, last) for run, last in zip("abc", (0.9, 0.9, 0.3), strict=True)])
    chart = charts_compare.losses(curves, ARMS, COLORS, x="step", smoothing=0.0)
    low, high = chart.layout["yaxis"]["range"]
    heights = sorted(
        (label["y"] - low) / (high - low) * charts_compare.PLOT + label["yshift"]
        for label in chart.layout["annotations"]
    )
    assert all(later - earlier >= 15.9 for earlier, later in itertools.pairwise(heights))
    assert heights[-1] <= charts_compare.PLOT


def test_a_shorter_curve_has_its_label_at_its_own_end() -> None:
    curves = pd.concat([steps("a", 0.5, count=4), steps("b", 0.5)])
    chart = charts_compare.losses(curves, ARMS, COLORS, x="examples", smoothing=0.0)
    assert [label["x"] for label in chart.layout["annotations"]] == [128, 320]
    assert chart.layout["xaxis"]["range"] == [0.0, 320]


def test_selection_shows_the_main_metric_in_percent() -> None:
    rows = [
        {"run": "a", "task": "sst2", "step": step, "metric": metric, "value": value}
        for step in (10, 20)
        for metric, value in (("accuracy", 0.875), ("loss", 0.3))
    ]
    chart = charts_compare.selection_scores(pd.DataFrame(rows), ARMS, COLORS, {"sst2": "accuracy"}, x="step")
    assert chart.layout["yaxis"]["title"]["text"] == "accuracy (%)"
    assert chart.alt == "Score on the selection split, latest values: sst2 alone 87.5."


@pytest.mark.parametrize("frame", [pd.DataFrame(), steps("other", 0.5)])
def test_nothing_recorded_is_an_empty_chart(frame: pd.DataFrame) -> None:
    chart = charts_compare.losses(frame, ARMS, COLORS, x="step", smoothing=0.5)
    assert (chart.traces, chart.alt) == ([], "Training loss: nothing yet.")
