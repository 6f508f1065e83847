"""Runs: every run in one table, found, labelled, compared, stopped and deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from mtl_core.display import formats
from mtl_core.services import runs
from mtl_core.services.runs import RunFilter, RunPage
from pages.runs import actions, filters
from pages.runs.table import Happened, runs_table
from pages.shared import parts

Options = Mapping[str, Mapping[str, str]]
"""Each filter's field → the values that runs have, with their words."""
REFRESH = "3s"
"""How often rows are drawn again while one of them waits or trains."""


def summary(found: RunPage, everything: RunFilter, options: Options) -> None:
    """How many runs there are, what they take, and how many are selected."""
    picked = actions.picked()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="runs_summary"):
        noun = "run" if found.found.count == 1 else "runs"
        words = f"**{found.found.count:,} {noun}** · {formats.size(found.found.disk_bytes)} on disk"
        words += f" · **{len(picked):,} selected**" if picked else ""
        st.markdown(words, width="content")
        if found.rows and all(row.run.generated for row in found.rows):
            parts.sample_badge()
        if picked:
            st.button("Clear selection", type="tertiary", on_click=actions.pick, args=([],), key="runs_clear")
        if found.found.count > len(found.rows) and set(picked) >= {row.run.id for row in found.rows}:
            label = f"Select all {found.found.count:,}"
            st.button(label, type="tertiary", on_click=select_all, args=(everything,), key="runs_all")
        st.space("stretch")
        filters.pick_columns(options)


def select_all(wanted: RunFilter) -> None:
    actions.pick(runs.ids(parts.workspace(), wanted))


def listing(wanted: RunFilter, order: str, found: RunPage, columns: Sequence[str]) -> None:
    """The rows; they refresh by themselves while one of them waits or trains."""
    first = [found]

    @st.fragment(run_every=REFRESH if any(row.run.live for row in found.rows) else None)
    def rows() -> None:
        now = first.pop() if first else runs.page(parts.workspace(), wanted, order, found.number)
        shown = {"order": order, "selected": actions.picked(), "epoch": actions.epoch()}
        follow(runs_table(now.rows, columns, **shown), order)

    rows()


def follow(happened: Happened, order: str) -> None:
    """Does what was asked for in the table."""
    if happened.open:
        [(parameter, value)] = happened.open.items()
        page = "watch/page.py" if parameter == "run" else "studies/page.py"
        st.switch_page(page, query_params={parameter: value})
    if happened.sort:
        filters.sort_by(happened.sort, order)
        st.rerun()
    if happened.select is not None and happened.select != actions.picked():
        actions.take_over(happened.select)
        st.rerun()


def pager(found: RunPage) -> None:
    """The way to the other pages."""
    if found.pages > 1:
        key = filters.pager(found.number)
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.pagination(found.pages, default=found.number, key=key, on_change=filters.turn, args=(key,))


def page() -> None:
    """The whole page, top to bottom."""
    question = "Which runs are there, what have they reached, and what do they keep on disk?"
    parts.heading("Runs", question, reads=filters.USUAL)
    filters.take()
    options = runs.options(parts.workspace())
    if not options["states"]:
        parts.empty("Nothing has been launched yet.", "Launch a run", "launch/page.py")
    wanted = filters.bar(options)
    order = filters.order()
    found = runs.page(parts.workspace(), wanted, order, filters.number())
    if found.number < filters.number():
        parts.not_there([f"There is no page {filters.number()}. The last, page {found.number}, is shown."])
    filters.at(found.number)
    parts.not_there(runs.unheard(parts.workspace(), wanted))
    actions.told()
    summary(found, wanted, options)
    actions.bar()
    if found.rows:
        listing(wanted, order, found, filters.columns(options))
    else:
        st.info("No run matches. Change the filters or the words.", icon=":material/filter_alt_off:")
        st.button("Show all runs", on_click=filters.forget, key="runs_forget")
    pager(found)
    filters.give()


page()
