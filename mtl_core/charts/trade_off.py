"""Two tasks against each other: a point per condition, what each task reaches alone, and the front."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from statistics import fmean

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtl_core.display.colors import task_color

QUIET, INK, PAPER = "#566270", "#1C2530", "#FFFFFF"
CLOUD, EDGE = "rgba(86,98,112,0.07)", "rgba(86,98,112,0.45)"
WIDE, HIGH = 700, 300
"""Pixels from the first to the last mark, about."""
SIDES = {
    **{"middle right": (45, 0), "middle left": (-45, 0), "top center": (0, 18), "bottom center": (0, -18)},
    **{"top right": (38, 14), "top left": (-38, 14), "bottom right": (38, -14), "bottom left": (-38, -14)},
}
"""Where the middle of a label is, in pixels from its mark."""
Outline = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Dot:
    """One arm's means, in percent, and its seeds."""

    label: str
    x: float
    y: float
    weighted: bool
    """Whether it has static weights: then it is a point of the curve."""
    front: bool
    outline: Outline | None
    """Its ellipse; None below three seeds."""
    seeds: Outline
    """A point a seed."""
    hover_text: str
    """More of it, on hover."""


def trade_off(
    dots: Sequence[Dot],
    tasks: tuple[str, str],
    titles: tuple[str, str],
    alone: tuple[Mapping[str, float], Mapping[str, float]],
) -> go.Figure:
    """Scores of the first task on x, of the second on y. Static weights make a curve, in the order of `dots`.

    `alone`: each task's baselines in percent, by what to call them. Filled marks are on the front.
    """
    weighted = [dot for dot in dots if dot.weighted]
    others = [dot for dot in dots if not dot.weighted]
    figure = go.Figure([trace for dot in dots for trace in _seeds(dot)])
    if len(weighted) > 1:
        xs, ys = [dot.x for dot in weighted], [dot.y for dot in weighted]
        figure.add_scatter(x=xs, y=ys, mode="lines", line={"color": QUIET, "width": 1.5}, hoverinfo="skip")
    for group, symbol in ((weighted, "circle"), (others, "diamond")):
        if group:
            figure.add_trace(_marks(group, symbol, dots))
    _alone(figure, tasks, alone, fmean(dot.x for dot in dots) if dots else 0.0)
    figure.update_layout(
        xaxis={"title": {"text": titles[0]}, "zeroline": False},
        yaxis={"title": {"text": titles[1]}, "zeroline": False},
        showlegend=False,
        hovermode="closest",
        margin={"l": 60, "r": 24, "t": 24, "b": 48},
    )
    return figure


def _seeds(dot: Dot) -> list[go.Scatter]:
    """Faint dots, one a seed, in their ellipse, or joined where there are two."""
    xs, ys = dot.seeds
    common = {"hoverinfo": "skip", "showlegend": False}
    found = []
    if dot.outline is not None:
        line = {"color": EDGE, "width": 1, "dash": "solid" if dot.weighted else "dot"}
        found.append(
            go.Scatter(
                x=dot.outline[0], y=dot.outline[1], mode="lines", fill="toself", fillcolor=CLOUD, line=line, **common
            )
        )
    if len(xs) > 1:
        mode = "markers+lines" if len(xs) == 2 else "markers"
        style = {"marker": {"color": QUIET, "size": 4, "opacity": 0.6}, "line": {"color": QUIET, "width": 1}}
        found.append(go.Scatter(x=xs, y=ys, mode=mode, **style, opacity=0.6, **common))
    return found


def _marks(group: Sequence[Dot], symbol: str, dots: Sequence[Dot]) -> go.Scatter:
    """Filled where on the front, hollow elsewhere, with their names beside them."""
    marker = {
        "symbol": symbol,
        "size": 11,
        "color": [INK if dot.front else PAPER for dot in group],
        "line": {"color": INK, "width": 1.6},
    }
    return go.Scatter(
        x=[dot.x for dot in group],
        y=[dot.y for dot in group],
        mode="markers+text",
        marker=marker,
        text=[f" {dot.label} " for dot in group],
        textposition=[label_place(dot, dots) for dot in group],
        customdata=[dot.hover_text for dot in group],
        hovertemplate="%{customdata}<extra></extra>",
        cliponaxis=False,
    )


def label_place(dot: Dot, dots: Sequence[Dot]) -> str:
    """The side of a mark on which the fewest marks and lines are near, as plotly names it."""
    wide = (max(one.x for one in dots) - min(one.x for one in dots) or 1.0) / WIDE
    high = (max(one.y for one in dots) - min(one.y for one in dots) or 1.0) / HIGH
    curve = [one for one in dots if one.weighted]
    steps = np.linspace(0.1, 0.9, 9)
    near = [(one.x, one.y) for one in dots if one is not dot]
    near += [(one.x + t * (to.x - one.x), one.y + t * (to.y - one.y)) for one, to in pairwise(curve) for t in steps]

    def room(side: tuple[float, float]) -> float:
        gaps = (hypot((x - dot.x) / wide - side[0], (y - dot.y) / high - side[1]) for x, y in near)
        return min(gaps, default=0.0)

    return max(SIDES, key=lambda name: room(SIDES[name]))


def _alone(
    figure: go.Figure, tasks: tuple[str, str], alone: tuple[Mapping[str, float], Mapping[str, float]], middle: float
) -> None:
    """A dotted line a baseline, in its task's colour; names on the side of the line where the marks' `middle` is."""
    for name, value in alone[0].items():
        line = {"color": task_color(tasks[0], dark=False), "dash": "dot", "width": 1.8}
        figure.add_vline(x=value, line=line, annotation={"text": name, "textangle": -90, "yanchor": "bottom"})
        inner = "right" if value > middle else "left"
        figure.layout.annotations[-1].update(xanchor=inner, yref="paper", y=0.02, xshift=2 if inner == "left" else -2)
    for name, value in alone[1].items():
        line = {"color": task_color(tasks[1], dark=False), "dash": "dot", "width": 1.8}
        figure.add_hline(y=value, line=line, annotation={"text": name, "xanchor": "left", "yanchor": "bottom"})
        figure.layout.annotations[-1].update(xref="paper", x=0.01)
