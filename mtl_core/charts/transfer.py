"""The transfer matrix as a picture: a cell per helper and target, coloured only where there is a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from mtl_core.display.verdicts import COLORS, SIGNS

ROW, HEAD, COLUMN = 64, 56, 190
"""Pixels of a row, of all that is not rows, and of a column, about."""
FAINTEST, STRONGEST = 0.16, 0.6
"""Opacity of the smallest and of the largest effect that has a verdict."""
GREY, QUIET = "rgba(86,98,112,0.09)", "#566270"


@dataclass(frozen=True, slots=True)
class Cell:
    """One helper's effect on one target."""

    decision: str
    effect: float
    """Points; not a number where there is no verdict."""
    text: str
    """Effect and interval, as they are read."""
    hover_text: str
    """More of it, on hover."""


def heat(
    rows: Sequence[str], columns: Sequence[str], cells: Mapping[tuple[str, str], Cell], heading: str = "helper"
) -> go.Figure:
    """Helpers in rows, targets in columns. A cell of the figure has its [row, column] as `customdata`."""
    strongest = max((abs(cell.effect) for cell in cells.values() if cell.decision in ("helps", "hurts")), default=1.0)
    shapes, notes = [], []
    for y, row in enumerate(rows):
        for x, column in enumerate(columns):
            cell = cells.get((row, column))
            notes.append({"x": x, "y": y, "showarrow": False, "text": _words(cell) if cell else "–"})
            if cell:
                shapes.append(_box(x, y, color(cell, strongest)))
    figure = go.Figure(_touched(rows, columns, cells), _layout(rows, columns, heading))
    return figure.update_layout(shapes=shapes, annotations=notes)


def height(rows: Sequence[str]) -> int:
    """Pixels of the figure."""
    return HEAD + ROW * len(rows)


def width(columns: Sequence[str]) -> int:
    """Pixels that it should have at most."""
    return COLUMN * (len(columns) + 1)


def color(cell: Cell, strongest: float) -> str:
    """Blue for help and orange for harm, the stronger the larger the effect; grey without such a verdict."""
    if cell.decision not in ("helps", "hurts"):
        return GREY
    red, green, blue = (int(COLORS[cell.decision][0][place : place + 2], 16) for place in (1, 3, 5))
    part = abs(cell.effect) / strongest if strongest else 1.0
    return f"rgba({red},{green},{blue},{FAINTEST + part * (STRONGEST - FAINTEST):.2f})"


def _words(cell: Cell) -> str:
    effect, _, interval = cell.text.partition(" ")
    return f"<b>{SIGNS[cell.decision]} {effect}</b><br><span style='font-size:12px'>{interval}</span>"


def _box(x: int, y: int, fill: str) -> dict[str, object]:
    gap = {"x0": x - 0.485, "x1": x + 0.485, "y0": y - 0.46, "y1": y + 0.46}
    return {"type": "rect", **gap, "fillcolor": fill, "line": {"width": 0}, "layer": "below"}


def _touched(rows: Sequence[str], columns: Sequence[str], cells: Mapping[tuple[str, str], Cell]) -> go.Heatmap:
    """Invisible cells to hover and click; nothing where there is no cell."""
    return go.Heatmap(
        z=[[0 if (row, column) in cells else None for column in columns] for row in rows],
        customdata=[[[row, column] for column in columns] for row in rows],
        text=[[cells[row, column].hover_text if (row, column) in cells else "" for column in columns] for row in rows],
        colorscale=[[0, "rgba(0,0,0,0)"], [1, "rgba(0,0,0,0)"]],
        showscale=False,
        hoverongaps=False,
        hovertemplate="%{text}<extra></extra>",
    )


def _layout(rows: Sequence[str], columns: Sequence[str], heading: str) -> go.Layout:
    axis = {"showgrid": False, "zeroline": False, "ticks": "", "fixedrange": True}
    return go.Layout(
        xaxis={
            **{**axis, "side": "top", "range": [-0.5, len(columns) - 0.5], "title": {"text": "target"}},
            **{"tickvals": list(range(len(columns))), "ticktext": list(columns)},
        },
        yaxis={
            **{**axis, "range": [len(rows) - 0.5, -0.5], "title": {"text": heading}},
            **{"tickvals": list(range(len(rows))), "ticktext": list(rows)},
        },
        margin={"l": 24, "r": 8, "t": 48, "b": 8},
        hovermode="closest",
    )
