"""The one theme of all charts, and a chart as plain values for `draw.js`, which pages and reports draw with.

Charts are made in the colours of a light page. Those of `TWINS` change where the page is dark, also within
`rgba(…)`; text, grid and background that a chart gives no colour follow the page. Pictures are saved on white.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtl_core.display import colors, verdicts
from mtl_core.display.words import GENERATED

if TYPE_CHECKING:
    import plotly.graph_objects as go

WHITE, BOX, LINE, QUIET, TEXT = "#FFFFFF", "#F4F6F8", "#DDE2E8", "#566270", "#1C2530"
"""Background, boxes, lines, quiet text and text of a light page."""
NEUTRAL = {WHITE: "#12161C", BOX: "#1B212A", LINE: "#303945", QUIET: "#A3AEBB", TEXT: "#E4E8ED"}
"""The same on a dark page."""
TWINS = {**dict(zip(colors.LIGHT, colors.DARK, strict=True)), **dict(verdicts.COLORS.values()), **NEUTRAL}
"""Each colour of a light page and what it is on a dark one."""
FONT = "Helvetica, Arial, sans-serif"
PAPER = {"background": WHITE, "text": TEXT, "grid": LINE, "quiet": QUIET, "font": FONT, "dark": False}
"""The page that pictures are saved on."""
SCRIPT = Path(__file__).with_name("draw.js")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that refreshes, as plotly's own plain dictionaries."""

    traces: list[dict[str, Any]]
    layout: dict[str, Any]
    alt: str
    """The chart in words, for those who can't see it."""
    name: str
    """File name of its pictures, without the ending."""
    view: str = "view"
    """The zoom is kept as long as this stays the same."""


def faint(color: str, strength: float) -> str:
    """A colour (#RRGGBB) that lets the page shine through, 0 to 1."""
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{strength:g})"


def marked(figure: go.Figure, generated: bool) -> go.Figure:
    """The figure, which says where it is saved as a picture that its numbers are of the generated sample."""
    return figure.update_layout(meta={"saved": GENERATED}) if generated else figure


def drawable(chart: go.Figure | Chart, *, generated: bool = False) -> dict[str, Any]:
    """Traces, layout and theme as JSON has them; a figure's own template is left to the page."""
    if isinstance(chart, Chart):
        meta = {**chart.layout.get("meta", {}), **({"saved": GENERATED} if generated else {})}
        data, layout = chart.traces, {**chart.layout, "uirevision": chart.view, "meta": meta}
    else:
        figure = json.loads(str(chart.to_json()))
        data, layout = figure["data"], figure["layout"]
        layout.pop("template", None)
    return {"data": data, "layout": layout, "twins": TWINS, "paper": PAPER}
