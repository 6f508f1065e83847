"""Questions before something is done with runs: which ones, who needs them, and the two answers."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtl_core.services import Run
from mtl_core.services.runs import Need
from pages.shared import parts

SHOWN = 8
"""Names that a question lists before it counts the rest."""
STILL_NEEDED = "Still needed; a study that loses a run is incomplete until that is trained again:"


def names(listed: Sequence[Run]) -> None:
    """The runs that it is about."""
    lines = [f"- {parts.plain(run.title)} ({run.id})" for run in listed[:SHOWN]]
    rest = len(listed) - SHOWN
    st.markdown("\n".join([*lines, *([f"- and {rest} more"] * (rest > 0))]))


def needed(needs: Sequence[Need], words: str) -> None:
    """Who needs the runs, each once."""
    lines = list(dict.fromkeys(f"- {parts.plain(need.words)}" for need in needs))
    if lines:
        more = [f"- and {len(lines) - SHOWN} more"] * (len(lines) > SHOWN)
        st.warning("\n".join([words, "", *lines[:SHOWN], *more]), icon=":material/warning:")


def sure(action: str) -> bool:
    """The two answers; True for the one that does it."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Cancel", key="runs_cancel"):
            st.rerun()
        return st.button(action, type="primary", key=f"runs_really_{action.lower()}")
