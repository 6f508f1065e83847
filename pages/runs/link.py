"""The page's link: filters, order, page and columns are its query, so that a link and Back show the same runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

SEEN = "runs_link"
"""The query that the widgets show already."""

Query = dict[str, list[str]]


def key(name: str) -> str:
    """The value of the session, a widget's or not, that holds a part of the query."""
    return f"runs_{name}"


def take(usual: Mapping[str, Sequence[str]]) -> bool:
    """Puts what the link says into the session where the widgets do not show it already: on a visit, and after Back.

    What it does not name becomes as `usual`. True where that was done.
    """
    asked: Query = {name: st.query_params.get_all(name) for name in usual if name in st.query_params}
    new = st.session_state.get(SEEN) != asked or any(key(name) not in st.session_state for name in usual)
    for name, default in usual.items():
        st.session_state[key(name)] = asked.get(name, list(default)) if new else st.session_state[key(name)]
    st.session_state[SEEN] = asked
    return new


def give(usual: Mapping[str, Sequence[str]]) -> None:
    """Makes the link say what the session holds; what is usual is left out."""
    values = {name: [str(value) for value in st.session_state[key(name)]] for name in usual}
    wanted: Query = {name: value for name, value in values.items() if value != list(usual[name])}
    if wanted != st.session_state[SEEN]:
        st.query_params.from_dict(wanted)
        st.session_state[SEEN] = wanted
