"""What curves run over and how smooth they are drawn, kept in the page's link."""

from __future__ import annotations

import streamlit as st

from pages.shared import links

AXES = {"step": "step", "examples": "examples of the task", "seconds": "seconds"}
MOST = 0.95


def axis_and_smoothing(page: str, usual: float) -> tuple[str, float]:
    """Both widgets, in the container that is open; `usual` is the smoothing that goes without saying."""
    links.option(f"{page}_axis", "over", AXES, "step")
    links.starts(f"{page}_smoothing", lambda: _asked(usual))
    axis = st.segmented_control(
        "Curves over", list(AXES), format_func=AXES.__getitem__, required=True, key=f"{page}_axis"
    )
    smoothing = st.slider("Smoothing", 0.0, MOST, step=0.05, key=f"{page}_smoothing", width=220)
    links.remember("over", str(axis), "step")
    links.remember("smoothing", f"{smoothing:g}", f"{usual:g}")
    return str(axis), smoothing


def _asked(usual: float) -> float:
    """The link's smoothing, if it is a number that there can be."""
    try:
        asked = float(st.query_params.get("smoothing", usual))
    except ValueError:
        return usual
    return asked if 0 <= asked <= MOST else usual
