"""A plotly figure as plain values, for `figures.js` to draw in the colours of the page that it stands on.

Figures are made in the colours of a light page. Those of `TWINS` change where the page is dark, also within
`rgba(…)`; text, grid and background that a figure gives no colour follow the page.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtl_core.display import colors, verdicts
from mtl_core.display.words import GENERATED

if TYPE_CHECKING:
    import plotly.graph_objects as go

NEUTRAL = {"#FFFFFF": "#12161C", "#F4F6F8": "#1B212A", "#DDE2E8": "#303945", "#566270": "#A3AEBB", "#1C2530": "#E4E8ED"}
"""Background, boxes, lines, quiet text and text of the two themes."""
TWINS = {**dict(zip(colors.LIGHT, colors.DARK, strict=True)), **dict(verdicts.COLORS.values()), **NEUTRAL}
"""Each colour of a light page and what it is on a dark one."""
SCRIPT = Path(__file__).with_suffix(".js")


def marked(figure: go.Figure, generated: bool) -> go.Figure:
    """The figure, which says where it is saved as a picture that its numbers are of the generated sample."""
    return figure.update_layout(meta={"saved": GENERATED}) if generated else figure


def drawable(figure: go.Figure) -> dict[str, Any]:
    """Traces, layout and twins as JSON has them; the figure's own template is left to the page."""
    found: dict[str, Any] = json.loads(str(figure.to_json()))
    found["layout"].pop("template", None)
    return {"data": found["data"], "layout": found["layout"], "twins": TWINS}
