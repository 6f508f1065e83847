"""Runs: every arm with every seed, how it stands, and the way to it."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

import streamlit as st

from mtl_core.config.study import Arm
from mtl_core.errors import TandemError
from mtl_core.services import compare, studies, watch
from mtl_core.studies.members import Member
from pages.shared import parts
from pages.studies import controls
from pages.studies.runs_table import badge
from pages.studies.views import Context

TITLE, ORDER = "Runs", 20
SIGNS = {
    "queued": "…",
    "running": "▶",
    "stopped": "■",
    "finished": "✓",
    "failed": "✗",
    "lost": "✗",
    "deleted": "–",
    "not started": "○",
}
"""Before a state's word in a table, where icons can't stand."""
ENDED_EARLY = ("failed", "lost", "stopped")
MOST_LISTED = 20


def fits(context: Context) -> bool:
    """Always."""
    return bool(context.study.config.arms)


def show(context: Context) -> None:
    """Draws the view."""
    st.caption("Which runs is the study made of, and how do they stand?")
    st.html(matrix(context))
    ended_early([one for one in context.members if one.state in ENDED_EARLY])
    st.subheader("Name, tags and notes", anchor=False)
    controls.describe_form(context.study)


def matrix(context: Context) -> str:
    """A row an arm, a column a seed; a cell leads to the run."""
    config = context.study.config
    by_place = {(one.arm, one.seed): one for one in context.members}
    heads = ["arm", "", *(f"seed {seed}" for seed in config.seeds), ""]
    head = "".join(f"<th scope='col'>{text}</th>" for text in heads)
    body = "".join(_row(arm, [by_place[arm.name, seed] for seed in config.seeds]) for arm in config.arms)
    table = f"<table class='results'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<div class='results-scroll'>{table}</div>"


def _row(arm: Arm, runs: list[Member]) -> str:
    cells = "".join(f"<td class='fixed'>{_cell(one)}</td>" for one in runs)
    role = badge("baseline") if arm.baseline else ""
    return (
        f"<tr><th scope='row'>{escape(arm.name)}</th><td>{role}</td>{cells}<td class='fixed'>{_links(runs)}</td></tr>"
    )


def _cell(one: Member) -> str:
    """State and, on hover, why; a link to the run where there is one."""
    said = f"{SIGNS[one.state]} {studies.STATES[one.state].word}"
    if one.run is None:
        return said
    if one.state == "running" and one.run.total_steps:
        said = f"{SIGNS[one.state]} {100 * one.run.step / one.run.total_steps:.0f} %"
    return link("watch", said, {"run": one.run.id}, one.run.detail or one.run.id)


def _links(runs: list[Member]) -> str:
    """All seeds of an arm together."""
    done = [one.run.id for one in runs if one.done and one.run]
    if not done:
        return ""
    chosen = {"runs": ",".join(done[: compare.MOST])}
    return f"{link('compare', 'Compare', chosen)} · {link('explore', 'Explore', chosen)}"


def link(page: str, text: str, query: dict[str, str], told: str = "") -> str:
    """A link to another page of the app, with what is told on hover."""
    address = escape(f"{page}?{urlencode(query)}")
    return f"<a href='{address}' target='_self' title='{escape(told, quote=True)}'>{escape(text)}</a>"


def ended_early(found: list[Member]) -> None:
    """Runs that did not get to their end, why, and the button to go on."""
    if not found:
        return
    st.subheader("Did not get to their end", anchor=False)
    for one in found[:MOST_LISTED]:
        _trouble(one)
    if len(found) > MOST_LISTED:
        st.caption(f"And {len(found) - MOST_LISTED} more. 'Go on' above resumes all of them.")


def _trouble(one: Member) -> None:
    assert one.run is not None
    state, name, reason, again = st.columns([1, 3, 4, 1.4], vertical_alignment="center")
    with state:
        controls.state_badge(one.state)
    name.markdown(f"{parts.plain(one.arm)} · seed {one.seed}")
    found = watch.trouble(one.run)
    text = f"{found.reason} {found.advice}" if found else one.run.detail or "Stopped by hand; it goes on where it was."
    reason.caption(parts.plain(text))
    with again:
        if st.button("Try again", icon=":material/refresh:", key=f"again_{one.run.id}", help=parts.RESUME_HELP):
            _resume(one.run.id)


def _resume(run_id: str) -> None:
    try:
        with st.spinner("Waiting for its old process to end …"):
            watch.resume(parts.workspace(), run_id)
    except TandemError as error:
        parts.show_faults(error)
        return
    st.rerun()
