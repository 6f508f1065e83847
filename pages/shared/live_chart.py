"""A chart that keeps its node and its zoom while it refreshes.

`st.plotly_chart` is built anew at every refresh; this hands new data to `Plotly.react` instead. Colours and
fonts are read off the page where it is drawn, so a change of theme needs no answer from the server.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mtl_core.charts.curves import Chart

STATIC = Path(__file__).parents[1] / "static"

_component = st.components.v2.component(
    "live_chart",
    html="<div class='live-chart'></div>",
    css=".live-chart { width: 100%; height: 100%; }",
    js="".join((STATIC / name).read_text("utf-8") for name in ("plotly_page.js", "live_chart.js")),
    isolate_styles=False,
)


def live_chart(chart: Chart, key: str, *, height: int = 320) -> None:
    """Draws a chart, or refreshes the one with the same key. `height` in pixels."""
    layout = {**chart.layout, "height": height}
    data = {"traces": chart.traces, "layout": layout, "alt": chart.alt, "name": chart.name, "view": chart.view}
    _component(data=data, key=key, height=height)
