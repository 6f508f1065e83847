"""Effects with their intervals, a row a comparison: seeds as dots, the margin shaded, the verdict as sign and tone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import plotly.graph_objects as go

from mtl_core.display.verdicts import COLORS, SIGNS, interval_text, signed

ROW, FRAME = 46, 96
"""Pixels of a row, and of what stands around them."""
MARGIN = "rgba(127,127,127,0.14)"
BELOW = 0.24
"""How far under its row's middle a seed's dot stands, in rows."""
LONGEST = 44
"""Characters of a row's name."""
NOTHING_YET = "no result yet"


@dataclass(frozen=True, slots=True)
class Effect:
    """One row, in points. NaN where there is no interval."""

    label: str
    effect: float
    low: float
    high: float
    differences: Sequence[float]
    """A seed each, where seeds are paired."""
    decision: str


def height(rows: int) -> int:
    """Pixels that a figure of so many rows needs."""
    return FRAME + ROW * max(rows, 1)


def effects(rows: Sequence[Effect], margin: float) -> go.Figure:
    """All rows under each other, the first on top. Positive: the treatment is better."""
    figure = go.Figure()
    figure.add_vrect(x0=-margin, x1=margin, fillcolor=MARGIN, line_width=0, layer="below")
    figure.add_vline(x=0, line={"width": 1, "color": "#566270"}, layer="below")
    for place, row in enumerate(rows):
        if not isfinite(row.effect):
            figure.add_annotation(x=0, y=place, text=NOTHING_YET, showarrow=False, xanchor="left", xshift=6)
    for decision in dict.fromkeys(row.decision for row in rows):
        _drawn(figure, [(place, row) for place, row in enumerate(rows) if row.decision == decision])
    figure.update_layout(
        height=height(len(rows)),
        margin={"l": 8, "r": 16, "t": 8, "b": 48},
        showlegend=False,
        xaxis={"title": "effect (points); grey: the margin", "range": _range(rows, margin), "zeroline": False},
        yaxis={
            "tickvals": list(range(len(rows))),
            "ticktext": [f"{SIGNS[row.decision]} {_short(row.label)}" for row in rows],
            "range": [len(rows) - 0.5, -0.5],
            "automargin": True,
            "showgrid": False,
            "zeroline": False,
        },
    )
    return figure


def alternative(rows: Sequence[Effect], margin: float) -> str:
    """The figure in words."""
    effects = "; ".join(f"{row.label}: {row.decision}, {_text(row)}" for row in rows)
    return f"Effects in points, margin {margin:g}: {effects}."


def _drawn(figure: go.Figure, rows: Sequence[tuple[int, Effect]]) -> None:
    """Rows of one decision, few traces for many rows: intervals, then seeds, then effects."""
    color = COLORS[rows[0][1].decision][0]
    lines = [(place, row) for place, row in rows if isfinite(row.low)]
    if lines:
        figure.add_scatter(
            x=[value for _, row in lines for value in (row.low, row.high, None)],
            y=[value for place, _ in lines for value in (place, place, None)],
            mode="lines",
            line={"width": 3, "color": color},
            hoverinfo="skip",
        )
    seeds = [(place, value) for place, row in rows for value in row.differences]
    if seeds:
        figure.add_scatter(
            x=[value for _, value in seeds],
            y=[place + BELOW for place, _ in seeds],
            mode="markers",
            marker={"size": 7, "color": color, "opacity": 0.45},
            hovertemplate="one seed: %{x:+.1f} points<extra></extra>",
        )
    means = [(place, row) for place, row in rows if isfinite(row.effect)]
    if means:
        figure.add_scatter(
            x=[row.effect for _, row in means],
            y=[place for place, _ in means],
            customdata=[_text(row) for _, row in means],
            mode="markers",
            marker={"size": 13, "color": color, "symbol": "diamond"},
            hovertemplate=f"<b>{rows[0][1].decision}</b> %{{customdata}}<extra></extra>",
        )


def _text(row: Effect) -> str:
    if not isfinite(row.effect):
        return NOTHING_YET
    return f"{signed(row.effect)} {interval_text(row.low, row.high)}".rstrip() + " points"


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 2]} …"


def _range(rows: Sequence[Effect], margin: float) -> list[float]:
    """Everything with some air, zero and the margin always in it."""
    values = [value for row in rows for value in (row.effect, row.low, row.high, *row.differences) if isfinite(value)]
    low, high = min([-margin, *values]), max([margin, *values])
    air = 0.06 * (high - low)
    return [low - air, high + air]
