"""Curves of several runs over each other: the colour is the task, the line's style is the arm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mtl_core.charts import (
    LABEL_GAP,
    X_TITLES,
    Array,
    Chart,
    Colors,
    End,
    axes,
    curve_line,
    metric_words,
    smooth,
)

TOGETHER = ("solid", "dash", "longdash", "dashdot", "longdashdot")
"""Line styles of multitask arms, in their order; single-task arms are thin and dotted."""
HEIGHT = 360
"""Pixels of the whole chart."""
PLOT = HEIGHT - 52
"""Pixels between its lowest and its highest value."""
LETTER = 7.5
"""Pixels of a label's letter, about."""
CLOSE = 0.03
"""Curves that end within this share of the x axis have their labels in one column."""


@dataclass(frozen=True, slots=True)
class Arm:
    """How one run's curve of one task is named and drawn."""

    run: str
    task: str
    label: str
    alone: bool


Drawn = tuple[Arm, Array, Array]
"""An arm with its x and y: (N,) each."""


def losses(curves: pd.DataFrame, arms: Sequence[Arm], colors: Colors, *, x: str, smoothing: float) -> Chart:
    """Smoothed training loss, a curve for each arm. `curves` has the columns of `store.steps.curve`, and `run`."""
    drawn = []
    for arm, rows in _rows(curves, arms):
        xs, ys = rows[x].to_numpy(dtype=float), rows["loss"].to_numpy(dtype=float)
        drawn.append((arm, xs, smooth(ys, smoothing)))
    return _chart(drawn, colors, x, "loss (nats)", "Training loss", "{:.2f}", "compare-loss")


def selection_scores(
    evaluations: pd.DataFrame, arms: Sequence[Arm], colors: Colors, metrics: Mapping[str, str], *, x: str
) -> Chart:
    """Each task's main metric on its selection split, in percent, a curve for each arm.

    `evaluations` has the columns of `store.evaluations.curve`, and `run`.
    """
    drawn = []
    for arm, rows in _rows(evaluations, arms):
        rows = rows[rows["metric"] == metrics.get(arm.task)]
        if not rows.empty:
            drawn.append((arm, rows[x].to_numpy(dtype=float), 100 * rows["value"].to_numpy(dtype=float)))
    names = metric_words({arm.task: metrics[arm.task] for arm, _, _ in drawn})
    return _chart(drawn, colors, x, f"{names} (%)", "Score on the selection split", "{:.1f}", "compare-selection")


def _rows(frame: pd.DataFrame, arms: Sequence[Arm]) -> Iterator[tuple[Arm, pd.DataFrame]]:
    for arm in arms:
        rows = frame[(frame["run"] == arm.run) & (frame["task"] == arm.task)] if not frame.empty else frame
        if not rows.empty:
            yield arm, rows


def _chart(
    drawn: Sequence[Drawn],
    colors: Colors,
    x: str,
    y_title: str,
    what: str,
    form: str,
    name: str,
) -> Chart:
    styles = _styles([arm for arm, _, _ in drawn])
    traces, ends = [], []
    for arm, xs, ys in drawn:
        said = f"<b>{arm.task}</b> {arm.label} %{{y:{'.3f' if 'loss' in name else '.1f'}}}<extra></extra>"
        line = styles[arm.label]
        traces.append(
            curve_line(
                f"{arm.task} {arm.label}", colors[arm.task], xs, ys, width=line["width"], line=line, hovertemplate=said
            )
        )
        ends.append(End(arm.label, colors[arm.task], float(xs[-1]), float(ys[-1])))
    layout = _layout(ends, drawn, X_TITLES[x], y_title)
    latest = ", ".join(f"{arm.task} {arm.label} {form.format(ys[-1])}" for arm, _, ys in drawn)
    return Chart(traces, layout, f"{what}, latest values: {latest}." if latest else f"{what}: nothing yet.", name, x)


def _layout(ends: Sequence[End], drawn: Sequence[Drawn], x_title: str, y_title: str) -> dict[str, Any]:
    """Axes that fit the curves; left to itself, plotly makes room for the labels inside of the plot."""
    if not drawn:
        return axes(x_title, y_title, [])
    lowest, highest = min(float(ys.min()) for *_, ys in drawn), max(float(ys.max()) for *_, ys in drawn)
    width, pad = max(end.x for end in ends), 0.05 * (highest - lowest) or 1.0
    layout = axes(x_title, y_title, _labels(ends, lowest - pad, highest + pad, width))
    layout["xaxis"]["range"] = [0.0, width]
    layout["yaxis"]["range"] = [lowest - pad, highest + pad]
    layout["margin"]["r"] = 16 + LETTER * max(len(end.task) for end in ends)
    return layout


def _styles(arms: Sequence[Arm]) -> dict[str, dict[str, Any]]:
    """Each label's line, the same for all tasks."""
    together = list(dict.fromkeys(arm.label for arm in arms if not arm.alone))
    styles: dict[str, dict[str, Any]] = {arm.label: {"width": 1.5, "dash": "dot"} for arm in arms if arm.alone}
    for place, label in enumerate(together):
        styles[label] = {"width": 2.2, "dash": TOGETHER[place % len(TOGETHER)]}
    return styles


def _labels(ends: Sequence[End], lowest: float, highest: float, width: float) -> list[dict[str, Any]]:
    """Names at the curves' ends, in a column for all that end at about the same place of the x axis."""
    columns: list[list[End]] = []
    for end in sorted(ends, key=lambda end: end.x):
        if columns and end.x - columns[-1][0].x <= CLOSE * width:
            columns[-1].append(end)
        else:
            columns.append([end])
    scale = PLOT / max(highest - lowest, 1e-9)
    return [label for column in columns for label in _column(column, lowest, scale)]


def _column(ends: Sequence[End], lowest: float, scale: float) -> list[dict[str, Any]]:
    ends = sorted(ends, key=lambda end: end.y)
    edge, heights = max(end.x for end in ends), [(end.y - lowest) * scale for end in ends]
    return [
        {
            **{"x": edge, "y": end.y, "xshift": 6, "yshift": place - height, "xanchor": "left", "showarrow": False},
            **{"text": end.task, "meta": {"light": end.colors[0], "dark": end.colors[1]}},
        }
        for end, height, place in zip(ends, heights, _spread(heights), strict=True)
    ]


def _spread(heights: Sequence[float]) -> list[float]:
    """Places at least a label apart for rising heights (pixels), as near to them as the plot's top allows."""
    places: list[float] = []
    for height in heights:
        places.append(max(height, places[-1] + LABEL_GAP) if places else height)
    ceiling = PLOT - LABEL_GAP / 2
    for place in reversed(range(len(places))):
        places[place] = min(places[place], ceiling)
        ceiling = places[place] - LABEL_GAP
    return places
