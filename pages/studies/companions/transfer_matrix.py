"""The transfer matrix on the page: a click on a cell opens what is behind it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mtl_core.charts import transfer
from mtl_core.services import study_views
from mtl_core.services.study_views import StudyContext, StudyView
from pages.shared import chart, links, parts
from pages.studies import comparison, view

PICKER = 420
"""Pixels of the picker."""


def show(context: StudyContext, shown: StudyView[Any], part: Any) -> None:
    """The figure, the cell that was opened, and the table."""
    if view.any_scored(context, shown, part):
        _cells(context, shown, part)
    with st.expander("As a table"):
        view.tables(context, shown, part)


def _cells(context: StudyContext, shown: StudyView[Any], part: Any) -> None:
    [picture], key = shown.figures(context, part), f"transfer_cell_{context.study.id}"
    with st.container(width=transfer.width(part.targets)):
        clicked = chart.clickable(picture.figure, shown.link, alt=picture.alt, height=picture.height)
    st.caption(f"{shown.caption(context, part)} Click a cell to open its runs.")
    if clicked and tuple(clicked) in part.cells:
        st.session_state[key] = tuple(clicked)
    links.starts(key, lambda: tuple(st.query_params.get(view.CELL, "").split(",")))
    if st.session_state[key] not in part.cells:
        asked = st.query_params.get(view.CELL)
        parts.not_there([f"This matrix has no cell '{asked}'. Choose one."] if asked else ())
        st.session_state[key] = None
    cell = st.selectbox(
        "Open",
        list(part.cells),
        format_func=lambda cell: f"{cell[0]} for {cell[1]}",
        key=key,
        index=None,
        placeholder="a helper and its target",
        width=PICKER,
    )
    links.remember(view.CELL, ",".join(cell or ()))
    if cell:
        comparison.opened(study_views.card(context, part.cells[cell]), part.cells[cell])
