"""The examples of a selection, a page at a time, and one of them opened beside the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from mtl_core.services import explore, explore_files
from mtl_core.services.explore import Place, Run, View
from pages.explore.example_detail import detail
from pages.explore.example_table import example_table
from pages.shared import links, parts
from pages.shared.exports import file_name

STYLE = Path(__file__).parents[1] / "static" / "explore.css"
FILES = (
    ("CSV", "csv", "text/csv", explore_files.to_csv),
    ("JSON lines", "jsonl", "application/jsonl", explore_files.to_json_lines),
)
KEYS_HELP = "Arrow keys, or j and k, go from example to example; Escape closes this one."
FILES_HELP = "Every example of the selection, in this order, with what each model said."


def begin() -> None:
    """Forgets the view that was read, so that the link's page counts again."""
    st.session_state.pop("explore_view", None)


def examples(view: View, runs: Sequence[Run], names: Mapping[str, str], count: int) -> None:
    """The table; beside it, in sight wherever the page is scrolled, the example that is opened."""
    opened = st.query_params.get("example", "")
    place = explore.place(parts.workspace(), view, opened) if opened else None
    heads = [(names[run.id], explore.facts(run)) for run in runs]
    if not opened:
        listing(view, heads, count, opened, None)
        downloads(view, names, count)
        return
    st.html(STYLE)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        listing(view, heads, count, opened, place)
        downloads(view, names, count)
    with right:
        example(view, [names[run.id] for run in runs], opened, place, count)


def listing(view: View, heads: Sequence[tuple[str, str]], count: int, opened: str, place: Place | None) -> None:
    """One page of examples; opening one draws the page again with it."""
    table, below = st.container(), st.container()
    with below:
        number = pick_page(view, count, opened, place)
    rows = explore.page(parts.workspace(), view, number)
    with table:
        if not rows:
            st.info("No example matches. Choose another filter or other words.", icon=":material/filter_alt_off:")
            return
        chosen = example_table(rows, heads, opened=opened, place=place, key="explore_table")
    if chosen is not None and chosen != opened:
        links.remember("example", chosen)
        st.rerun()


def pick_page(view: View, count: int, opened: str, place: Place | None) -> int:
    """The number of the page, from 1: that of an example which was just opened, else the link's for a new visit."""
    pages, state = max(1, -(-count // explore.PAGE)), st.session_state
    moved = opened != state.get("explore_opened")
    if state.get("explore_view") != view:
        asked = "1" if "explore_view" in state else st.query_params.get("page", "1")
        state["explore_view"], state["explore_views"] = view, state.get("explore_views", 0) + 1
        state["explore_first"], moved = explore.page_number(asked, pages), True
        if asked != str(state["explore_first"]):
            parts.not_there([f"There is no page '{asked}'. Page {state['explore_first']} of {pages} is shown."])
    state["explore_opened"] = opened
    page_of_it = -(-place.number // explore.PAGE) if place else None
    if page_of_it and moved and page_of_it != state.get("explore_page"):
        state["explore_first"], state["explore_views"] = page_of_it, state["explore_views"] + 1  # of a new widget
    number = int(state["explore_first"])
    if pages > 1:
        with st.container(horizontal=True, horizontal_alignment="center"):
            number = st.pagination(pages, default=number, key=f"explore_page_{state['explore_views']}")
    state["explore_page"] = number
    links.remember("page", str(number), "1")
    return number


def downloads(view: View, names: Mapping[str, str], count: int) -> None:
    """The whole selection as files, made when they are asked for."""
    if not count:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"All {count:,} examples of this selection", width="content", help=FILES_HELP)
        for label, ending, kind, make in FILES:
            st.download_button(
                label,
                data=partial(make, parts.workspace(), view, dict(names)),
                file_name=f"{file_name(f'{view.task}-{view.show}')}.{ending}",
                mime=kind,
                icon=":material/download:",
                on_click="ignore",
                key=f"explore_{ending}",
            )


def example(view: View, names: Sequence[str], example_id: str, place: Place | None, count: int) -> None:
    """The opened example, with the ways on from it."""
    row = explore.opened(parts.workspace(), view, example_id)
    with st.container(border=True, key="explore_example"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            name = f"**Example {row.example.position + 1:,}**" if row else "**Example**"
            st.markdown(f"{name} :small[· {place.number:,} of {count:,}]" if place else name, width="content")
            if row is not None:
                steps(place)
            st.button(
                "Close",
                icon=":material/close:",
                type="tertiary",
                on_click=links.forget,
                args=("example",),
                key="explore_close",
            )
        if row is None:
            parts.not_there([f"There is no example '{example_id}' in this task. Choose one of the list."])
            return
        if place is None:
            st.caption("The current selection does not show this example.")
        detail(row, names)
        if link := explore.demo_link(row, view.runs):
            st.page_link("demo.py", label="Change it on the Demo page", icon=":material/edit:", query_params=link)


def steps(place: Place | None) -> None:
    """The ways to the neighbours in the selection."""
    before, after = (place.before, place.after) if place else (None, None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        for label, icon, target in (("Previous", "keyboard_arrow_up", before), ("Next", "keyboard_arrow_down", after)):
            st.button(
                label,
                icon=f":material/{icon}:",
                help=KEYS_HELP,
                disabled=target is None,
                on_click=links.remember,
                args=("example", target),
                key=f"explore_{label.lower()}",
            )
