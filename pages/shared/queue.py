"""What trains and waits, in groups of a study or a launch: how far each is, when it ends, and what moves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from mtl_core.display import formats
from mtl_core.services import Run, TandemError, queue, watch
from mtl_core.services.queue import GroupKind, Outlook, QueueNow, RunGroup, Way
from pages.shared import parts

WIDTHS = (1.0, 2.5, 3.0, 3.3)
"""State, name, progress or place, and the ways on."""
MOST_GROUPS = 6
"""Groups that a list shows before the rest are folded."""
ROWS = 8
"""Waiting runs of a group on one page."""
WORDS = {GroupKind.STUDY: "Study", GroupKind.LAUNCH: "Launch", GroupKind.RUNS: "Runs"}
CANCEL_HELP = "Leaves the queue; it can be resumed later."
PAUSE_HELP = "What trains stops after its step, with a checkpoint; what waits leaves the queue."


def lists(found: QueueNow, left_out: frozenset[str] = frozenset()) -> None:
    """Everything that trains, and then everything that only waits. `left_out` are runs that stand elsewhere."""
    for title, groups in (("Running", found.training), ("Waiting", found.waiting)):
        shown = [group for group in groups if not {run.id for run in group.runs if run.live} <= left_out]
        if shown:
            st.subheader(title, anchor=False)
        for group in shown[:MOST_GROUPS]:
            entry(group, found.outlooks)
        if len(shown) > MOST_GROUPS:
            with st.expander(f"{len(shown) - MOST_GROUPS} more", key=f"more_{title}"):
                for group in shown[MOST_GROUPS:]:
                    entry(group, found.outlooks)


def entry(group: RunGroup, outlooks: Mapping[str, Outlook]) -> None:
    """A group in a box with its runs, or the one run that it is."""
    if group.alone:
        run_line(group.runs[0], outlooks)
        return
    with st.container(border=True, gap="small"):
        head(group, outlooks)
        for run in group.training:
            run_line(run, outlooks)
        if group.waiting:
            with st.expander(f"{len(group.waiting)} waiting", key=f"waiting_{group.id}"):
                waiting(group, outlooks)


def head(group: RunGroup, outlooks: Mapping[str, Outlook]) -> None:
    """What it is, how far it is, and what can be done with all of it."""
    name, ways = st.columns([5.4, 4.4], vertical_alignment="center")
    with name.container(gap=None):
        st.markdown(f"**{parts.plain(group.title)}**")
        words = [WORDS[group.kind], queue.counts_text(group), queue.end_text(group, outlooks)]
        st.caption(" · ".join(filter(None, words)))
    with ways.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
        st.page_link(
            "watch/page.py",
            label="Watch all",
            icon=":material/monitoring:",
            query_params={str(group.kind): group.id},
        )
        group_buttons(group, outlooks)
    if group.progress:
        st.progress(group.progress, text="")


def group_buttons(group: RunGroup, outlooks: Mapping[str, Outlook]) -> None:
    """Up, down, and out of the queue."""
    if group.waiting:
        movers(group, group.id, outlooks)
    if group.kind == GroupKind.STUDY:
        act("Pause", f"pause_{group.id}", lambda: queue.cancel(parts.workspace(), group), PAUSE_HELP)
        return
    if group.waiting:
        label = "Cancel waiting" if group.training else "Cancel"
        act(label, f"cancel_{group.id}", lambda: queue.cancel(parts.workspace(), group), CANCEL_HELP)


def movers(what: RunGroup | Run, key: str, outlooks: Mapping[str, Outlook]) -> None:
    """Up and down in the queue."""
    up, down = queue.movable(what, outlooks)
    for way, possible, words in ((Way.UP, up, "Starts earlier."), (Way.DOWN, down, "Starts later.")):
        act(
            str(way).capitalize(),
            f"{way}_{key}",
            lambda way=way: queue.move(parts.workspace(), what, way),  # type: ignore[misc]
            words,
            icon=f":material/arrow_{way}ward:",
            disabled=not possible,
        )


def act(
    label: str,
    key: str,
    do: Callable[[], object],
    words: str,
    *,
    icon: str | None = None,
    disabled: bool = False,
    kind: str = "tertiary",
) -> None:
    """A button that changes the queue, and says why where it could not."""
    if st.button(label, key=key, type=kind, icon=icon, help=words, disabled=disabled):  # type: ignore[call-overload]
        try:
            do()
        except TandemError as error:
            parts.show_faults(error)
            return
        st.rerun()


def waiting(group: RunGroup, outlooks: Mapping[str, Outlook]) -> None:
    """The group's runs that wait, in their order, a page at a time."""
    line = sorted(group.waiting, key=lambda run: outlooks[run.id].place if run.id in outlooks else 0)
    shown: Sequence[Run] = line
    if len(line) > ROWS:
        number = st.pagination(-(-len(line) // ROWS), key=f"page_{group.id}")
        shown = line[(number - 1) * ROWS : number * ROWS]
    for run in shown:
        run_line(run, outlooks)


def run_line(run: Run, outlooks: Mapping[str, Outlook] = {}, *, on_watch: bool = False) -> None:
    """One run in one line: state, name, progress or place, and the ways on.

    `on_watch`: it stands on Watch itself, where a link to Watch would be marked as the page that is open.
    """
    badge, name, course, ways = st.columns(WIDTHS, vertical_alignment="center")
    with badge:
        parts.state_badge(run)
    name.markdown(parts.plain(run.title))
    if run.training:
        course.progress(formats.progress(run), text=queue.run_text(run, outlooks.get(run.id)))
    else:
        course.caption(queue.run_text(run, outlooks.get(run.id)) if run.waiting else formats.state_text(run))
    with ways.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
        if run.waiting:
            movers(run, run.id, outlooks)
            act("Cancel", f"cancel_{run.id}", lambda: queue.cancel(parts.workspace(), run), CANCEL_HELP)
        resume(run)
        if not on_watch:
            st.page_link("watch/page.py", label="Watch", icon=":material/monitoring:", query_params={"run": run.id})
        elif st.button("Watch", key=f"one_{run.id}", type="tertiary", icon=":material/monitoring:"):
            st.switch_page("watch/page.py", query_params={"run": run.id})


def resume(run: Run) -> None:
    """The button of a run that ended early."""
    button = {"key": f"resume_{run.id}", "type": "tertiary", "help": parts.RESUME_HELP}
    if watch.can_go_on(run) and st.button("Resume", **button) and parts.resumed(run):
        st.switch_page("watch/page.py", query_params={"run": run.id})
