"""What curves run over and how smooth they are drawn, kept in the page's link."""

from __future__ import annotations

import streamlit as st

from pages.shared import links, parts

AXES = {"step": "step", "examples": "examples of the task", "seconds": "seconds"}
MOST = 0.95
LINKED = ("over", "smoothing")
"""Parameters of the link."""


def axis_and_smoothing(page: str, usual: float) -> tuple[str, float]:
    """Both widgets, in the container that is open; `usual` is the smoothing that goes without saying."""
    told = []
    if lost := links.option(f"{page}_axis", "over", AXES, "step"):
        told.append(f"Curves can't be drawn over '{lost}'. They are over {AXES['step']}.")
    links.starts(f"{page}_smoothing", lambda: _asked(usual))
    if lost := _lost_smoothing(usual):
        told.append(f"Smoothing is a number from 0 to {MOST:g}, not '{lost}'. It is {usual:g}.")
    parts.not_there(told)
    axis = st.segmented_control(
        "Curves over", list(AXES), format_func=AXES.__getitem__, required=True, key=f"{page}_axis"
    )
    smoothing = st.slider("Smoothing", 0.0, MOST, step=0.05, key=f"{page}_smoothing", width=220)
    links.remember("over", str(axis), "step")
    links.remember("smoothing", f"{smoothing:g}", f"{usual:g}")
    return str(axis), smoothing


def _asked(usual: float) -> float:
    """The link's smoothing, if it is a number that there can be."""
    return usual if _lost_smoothing(usual) else float(st.query_params.get("smoothing", usual))


def _lost_smoothing(usual: float) -> str:
    """What the link says of it and can't be; "" where it can."""
    asked = st.query_params.get("smoothing", f"{usual:g}")
    try:
        return "" if 0 <= float(asked) <= MOST else asked
    except ValueError:
        return asked
