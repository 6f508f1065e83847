"""Transfer matrix: who helps whom, a cell a helper and target; a click opens what is behind it."""

from __future__ import annotations

import streamlit as st

from mtl_core.charts import transfer as charts_transfer
from mtl_core.studies import transfer, view_figures
from mtl_core.studies.transfer import Matrix
from pages.shared import exports
from pages.studies.views import Context, _shown

TITLE, ORDER = "Transfer matrix", 40
PICKER = 420
KEY = (
    "Blue ▲ helps, orange ▼ hurts, the stronger the larger the effect. Grey: ≈ practically equal, ? not enough "
    "evidence. Click a cell to open its runs."
)


def fits(context: Context) -> bool:
    """Whether at least two tasks are targets of helpers."""
    return transfer.fits(context.study.config)


def show(context: Context) -> None:
    """Draws the view."""
    found = transfer.matrix(context.study.config, context.judged)
    shown = list(found.cells.values())
    _shown.head("Who helps whom? Points that the helper adds to the target alone.", shown)
    if _shown.scored(shown):
        _cells(context, found)
    with st.expander("As a table"):
        _shown.table(transfer.table(context.study.config, found), "transfer-matrix")


def _cells(context: Context, found: Matrix) -> None:
    """The picture, and what is behind the cell that was opened."""
    picture, key = view_figures.transfer(found), f"transfer_cell_{context.study.id}"
    with st.container(width=charts_transfer.width(found.targets)):
        clicked = exports.clickable(picture.figure, "transfer-matrix", alt=picture.alt, height=picture.height)
    st.caption(KEY)
    if clicked and tuple(clicked) in found.cells:
        st.session_state[key] = tuple(clicked)
    if st.session_state.get(key) not in found.cells:
        st.session_state[key] = None
    opened = st.selectbox(
        "Open",
        list(found.cells),
        format_func=lambda cell: f"{cell[0]} for {cell[1]}",
        key=key,
        index=None,
        placeholder="a helper and its target",
        width=PICKER,
    )
    if opened:
        _shown.opened(context.study.config, found.cells[opened])
