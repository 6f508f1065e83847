"""The way from runs to a study: the form of a new study, filled with what they have in common."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

HELP = (
    "Opens the form of a new study, filled with these runs' tasks, data, recipes, limits and seeds; it takes them over."
)


def query(runs: Sequence[str]) -> dict[str, str]:
    """The link's query of such a form on the Studies page."""
    return {"new": "1", "runs": ",".join(runs)}


def button(runs: Sequence[str], place: str) -> None:
    """Opens the form with these runs. `place` tells several buttons of a page apart."""
    if st.button("Make a study", icon=":material/balance:", key=f"make_study_{place}", help=HELP, disabled=not runs):
        st.switch_page("studies/page.py", query_params=query(runs))
