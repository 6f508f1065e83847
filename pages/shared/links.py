"""The page's link: the choices that it carries, and Back and Forward through them.

What a link decides on gets its value by `starts` or `option`, and puts what was chosen into the link by `remember`.
Streamlit adds a history entry for what a page writes (`pages/static/frame.js` makes it one an act of the visitor), and
on Back runs the page again with the link of then. The session still holds what was chosen later: `arrive` forgets it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

FRAME = Path(__file__).parents[1] / "static" / "frame.js"
KEYS, RETURNED, PAGE = "link_keys", "link_returned", "link_page"
"""Where the session keeps what the link decides on, whether the browser went Back or Forward to it, and its page."""
STRANGE = "link_strange"
"""And what it says that the page does not know."""
PARTS = ("study", "new")
"""Parameters that make another page of a page."""


def arrive(page: str) -> None:
    """Begins a page: on another page, and after Back or Forward, its link decides again.

    One that was not shown begins at its top.
    """
    context = get_script_run_ctx()
    st.session_state[RETURNED] = context is not None and context.is_history_navigation
    if returned() or st.session_state.get(PAGE) != page:
        for key in st.session_state.pop(KEYS, ()):
            st.session_state.pop(key, None)
    st.session_state[PAGE] = page
    place = json.dumps("/".join([page, *(st.query_params.get(name, "") for name in PARTS)])).replace("<", "\\u003c")
    with st.container(key="frame"):
        st.html(
            f"<script id=frame-script>{{const place = {place};\n{FRAME.read_text('utf-8')}}}</script>",
            unsafe_allow_javascript=True,
        )


def returned() -> bool:
    """True where the visitor went Back or Forward to the page's link."""
    return bool(st.session_state.get(RETURNED))


def starts(key: str, value: Callable[[], Any]) -> None:
    """Gives what the session keeps under `key` its first value, from the link; again after Back and Forward."""
    if key not in st.session_state:
        st.session_state[key] = value()
    st.session_state.setdefault(KEYS, set()).add(key)


def option(key: str, parameter: str, options: Collection[str], default: str) -> str:
    """Lets `key` start with the link's value and stay one of the options.

    Returns the value that is none of them and gave way to the default; "" where there was none such.
    """
    starts(key, lambda: st.query_params.get(parameter, default))
    value = str(st.session_state[key])
    if value in options:
        return ""
    st.session_state[key] = default
    return value


def remember(parameter: str, value: str | Sequence[str], default: str | Sequence[str] = "") -> None:
    """Puts a choice into the link, several values as "state=failed&state=lost"; what is usual is left out."""
    if value == default:
        forget(parameter)
    elif st.query_params.get_all(parameter) != ([value] if isinstance(value, str) else list(value)):
        st.query_params[parameter] = value


def forget(*parameters: str) -> None:
    """Takes parameters out of the link."""
    for parameter in parameters:
        if parameter in st.query_params:
            del st.query_params[parameter]


def strange(reads: Collection[str]) -> list[str]:
    """What the link says, as "name=value", that is none of what a page `reads`. Noted for `is_strange`."""
    found = [f"{name}={value}" for name, value in st.query_params.items() if name not in reads]
    st.session_state[STRANGE] = bool(found)
    return found


def is_strange() -> bool:
    """True where the link asks for what the page does not know: then nothing else may be opened in its place."""
    return bool(st.session_state.get(STRANGE))
