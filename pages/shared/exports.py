"""Tables and figures to take along: CSV, Markdown and LaTeX, PNG and SVG. Pictures are made in the browser."""

from __future__ import annotations

import re
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from mtl_core.charts import figures
from mtl_core.display.tables import Table

STATIC = Path(__file__).parents[1] / "static"
SCRIPTS = (figures.SCRIPT, STATIC / "plotly_page.js", STATIC / "export_figure.js")
BUTTONS = "".join(
    f"<button type=button data-format={name} title='{told}'>{name.upper()}</button>"
    for name, told in (("png", "On white, at twice its size"), ("svg", "On white, sharp at any size"))
)

_component = st.components.v2.component(
    "export_figure",
    html=f"<div class=figure-drawing></div><div class=figure-downloads>{BUTTONS}</div>",
    css=(STATIC / "export_figure.css").read_text("utf-8"),
    js="".join(path.read_text("utf-8") for path in SCRIPTS),
    isolate_styles=False,
)


def table_downloads(table: Table, name: str) -> None:
    """A row of buttons that save the table as `name` with each format's ending."""
    stem = file_name(name)
    kinds = (
        ("CSV", "csv", "text/csv", table.to_csv()),
        ("Markdown", "md", "text/markdown", table.to_markdown()),
        ("LaTeX", "tex", "application/x-tex", table.to_latex()),
    )
    with st.container(horizontal=True, gap="small"):
        for label, ending, kind, text in kinds:
            file = f"{stem}.{ending}"
            st.download_button(
                label, text, file, kind, icon=":material/download:", on_click="ignore", key=f"download_{file}"
            )


def figure(fig: go.Figure, name: str, *, alt: str, height: int = 420, key: str | None = None) -> None:
    """Draws a figure in the page's colours, with buttons that save it on white as PNG and SVG.

    It is made in the colours of a light page (see `mtl_core.charts.figures`). `alt` says in words what it shows;
    `height` is in pixels; `key` is needed where a name stands twice on a page.
    """
    data = {"figure": figures.drawable(fig), "name": file_name(name), "alt": alt, "height": height}
    _component(data=data, key=key or f"figure_{name}")


def clickable(fig: go.Figure, name: str, *, alt: str, height: int = 420, key: str | None = None) -> list[str] | None:
    """Draws a figure as `figure` does; the `customdata` of the point that was just clicked, None if none was."""
    data = {"figure": figures.drawable(fig), "name": file_name(name), "alt": alt, "height": height, "clickable": True}
    found: list[str] | None = _component(data=data, key=key or f"figure_{name}", on_click_change=_nothing).click
    return found


def _nothing() -> None:
    """Streamlit asks for a callback to know the trigger's name; the value is read off the result."""


def file_name(name: str) -> str:
    """A name that any file system takes: "sst2 + mnli?" is "sst2-mnli"."""
    return re.sub(r"[^\w.]+", "-", name).strip("-.")[:80] or "tandem"
