"""Parts that several pages have in common: headings, empty states, badges, pickers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import NoReturn

import streamlit as st

from mtl_core.display import formats
from mtl_core.display.words import GENERATED
from mtl_core.services import Run, TandemError, Workspace, watch
from pages.shared.terms import term

SAMPLE_HELP = "Made by Tandem itself from a small invented world. Good for a first try, not evidence about real texts."

MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|$~:])")
LOOK_AGAIN = 1.0
"""Seconds between two questions for what is not known yet."""
RESUME_HELP = "Resumes from the last checkpoint, at the end of the queue."


def workspace() -> Workspace:
    """The runs folder that this server shows: `TANDEM_RUNS_DIR`, or `runs/` beside app.py."""
    return Workspace.default()


def dark() -> bool:
    """True if the visitor's page is dark."""
    return st.context.theme.type == "dark"


def heading(title: str, question: str, *words: str) -> None:
    """A page's title and, under it, the question that it answers and links to what words on it mean."""
    st.title(title, anchor=False)
    st.caption(f"{question} {in_help(*words)}".rstrip())


def in_help(*words: str) -> str:
    """Links to what words mean, "" without any: "In Help: verdict · seed"."""
    return f":material/help: {' · '.join(map(term, words))}" if words else ""


def empty(message: str, button_label: str, page: str) -> NoReturn:
    """An empty state: what to do, and the button that leads there. Nothing after it runs."""
    with st.container(border=True, horizontal_alignment="center", gap="medium"):
        st.space("small")
        st.markdown(message, text_alignment="center")
        if st.button(button_label, type="primary", key="empty_state"):
            st.switch_page(page)
        st.space("small")
    st.stop()


def sample_badge() -> None:
    """The small badge that stands beside every number from the generated sample."""
    st.badge(GENERATED, color="gray", help=SAMPLE_HELP)


def state_badge(run: Run) -> None:
    """A run's state as sign and word, the reason on hover."""
    look = formats.STATES[run.state]
    st.badge(look.word, icon=look.icon, color=look.tone, help=plain(run.detail) or None)  # type: ignore[arg-type]


def plain(text: str) -> str:
    """Text from a run or a user, so that markdown shows it as it is."""
    return MARKDOWN.sub(r"\\\1", text)


def show_faults(error: TandemError) -> None:
    """Says what is wrong and what to do, all faults at once, never a traceback."""
    lines = [
        f"**{fault.field}**: {plain(fault.message)}" if fault.field else plain(fault.message) for fault in error.faults
    ]
    st.error("  \n".join(lines), icon=":material/error:")


def resumed(run: Run) -> bool:
    """Puts a run back into the queue; says why where that can't be."""
    try:
        with st.spinner("Waiting for its old process to end …"):
            watch.resume(workspace(), run.id)
    except TandemError as error:
        show_faults(error)
        return False
    return True


def run_label(run: Run) -> str:
    """A run as it stands in a picker: its name, when it was launched, its id.

    Nothing that changes while it stands there: a picker would take the changed text for another choice.
    """
    return f"{run.title} · {formats.exact(run.created)} · {run.id}"


def pick_run(label: str, runs: Sequence[Run], key: str, parameter: str = "run") -> Run | None:
    """A select box of one run that makes the page's link lead to the choice. None without runs."""
    if not runs:
        return None
    by_id = {run.id: run for run in runs}
    if st.session_state.get(key) not in by_id:
        asked = st.query_params.get(parameter, "")
        st.session_state[key] = asked if asked in by_id else runs[0].id
    chosen = st.selectbox(label, list(by_id), format_func=lambda run_id: run_label(by_id[run_id]), key=key)
    st.query_params[parameter] = chosen
    return by_id[chosen]


def pick_runs(
    label: str,
    runs: Sequence[Run],
    key: str,
    *,
    max: int | None = None,
    default: Callable[[Sequence[Run]], Sequence[Run]] | None = None,
    parameter: str = "runs",
) -> list[Run]:
    """Runs as chips, in the order chosen, kept in the page's link as "ID,ID".

    At first those of the link that exist; without any, what `default` picks of `runs`.
    """
    by_id = {run.id: run for run in runs}
    if key not in st.session_state:
        asked = [name for name in st.query_params.get(parameter, "").split(",") if name in by_id]
        usual = [run.id for run in default(runs)] if default else []
        st.session_state[key] = (asked or usual)[:max]
    else:
        st.session_state[key] = [name for name in st.session_state[key] if name in by_id]
    chosen = st.multiselect(
        label, list(by_id), format_func=lambda run_id: run_label(by_id[run_id]), key=key, max_selections=max
    )
    if chosen:
        st.query_params[parameter] = ",".join(chosen)
    elif parameter in st.query_params:
        del st.query_params[parameter]
    return [by_id[run_id] for run_id in chosen]


def tasks_line(target: str, partners: Sequence[str] = ()) -> None:
    """Task names, each with the dot of its colour: "● sst2 with ● mnli"."""
    names = [_dotted(target), *(_dotted(task) for task in partners)]
    st.html(f"{names[0]} <span style='opacity:.65'>with</span> {' '.join(names[1:])}" if partners else names[0])


def _dotted(task: str) -> str:
    color = formats.task_color(task, dark())
    return f"<span style='white-space:nowrap'><span style='color:{color}'>●</span> {escape(task)}</span>"


def scrolling(table: str, style: str = "results-scroll") -> str:
    """A table's HTML in a box that scrolls sideways where there is no room, by the keyboard too."""
    return f"<div class='{style}' tabindex='0' role='group' aria-label='Table'>{table}</div>"


def number(text: str, hover: str = "") -> None:
    """A number at the right of its cell, with what one should know about it on hover."""
    st.html(f"<div style='text-align:right' title='{escape(hover)}'>{escape(text)}</div>")
