"""Parts that several pages have in common: headings, empty states, badges, pickers."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from html import escape
from typing import NoReturn

import streamlit as st

from mtl_core.display import formats
from mtl_core.display.words import GENERATED
from mtl_core.services import Run, TandemError, Workspace, absent, forms, open_workspace, queue, watch
from pages.shared import links
from pages.shared.terms import term

SAMPLE_HELP = "Made by Tandem itself from a small invented world. Good for a first try, not evidence about real texts."

EXAMPLE_HELP = (
    "A study that came with Tandem, trained before. It is read-only, comes without weights and never counts among "
    "your own results. Hide it on the Overview."
)

MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|$~:])")
LOOK_AGAIN = 1.0
"""Seconds between two questions for what is not known yet."""
OWN, WHOLE = ("runs", "run"), ("study", "launch")
"""Parameters that name runs by their ids, and by the study or launch that they are part of."""
RUNS = (*OWN, *WHOLE)
RESUME_HELP = "Resumes from the last checkpoint, at the end of the queue."


def workspace() -> Workspace:
    """The runs folder that this server shows: `TANDEM_RUNS_DIR`, or `runs/` beside app.py."""
    return open_workspace()


def dark() -> bool:
    """True if the visitor's page is dark."""
    return st.context.theme.type == "dark"


def heading(title: str, question: str, *words: str, reads: Collection[str] = ()) -> None:
    """A page's title and, under it, the question that it answers and links to what words on it mean.

    `reads`: the parameters of a link that the page makes something of; it says where there are others.
    """
    st.title(title, anchor=False)
    st.caption(f"{question} {in_help(*words)}".rstrip())
    unknown(reads)


def unknown(reads: Collection[str]) -> None:
    """Says in a quiet line what the link asks for and the page does not know."""
    strange = links.strange(reads)
    if strange:
        known = f" It knows {', '.join(reads)}." if reads else ""
        told = f"The link says {', '.join(strange)}, which means nothing on this page.{known}"
        st.caption(f":material/link_off: {plain(told)}")


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


def example_badge() -> None:
    """The small badge that stands beside everything of the example study."""
    st.badge("example", icon=":material/school:", color="violet", help=EXAMPLE_HELP)


def origin_badges(run: Run) -> None:
    """What must be known of where a run's numbers come from."""
    if run.example:
        example_badge()
    if run.generated:
        sample_badge()


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
        f"**{plain(forms.label(fault.field))}**: {plain(forms.worded(fault.message))}"
        if fault.field
        else plain(fault.message)
        for fault in error.faults
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


def not_there(sentences: Iterable[str]) -> None:
    """Says what the link asks for and is not there."""
    told = "  \n".join(map(plain, sentences))
    if told:
        st.warning(told, icon=":material/link_off:")


def pick_run(label: str, runs: Sequence[Run], key: str, parameter: str = "run") -> Run | None:
    """A select box of one run that makes the page's link lead to the choice.

    None without runs, and where the link names one that is not there, or what nobody knows: nobody has chosen another
    one yet.
    """
    by_id, asked = {run.id: run for run in runs}, st.query_params.get(parameter, "")
    if not runs:
        not_there([absent.run(workspace(), asked)] if asked else ())
        return None
    links.starts(key, lambda: asked or (None if links.is_strange() else runs[0].id))
    if st.session_state[key] not in by_id:
        lost = st.session_state[key] or asked
        not_there([absent.run(workspace(), lost)] if lost else ())
        st.session_state[key] = None
    chosen = st.selectbox(
        label,
        list(by_id),
        index=None if st.session_state[key] is None else 0,
        format_func=lambda run_id: run_label(by_id[run_id]),
        placeholder=f"Choose one of {len(by_id):,} runs",
        key=key,
    )
    if chosen is None:
        return None
    links.remember(parameter, chosen)
    return by_id[chosen]


def pick_runs(
    label: str,
    runs: Sequence[Run],
    key: str,
    *,
    max: int | None = None,
    default: Callable[[Sequence[Run]], Sequence[Run]] | None = None,
    lacks: str = "can't be shown here",
) -> list[Run]:
    """Runs as chips, in the order chosen, kept in the page's link as "runs=ID,ID".

    At first those of the link, which may also name their study or launch; it says which of them are not there, or what
    they lack. Where the link names none, what `default` picks of `runs`.
    """
    by_id = {run.id: run for run in runs}
    asked = linked_runs()
    whole, told = runs_of_whole(by_id)
    wanted = list(dict.fromkeys([*asked, *whole]))
    usual = default if not (told or links.is_strange()) else None
    links.starts(key, lambda: wanted or [run.id for run in (usual(runs) if usual else ())][:max])
    missing = [name for name in asked if name not in by_id]
    told += absent.several(workspace(), missing, lacks)
    lost = bool(told)
    st.session_state[key] = [name for name in st.session_state[key] if name in by_id]
    if max is not None and len(st.session_state[key]) > max:
        told.append(f"The link names {len(st.session_state[key])} runs. The first {max} are shown.")
        st.session_state[key] = st.session_state[key][:max]
    not_there(told)
    chosen = st.multiselect(
        label,
        list(by_id),
        format_func=lambda run_id: run_label(by_id[run_id]),
        key=key,
        max_selections=max,
        on_change=links.forget,
        args=RUNS,
    )
    if not lost:  # a link that names what is not there says so until another choice is made
        links.forget(*RUNS[1:])
        links.remember(RUNS[0], ",".join(chosen))
    return [by_id[run_id] for run_id in chosen]


def linked_runs() -> list[str]:
    """Ids of the runs that the link names."""
    named = ",".join(st.query_params.get(name, "") for name in OWN)
    return list(dict.fromkeys(filter(None, named.split(","))))


def runs_of_whole(offered: Collection[str]) -> tuple[list[str], list[str]]:
    """Those of the offered runs that are in the link's study or launch; and what is to be said where there are none."""
    found, told = list[str](), list[str]()
    for kind in WHOLE:
        if not (name := st.query_params.get(kind, "")):
            continue
        try:
            own = [run.id for run in queue.group(workspace(), kind, name).runs if run.id in offered]
        except TandemError:
            told.append(f"There is no {kind} '{name}'. It may have been deleted.")
            continue
        found += own
        told += [f"No run of the {kind} '{name}' can be shown here."] * (not own)
    return found, told


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
