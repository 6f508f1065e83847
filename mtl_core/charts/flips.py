"""Examples gained and lost between two arms, as bars against what two seeds of one arm flip anyway."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtl_core.display.verdicts import COLORS

Array = NDArray[np.float64]

GAINED, LOST = COLORS["helps"][0], COLORS["hurts"][0]
QUIET, GRID = "#566270", "#DDE2E8"
HEIGHT = 240
SPREAD = 0.24
"""How far from a bar's middle the dots of its pairs stand, in bars."""


def bars(gained: Array, lost: Array, noise: Array, floor: float | None) -> go.Figure:
    """A bar each for what is gained and lost between two runs, the mean over pairs, and a dot a pair.

    gained, lost: (pairs,), examples in each pair of runs across the arms. noise: (pairs,), examples that flip one way
    within an arm, drawn as a strip from the lowest to the highest pair; `floor`, their mean, as a line. None: no
    arm has two runs, and nothing is drawn of it.
    """
    figure = go.Figure()
    for place, (words, values, color) in enumerate((("lost", lost, LOST), ("gained", gained, GAINED))):
        figure.add_trace(_bar(words, place, values, color))
        figure.add_trace(_dots(words, place, values, color))
    if floor is not None:
        figure.add_vrect(
            x0=float(noise.min()), x1=float(noise.max()), fillcolor=QUIET, opacity=0.18, line_width=0, layer="above"
        )
        figure.add_vline(x=floor, line={"color": QUIET, "dash": "dash", "width": 2})
        words = "two seeds of one condition"
        figure.add_annotation(
            x=floor, y=1, yref="paper", yanchor="bottom", text=words, showarrow=False, font={"color": QUIET}
        )
    return figure.update_layout(_layout(max([0.0, *gained, *lost, *noise])))


def _bar(words: str, place: int, values: Array, color: str) -> go.Bar:
    mean = float(values.mean())
    hover = f"<b>{words}</b> {mean:,.1f} examples between two runs<extra></extra>"
    return go.Bar(
        x=[mean],
        y=[place],
        orientation="h",
        width=0.62,
        marker={"color": color, "opacity": 0.55},
        showlegend=False,
        hovertemplate=hover,
    )


def _dots(words: str, place: int, values: Array, color: str) -> go.Scatter:
    """The pairs one above the other over the bar at `place`."""
    offsets = np.linspace(-SPREAD, SPREAD, len(values)) if len(values) > 1 else np.zeros(1)
    return go.Scatter(
        x=values,
        y=place + offsets,
        mode="markers",
        marker={"color": color, "size": 7, "line": {"color": "#FFFFFF", "width": 1}},
        showlegend=False,
        hovertemplate=f"<b>{words}</b> %{{x:,.0f}} examples between one pair of runs<extra></extra>",
    )


def _layout(most: float) -> dict[str, object]:
    axis = {"title": {"text": "dev examples that change between two runs"}, "range": [0, 1.06 * most or 1.0]}
    return {
        "xaxis": {**axis, "zeroline": False, "showgrid": True, "gridcolor": GRID},
        "yaxis": {"tickvals": [0, 1], "ticktext": ["lost", "gained"], "range": [-0.5, 1.5], "showgrid": False},
        "margin": {"l": 64, "r": 16, "t": 30, "b": 48},
        "hovermode": "closest",
    }


def alt(gained: Array, lost: Array, floor: float | None) -> str:
    """The bars in a sentence."""
    means = f"Between two runs {gained.mean():,.1f} examples are gained and {lost.mean():,.1f} lost"
    return f"{means}; two seeds of one condition flip {floor:,.1f} each way." if floor is not None else f"{means}."
