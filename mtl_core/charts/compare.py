"""Common parts of curves over each other: a line style each, and names at their ends that stay apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mtl_core.charts.curves import LABEL_GAP, Array, End, axes

TOGETHER = ("solid", "dash", "longdash", "dashdot", "longdashdot")
"""Line styles of multitask arms, in their order; single-task arms are thin and dotted."""
HEIGHT = 360
"""Pixels of the whole chart."""
PLOT = HEIGHT - 52
"""Pixels between its lowest and its highest value."""
LETTER = 6.2
"""Pixels of a label's letter, about."""
CLOSE = 0.03
"""Curves that end within this share of the x axis have their labels in one column."""
LONGEST = 48
"""Letters of a label at most; hovering tells the whole."""
LABELS = PLOT // LABEL_GAP
"""Labels that have room above each other; of more curves only hovering tells the names."""


def layout(ends: Sequence[End], heights: Sequence[Array], x_title: str, y_title: str) -> dict[str, Any]:
    """Axes that fit all `heights`; left to itself, plotly makes room for the labels inside of the plot."""
    if not ends:
        return axes(x_title, y_title, [])
    lowest, highest = min(float(ys.min()) for ys in heights), max(float(ys.max()) for ys in heights)
    width, pad = max(end.x for end in ends), 0.05 * (highest - lowest) or 1.0
    named = ends if len(ends) <= LABELS else []
    arranged = axes(x_title, y_title, _labels(named, lowest - pad, highest + pad, width))
    arranged["xaxis"]["range"] = [0.0, width]
    arranged["yaxis"]["range"] = [lowest - pad, highest + pad]
    arranged["margin"]["r"] = 16 + LETTER * max((len(_short(end.task)) for end in named), default=0)
    return arranged


def styles(arms: Sequence[tuple[str, bool]]) -> list[dict[str, Any]]:
    """The line of each arm, the same for all of its tasks. `arms`: a name, and whether it learned the task alone."""
    together = list(dict.fromkeys(name for name, alone in arms if not alone))
    return [
        {"width": 1.5, "dash": "dot"}
        if alone
        else {"width": 2.2, "dash": TOGETHER[together.index(name) % len(TOGETHER)]}
        for name, alone in arms
    ]


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
            **{"text": _short(end.task), "font": {"color": end.color}},
        }
        for end, height, place in zip(ends, heights, _spread(heights), strict=True)
    ]


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


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
