"""An effect over the size of the target's data, and the scores that it is the difference of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log10

import plotly.graph_objects as go

from mtl_core.display.colors import task_color
from mtl_core.display.verdicts import COLORS, SIGNS

QUIET, PAPER = "#566270", "#FFFFFF"
BAND = "rgba(86,98,112,0.12)"
ROOM = 0.12
"""Decades of the axis left of the smallest and right of the largest size."""
BESIDE = 1.02
"""Factor by which the two arms' points are moved apart, so that their intervals don't hide each other."""


@dataclass(frozen=True, slots=True)
class SizeEffect:
    """The helper's effect at one size, in points; not a number where nothing is known."""

    size: int
    effect: float
    low: float
    high: float
    decision: str
    hover_text: str


@dataclass(frozen=True, slots=True)
class Reached:
    """The score of one arm at one size, in percent; `half` an interval is not a number below two seeds."""

    size: int
    mean: float
    half: float


def effects(points: Sequence[SizeEffect], margin: float, x_title: str) -> go.Figure:
    """Effects with their intervals and verdict signs, the margin shaded about nothing."""
    known = [point for point in points if isfinite(point.effect)]
    figure = go.Figure()
    figure.add_hrect(y0=-margin, y1=margin, fillcolor=BAND, line_width=0, layer="below")
    figure.add_hline(y=0, line={"color": QUIET, "width": 1})
    figure.add_scatter(
        **_xy(known), mode="lines", line={"color": QUIET, "width": 1.2}, hoverinfo="skip", showlegend=False
    )
    for decision in dict.fromkeys(point.decision for point in known):
        figure.add_trace(_marks([point for point in known if point.decision == decision], decision))
    layout = _layout([point.size for point in points], x_title, "effect (points)")
    return figure.update_layout(layout).update_layout(annotations=[_sign(point) for point in known])


def scores(
    task: str, alone: Sequence[Reached], together: Sequence[Reached], helper: str, x_title: str, y_title: str
) -> go.Figure:
    """The target's scores alone, thin and dotted, and with its helper, solid."""
    figure, color = go.Figure(), task_color(task, dark=False)
    ends = []
    for name, aside, dash, points in (("alone", 1 / BESIDE, "dot", alone), (helper, BESIDE, "solid", together)):
        known = [point for point in points if isfinite(point.mean)]
        figure.add_scatter(
            x=[point.size * aside for point in known],
            y=[point.mean for point in known],
            error_y={"type": "data", "array": [_or_none(point.half) for point in known], "thickness": 1, "width": 3},
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 2.2 if dash == "solid" else 1.5},
            marker={"size": 6},
            hovertemplate=f"<b>{name}</b> %{{y:.1f}}<extra></extra>",
            showlegend=False,
        )
        ends += [(known[-1], name)] if known else []
    figure.update_layout(_layout([point.size for point in (*alone, *together)], x_title, y_title))
    return figure.update_layout(annotations=_ends(ends), margin={"r": 24 + 7 * max([len(n) for _, n in ends] or [0])})


def _xy(points: Sequence[SizeEffect]) -> dict[str, list[float]]:
    return {"x": [point.size for point in points], "y": [point.effect for point in points]}


def _marks(points: Sequence[SizeEffect], decision: str) -> go.Scatter:
    """Points of one verdict, with what stands about them; hollow where there is no interval."""
    color = COLORS[decision][0]
    fill = [color if isfinite(point.low) else PAPER for point in points]
    up = [_or_none(point.high - point.effect) for point in points]
    down = [_or_none(point.effect - point.low) for point in points]
    return go.Scatter(
        **_xy(points),
        mode="markers",
        marker={"color": fill, "size": 10, "line": {"color": color, "width": 1.8}},
        error_y={"type": "data", "array": up, "arrayminus": down, "color": color, "thickness": 1.6, "width": 5},
        customdata=[point.hover_text for point in points],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )


def _sign(point: SizeEffect) -> dict[str, object]:
    """The verdict's sign over the upper end of the interval; a log axis places notes by exponents."""
    top = point.high if isfinite(point.high) else point.effect
    place = {"x": log10(point.size), "y": top, "yanchor": "bottom", "yshift": 4, "showarrow": False}
    return {
        **place,
        "text": f"<b>{SIGNS[point.decision]}</b>",
        "font": {"color": COLORS[point.decision][0], "size": 15},
    }


def _ends(ends: Sequence[tuple[Reached, str]]) -> list[dict[str, object]]:
    """Names beside the curves' last points, the higher one lifted, the lower one lowered."""
    ordered = sorted(ends, key=lambda end: end[0].mean)
    shifts = (-8, 8) if len(ordered) == 2 else (0,)
    return [
        {"x": log10(point.size), "y": point.mean, "xshift": 9, "yshift": shift, "xanchor": "left", "showarrow": False}
        | {"text": name}
        for (point, name), shift in zip(ordered, shifts, strict=False)
    ]


def _layout(sizes: Sequence[int], x_title: str, y_title: str) -> go.Layout:
    known = sorted(set(sizes))
    return go.Layout(
        xaxis={
            **{"type": "log", "title": {"text": x_title}, "showgrid": False, "zeroline": False},
            **{"tickvals": known, "ticktext": [f"{size:,}" for size in known]},
            "range": [log10(known[0]) - ROOM, log10(known[-1]) + ROOM],
        },
        yaxis={"title": {"text": y_title}, "zeroline": False},
        margin={"l": 60, "r": 24, "t": 24, "b": 48},
        hovermode="closest",
    )


def _or_none(value: float) -> float | None:
    return value if isfinite(value) else None
