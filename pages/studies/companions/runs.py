"""The runs on the page: every arm with every seed, how it stands, and the way to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from mtl_core.services import compare, explore, studies, watch
from mtl_core.services.studies import Absence, Arm, Member, RunState
from mtl_core.services.study_views import StudyContext, StudyView
from pages.shared import parts
from pages.studies import controls, view
from pages.studies.runs_table import badge

SIGNS: dict[str, str] = {
    RunState.QUEUED: "…",
    RunState.RUNNING: "▶",
    RunState.STOPPED: "■",
    RunState.FINISHED: "✓",
    RunState.FAILED: "✗",
    RunState.LOST: "✗",
    Absence.DELETED: "–",
    Absence.NOT_STARTED: "○",
}
"""Before a state's word in a table, where icons can't stand."""
MOST_LISTED = 20
STOPPED = "Stopped by hand; it resumes from its last checkpoint."


def show(context: StudyContext, shown: StudyView[Any], part: Any) -> None:
    """The matrix, what ended early, the scores, and what people say of the study."""
    st.html(matrix(context))
    ended_early(context, [one for one in context.members if one.run and one.run.state in studies.RESUMABLE])
    view.tables(context, shown, part)
    if context.study.example:
        return
    st.subheader("Name, tags and notes", anchor=False)
    controls.describe_form(context.study)


def matrix(context: StudyContext) -> str:
    """A row an arm, a column a seed; a cell leads to the run."""
    config = context.config
    by_place = {(one.arm, one.seed): one for one in context.members}
    heads = ["condition", "", *(f"seed {seed}" for seed in config.seeds), ""]
    head = "".join(f"<th scope='col'>{text}</th>" for text in heads)
    body = "".join(_row(arm, [by_place.get((arm.name, seed)) for seed in config.seeds]) for arm in config.arms)
    table = f"<table class='results'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return parts.scrolling(table)


def _row(arm: Arm, places: list[Member | None]) -> str:
    """None: Auto has stopped adding seeds to the arm before that one."""
    cells = "".join(f"<td class='fixed'>{_cell(one) if one else ''}</td>" for one in places)
    runs = [one for one in places if one]
    role = badge("baseline") if arm.baseline else ""
    return (
        f"<tr><th scope='row'>{escape(arm.name)}</th><td>{role}</td>{cells}<td class='fixed'>{_links(runs)}</td></tr>"
    )


def _cell(one: Member) -> str:
    """State and, on hover, why; a link to the run where there is one."""
    text = f"{SIGNS[one.state]} {studies.STATES[one.state].word}"
    if one.run is None:
        return text
    if one.state == RunState.RUNNING and one.run.total_steps:
        text = f"{SIGNS[one.state]} {100 * one.run.step / one.run.total_steps:.0f} %"
    return link("watch", text, {"run": one.run.id}, one.run.detail or one.run.id)


def _links(runs: list[Member]) -> str:
    """All seeds of an arm together."""
    done = [one.run.id for one in runs if one.done and one.run]
    if not done:
        return ""
    compared, read = ({"runs": ",".join(done[:most])} for most in (compare.MOST, explore.MOST))
    return f"{link('compare', 'Compare', compared)} · {link('explore', 'Explore', read)}"


def link(page: str, text: str, query: dict[str, str], hover: str = "") -> str:
    """A link to another page of the app."""
    address = escape(f"{page}?{urlencode(query)}")
    return f"<a href='{address}' target='_self' title='{escape(hover, quote=True)}'>{escape(text)}</a>"


def ended_early(context: StudyContext, members: Sequence[Member]) -> None:
    """Runs that did not get to their end, why, and the buttons to go on: for all of them while others train."""
    if not members:
        return
    live = any(one.run.live for one in context.members if one.run)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Ended early", anchor=False, width="content")
        if live and len(members) > 1:
            again = partial(studies.go_on, parts.workspace(), context.study.id)
            controls.act("Resume all", "resume", again, "Checking data and encoder …", help=parts.RESUME_HELP)
    for one in members[:MOST_LISTED]:
        _trouble(one)
    if len(members) > MOST_LISTED:
        above = "Resume all" if live else "Go on"
        st.caption(f"And {len(members) - MOST_LISTED} more. '{above}' above resumes all of them.")


def _trouble(one: Member) -> None:
    assert one.run is not None
    state, name, reason, again = st.columns([1, 3, 4, 1.4], vertical_alignment="center")
    with state:
        controls.state_badge(one.state)
    name.markdown(f"{parts.plain(one.arm)} · seed {one.seed}")
    trouble = watch.trouble(one.run)
    text = f"{trouble.reason} {trouble.advice}" if trouble else one.run.detail or STOPPED
    reason.caption(parts.plain(text))
    with again:
        if st.button(
            "Try again", icon=":material/refresh:", key=f"again_{one.run.id}", help=parts.RESUME_HELP
        ) and parts.resumed(one.run):
            st.rerun()
