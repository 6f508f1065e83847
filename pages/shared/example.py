"""Hiding the example study and bringing it back, from any page."""

from __future__ import annotations

import streamlit as st

from mtl_core.services import TandemError, example
from pages.shared import parts

HIDE_HELP = "Takes the example away from every page. Overview and Studies offer it again."
SHOW_HELP = "A finished study that came with Tandem, to read before anything was trained here. It can be hidden again."


def hide_button(key: str) -> None:
    """Takes the example away; the page is drawn again without it."""
    if st.button("Hide the example", icon=":material/visibility_off:", type="tertiary", key=key, help=HIDE_HELP):
        try:
            example.hide(parts.workspace())
        except TandemError as error:
            parts.show_faults(error)
            return
        st.query_params.clear()
        st.rerun(scope="app")


def show_button(key: str) -> None:
    """Brings the example back, where it is not there."""
    if example.shown(parts.workspace()):
        return
    if st.button("Show the example study", icon=":material/school:", type="tertiary", key=key, help=SHOW_HELP):
        try:
            with st.spinner("Unpacking it …"):
                example.show(parts.workspace())
        except TandemError as error:
            parts.show_faults(error)
            return
        st.rerun(scope="app")
