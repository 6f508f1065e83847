"""Data frame in, chart out: traces and layout as plotly's own plain dictionaries, in the colours of a light page."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mtl_core.charts.theme import QUIET
from mtl_core.charts.theme import Chart as Chart
from mtl_core.display import scores
from mtl_core.records import Draw

Array = NDArray[np.float64]
Colors = Mapping[str, str]
"""Task → its colour on a light page."""

POINTS = 1000
"""Points a curve that are sent to the browser at most."""
PLOT_HEIGHT = 270
"""Pixels of a curve's plot, about."""
LEAST_RANGE = 10.0
"""Percent points that an axis of scores spans at least."""
LABEL_GAP = 16
"""Pixels between neighbouring labels at the curves' ends."""
X_TITLES = {"step": "step", "examples": "examples of the task", "seconds": "seconds of training"}
"""What a curve can run over: columns of the steps table and their axis titles."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of a curve: the place of its label."""

    task: str
    color: str
    x: float
    y: float


def downsample(x: Array, y: Array, points: int = POINTS) -> tuple[Array, Array]:
    """At most about `points` points that keep every spike: the lowest and the highest of each stretch, in order.

    x, y: (N,) -> (M,), M <= points; the first and the last point always stay.
    """
    if len(x) <= points:
        return x, y
    width = -(-len(y) // max(1, (points - 2) // 2))
    whole = np.pad(y, (0, -len(y) % width), mode="edge").reshape(-1, width)  # (N,) -> (stretches, width)
    starts = np.arange(len(whole)) * width
    kept = np.concatenate([[0], starts + whole.argmin(axis=1), starts + whole.argmax(axis=1), [len(y) - 1]])
    places = np.unique(np.minimum(kept, len(y) - 1))
    return x[places], y[places]


def smooth(values: Array, strength: float) -> Array:
    """An exponential moving average that starts unbiased. `strength` 0 to below 1: the weight of what came before."""
    if strength < 1e-4 or len(values) == 0:
        return values
    return pd.Series(values).ewm(alpha=1 - strength, adjust=True).mean().to_numpy(dtype=float)


def measured(rows: pd.DataFrame, x: str) -> tuple[Array, Array]:
    """A curve as it was measured: the lowest and the highest of each stretch of steps, its one value where it has one.

    `rows` are one task's of `services.recorded.Recorded.curve`; `x` is one of its columns.
    """
    xs, low, high = _column(rows, x), _column(rows, "low"), _column(rows, "high")
    if np.array_equal(low, high):
        return xs, low
    return np.repeat(xs, 2), np.column_stack([low, high]).ravel()


def smoothed(rows: pd.DataFrame, x: str, strength: float) -> tuple[Array, Array]:
    """A curve smoothed over the steps that it was measured at: a point that stands for several counts as so many.

    `rows` are one task's of `services.recorded.Recorded.curve`; `x` is one of its columns.
    """
    losses = _column(rows, "loss")
    return _column(rows, x), smooth(losses, strength ** float(rows["points"].mean()) if strength > 0 else 0.0)


def packed(values: Array) -> dict[str, str]:
    """Little-endian float32 as base64, as plotly.js reads it: a quarter of the size of a list."""
    return {"dtype": "f4", "bdata": base64.b64encode(values.astype("<f4").tobytes()).decode()}


def loss_curves(curve: pd.DataFrame, colors: Colors, *, x: str = "step", smoothing: float = 0.6) -> Chart:
    """A loss curve a task: what was measured faint, its smoothed course strong, the task's name at its end.

    `curve` has the columns of `services.recorded.Recorded.curve`.
    """
    traces, ends, highest = [], [], 0.0
    for task in _tasks(curve, colors):
        rows = curve[curve["task"] == task]
        (xs, ys), highest = smoothed(rows, x, smoothing), max(highest, float(rows["high"].max()))
        if smoothing > 0:
            traces.append(curve_line(task, colors[task], *measured(rows, x), width=1, opacity=0.3, hoverinfo="skip"))
        hover = f"<b>{task}</b> %{{y:.3f}}<extra></extra>"
        traces.append(curve_line(task, colors[task], xs, ys, width=2, hovertemplate=hover))
        ends.append(End(task, colors[task], float(xs[-1]), float(ys[-1])))
    layout = axes(X_TITLES[x], "loss (nats)", end_labels(ends, 0.0, highest))
    layout["yaxis"]["rangemode"] = "tozero"
    return Chart(traces, layout, _course("Training loss", ends, "{:.2f}"), "loss", view=x)


def selection_scores(
    evaluations: pd.DataFrame, colors: Colors, metrics: Mapping[str, str], *, x: str = "step"
) -> Chart:
    """Scores on the validation split, in their metrics' units, a line a task. `metrics` has each task's metric.

    `evaluations` has the columns of `store.evaluations.curve`.
    """
    traces, ends, values = [], [], list[float]()
    for task in _tasks(evaluations, colors):
        rows = evaluations[(evaluations["task"] == task) & (evaluations["metric"] == metrics.get(task))]
        if rows.empty:
            continue
        xs, ys = _column(rows, x), scores.scale(metrics[task]) * _column(rows, "value")
        hover = f"<b>{task}</b> %{{y:.1f}}<extra></extra>"
        dots: dict[str, Any] = {"mode": "lines+markers", "marker": {"size": 7, "color": colors[task]}}
        traces.append(curve_line(task, colors[task], xs, ys, width=2, hovertemplate=hover, **dots))
        ends.append(End(task, colors[task], float(xs[-1]), float(ys[-1])))
        values += ys.tolist()
    lowest, highest = score_range(values, metrics.values())
    layout = axes(X_TITLES[x], metric_words(metrics), end_labels(ends, lowest, highest))
    layout["yaxis"]["range"] = [lowest, highest]
    return Chart(traces, layout, _course("Score on the validation split", ends, "{:.1f}"), "selection", view=x)


def score_range(values: Sequence[float], metrics: Iterable[str]) -> tuple[float, float]:
    """Ends of an axis around the scores: never so near that noise looks like progress, nor beyond what can be."""
    ends = [end for metric in metrics for end in scores.ends(metric)] or [0.0, 100.0]
    lowest, highest = min(values, default=min(ends)), max(values, default=max(ends))
    room = max(1.0, (LEAST_RANGE - (highest - lowest)) / 2) * (max(ends) - min(ends)) / 100
    return max(min(ends), lowest - room), min(max(ends), highest + room)


def learning_rate(curve: pd.DataFrame, *, x: str = "step") -> Chart:
    """The learning rate over a run, all tasks together."""
    rows = curve.drop_duplicates("step")
    axis = "step" if x == "examples" else x
    xs, ys = _column(rows, axis), _column(rows, "learning_rate")
    trace = curve_line("learning rate", QUIET, xs, ys, width=2, hovertemplate="%{y:.2e}<extra></extra>")
    layout = axes(X_TITLES[axis], "learning rate", [])
    layout["yaxis"] |= {"exponentformat": "power", "rangemode": "tozero"}
    peak = f"Learning rate: highest {ys.max():.1e}, now {ys[-1]:.1e}." if len(ys) else "Learning rate."
    return Chart([trace], layout, peak, "learning-rate", view=axis)


def draws(planned: Sequence[Draw], colors: Colors) -> Chart:
    """Examples that each task was to get, as outlines, and what it got, filled: a bar a task."""
    tasks = [draw.task for draw in planned][::-1]
    by_task = {draw.task: draw for draw in planned}
    traces = []
    for task in tasks:
        draw = by_task[task]
        base = {"type": "bar", "orientation": "h", "y": [task], "showlegend": False}
        counts = f"{draw.actual_examples:,} of {draw.planned_examples:,}"
        traces.append(
            {**base, "x": [draw.planned_examples], "marker": {"opacity": 0.25, "color": colors[task]}}
            | {"width": 0.62, "hoverinfo": "skip"}
            | {"text": [counts], "textposition": "outside", "cliponaxis": False}
        )
        hover = (
            f"<b>{task}</b> {counts} examples<br>{draw.actual_steps:,} of {draw.planned_steps:,} steps{_passes(draw)}"
        )
        done = {"marker": {"color": colors[task]}, "width": 0.34, "hovertemplate": f"{hover}<extra></extra>"}
        traces.append({**base, "x": [draw.actual_examples], **done})
    layout = axes("examples drawn", "", [])
    layout["yaxis"]["showgrid"] = False
    layout |= {"barmode": "overlay", "hovermode": "closest", "margin": {"l": 70, "r": 100, "t": 8, "b": 44}}
    alt = "Examples drawn: " + "; ".join(f"{d.task} {d.actual_examples:,} of {d.planned_examples:,}" for d in planned)
    return Chart(traces, layout, alt + ".", "draws")


def _passes(draw: Draw) -> str:
    """Epochs and tokens, where the run has counted them."""
    if not draw.size:
        return ""
    tokens = f"{draw.actual_tokens:,} of about {draw.planned_tokens:,} tokens"
    return f"<br>{draw.actual_epochs:.3g} of {draw.planned_epochs:.3g} epochs<br>{tokens}"


def _tasks(frame: pd.DataFrame, colors: Colors) -> list[str]:
    """The tasks that a frame speaks of, in the order of `colors`."""
    present = set(frame["task"].unique())
    return [task for task in colors if task in present]


def _column(frame: pd.DataFrame, name: str) -> Array:
    return frame[name].to_numpy(dtype=float)


def curve_line(
    name: str, color: str, x: Array, y: Array, *, width: float, dash: str = "solid", **more: Any
) -> dict[str, Any]:
    """A trace of one curve, downsampled; a dot where it is a single point. Dots at the plot's edge are drawn whole."""
    x, y = downsample(x, y)
    base = {"type": "scatter", "mode": "lines", "name": name, "showlegend": False}
    line = {"width": width, "dash": dash, "color": color}
    dot = {"mode": "lines+markers", "marker": {"size": 7, "color": color}} if len(x) == 1 else {}
    return {**base, "line": line, "cliponaxis": False, "x": packed(x), "y": packed(y), **dot, **more}


def axes(x_title: str, y_title: str, labels: list[dict[str, Any]]) -> dict[str, Any]:
    """A layout with axis titles and `end_labels`."""
    return {
        "xaxis": {"title": {"text": x_title}, "zeroline": False, "showgrid": False, "rangemode": "tozero"},
        "yaxis": {"title": {"text": y_title}, "zeroline": False, "automargin": True},
        "margin": {"l": 56, "r": 64 if labels else 16, "t": 8, "b": 44},
        "hovermode": "x unified",
        "annotations": labels,
        "meta": {"labels_at_ends": bool(labels)},
    }


def end_labels(ends: Sequence[End], lowest: float, highest: float) -> list[dict[str, Any]]:
    """Names at the ends of their curves, pushed apart where curves end close together on an axis of that range."""
    scale = PLOT_HEIGHT / max(highest - lowest, 1e-9)
    labels: list[dict[str, Any]] = []
    above, x = -np.inf, max((end.x for end in ends), default=0.0)
    for end in sorted(ends, key=lambda end: end.y):
        above = max(end.y * scale, above + LABEL_GAP)
        place = {"x": x, "y": end.y, "xshift": 6, "yshift": above - end.y * scale, "xanchor": "left"}
        labels.append({**place, "text": end.task, "showarrow": False, "font": {"color": end.color}})
    return labels


def metric_words(metrics: Mapping[str, str]) -> str:
    """The metrics' names with their units, each once."""
    return " / ".join(dict.fromkeys(map(scores.header, metrics.values())))


def _course(what: str, ends: Sequence[End], form: str) -> str:
    """One sentence for those who can't see the chart."""
    if not ends:
        return f"{what}: nothing yet."
    return f"{what}, latest values: " + ", ".join(f"{end.task} {form.format(end.y)}" for end in ends) + "."
