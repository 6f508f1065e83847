"""The one host of charts: draws or refreshes one in the colours of the page, and saves it as PNG and SVG on white.

`st.plotly_chart` is built anew at every refresh and loses its zoom; this hands new data to `Plotly.react` instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from mtl_core.charts import theme
from mtl_core.charts.theme import Chart
from pages.shared.exports import file_name

STATIC = Path(__file__).parents[1] / "static"
BUTTONS = "".join(
    f"<button type=button data-format={name} title='{words}'>{name.upper()}</button>"
    for name, words in (("png", "On white, at twice its size"), ("svg", "On white, sharp at any size"))
)

_component = st.components.v2.component(
    "chart",
    html=f"<div class=chart-drawing></div><div class=chart-downloads hidden>{BUTTONS}</div>",
    css=(STATIC / "chart.css").read_text("utf-8"),
    js="".join(path.read_text("utf-8") for path in (theme.SCRIPT, STATIC / "chart.js")),
    isolate_styles=False,
)


def live_chart(chart: Chart, key: str, *, height: int = 320, generated: bool = False) -> None:
    """Draws a chart that refreshes, or refreshes the one with the same key; the buttons that save it show on hover.

    `height` is in pixels; `generated`: its numbers come from the generated sample, as its pictures say.
    """
    figure = theme.drawable(chart, generated=generated)
    data = {"figure": figure, "name": chart.name, "alt": chart.alt, "height": height}
    _component(data=data, key=key, height=height)


def figure(
    fig: go.Figure, name: str, *, alt: str, height: int = 420, key: str | None = None, buttons: bool = True
) -> None:
    """Draws a figure, with the buttons that save it under it unless it stands there only at a glance.

    `alt` says in words what it shows; `height` is in pixels; `key` is needed where a name stands twice on a page.
    """
    _component(data={**_data(fig, name, alt, height), "buttons": buttons}, key=key or f"figure_{name}")


def clickable(fig: go.Figure, name: str, *, alt: str, height: int = 420, key: str | None = None) -> list[str] | None:
    """Draws a figure as `figure` does; the `customdata` of the point that was just clicked, None if none was."""
    data = {**_data(fig, name, alt, height), "clickable": True}
    clicked: list[str] | None = _component(data=data, key=key or f"figure_{name}", on_click_change=_nothing).click
    return clicked


def _data(fig: go.Figure, name: str, alt: str, height: int) -> dict[str, Any]:
    return {"figure": theme.drawable(fig), "name": file_name(name), "alt": alt, "height": height, "buttons": True}


def _nothing() -> None:
    """Streamlit asks for a callback to know the trigger's name; the value is read off the result."""
