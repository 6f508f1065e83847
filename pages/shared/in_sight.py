"""What stays in sight while a form scrolls: a column beside it on wide screens, a bar under it on narrow ones."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mtl_core.display.words import capital

STYLE = Path(__file__).parents[1] / "static" / "form.css"
PATIENCE = 3
"""Seconds after which a spinner says how long it has been turning."""

ASIDE = ThreadPoolExecutor(4, thread_name_prefix="forms")
"""Where pages wait for the model server."""
Answer = TypeVar("Answer")


def columns() -> tuple[DeltaGenerator, DeltaGenerator]:
    """The form's column, and the one that stays in sight. `form.css` knows it by the key of `box`."""
    st.html(STYLE)
    form, sight = st.columns([2.5, 1], gap="large")
    return form.container(key="form_fields"), sight


def box() -> DeltaGenerator:
    """What stays in sight: what will happen, what it costs, the button."""
    return st.container(border=True, key="in_sight")


def rest() -> DeltaGenerator:
    """The part of it that a narrow screen shows on demand: `form.css` hides the switch elsewhere."""
    st.toggle("Details", key="in_sight_details")
    return st.container(key="in_sight_rest", gap="small")


def working(text: str, begun: float) -> None:
    """A spinner with what is being done, and for how long once it takes a while."""
    seconds = int(time.monotonic() - begun)
    st.info(capital(text) + f" {seconds} s" * (seconds >= PATIENCE), icon="spinner")


def beside(work: Callable[[], Answer]) -> Answer:
    """The answer of work that may take a second; a click that comes meanwhile, to another page too, goes first.

    Streamlit lets go of a script only where it draws, and a `st.rerun` would take the place of a click that waits.
    """
    answer, spot = ASIDE.submit(work), st.empty()
    while not answer.done():
        spot.empty()
        wait([answer], timeout=0.1)
    spot.empty()
    return answer.result()


def grid(key: str) -> DeltaGenerator:
    """Cards side by side, as many as fit; all of a row are equally high."""
    return st.container(key=f"cards_{key}")
