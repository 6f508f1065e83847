"""What can be done with the selected runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from mtl_core.services import Run, compare, explore, runs
from mtl_core.services.runs import BulkOutcome
from pages.runs import dialogs
from pages.shared import make_study, parts

OFFERED = "Select runs to compare, watch, explore, label, clone, stop, resume, free or delete them; with Shift a range."
PICKED, EPOCH, TOLD = "runs_picked", "runs_epoch", "runs_told"


def picked() -> list[str]:
    """Ids of the selected runs, in the order in which they were selected."""
    return list(st.session_state.get(PICKED, []))


def epoch() -> int:
    """Grows whenever the page changes the selection, not the visitor."""
    return int(st.session_state.get(EPOCH, 0))


def take_over(run_ids: Sequence[str]) -> None:
    """Notes what the visitor has selected in the table."""
    st.session_state[PICKED] = list(run_ids)


def pick(run_ids: Sequence[str]) -> None:
    """Selects runs for the visitor."""
    take_over(run_ids)
    st.session_state[EPOCH] = epoch() + 1


def told() -> None:
    """What came of the last action."""
    said = st.session_state.pop(TOLD, None)
    if said is None:
        return
    words, outcome = said
    if outcome.done:
        st.toast(words, icon=":material/check:")
    if outcome.refused:
        st.error("  \n".join(map(parts.plain, outcome.refused)), icon=":material/error:")


def bar() -> None:
    """What can be done with the selected runs; grey where it can't. A line that says so while none is selected."""
    chosen = runs.of_ids(parts.workspace(), picked())
    if len(chosen) < len(picked()):
        pick([run.id for run in chosen])
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="runs_actions"):
        if not chosen:
            st.caption(OFFERED)
            return
        ways_on(chosen)
        own = [run for run in chosen if not run.example]
        button("Label…", "label", "Name, tags and a note.", bool(own), dialogs.label, own)
        clone(chosen)
        changes(chosen)


def ways_on(chosen: Sequence[Run]) -> None:
    """To the pages that show several runs."""
    ids, begun = ",".join(run.id for run in chosen), [run for run in chosen if not run.waiting]
    finished = [run for run in chosen if run.finished]
    where: list[tuple[str, str, str, bool, dict[str, str], str]] = [
        (
            "Compare",
            "compare_arrows",
            "compare/page.py",
            0 < len(begun) <= compare.MOST,
            {"runs": ",".join(run.id for run in begun)},
            f"Scores and curves side by side, of up to {compare.MOST} runs that have begun.",
        ),
        (
            "Watch",
            "monitoring",
            "watch/page.py",
            bool(chosen),
            {"run": ids} if len(chosen) == 1 else {"runs": ids},
            "Live curves, of several runs over each other.",
        ),
        (
            "Explore",
            "search",
            "explore/page.py",
            0 < len(finished) <= explore.MOST,
            {"task": runs.explored_task(finished), "runs": ",".join(run.id for run in finished)},
            f"Predictions side by side, of up to {explore.MOST} finished runs.",
        ),
    ]
    for label, icon, page, possible, query, words in where:
        name = f"runs_to_{label.lower()}"
        if st.button(label, icon=f":material/{icon}:", help=words, disabled=not possible, key=name):
            st.switch_page(page, query_params=query)
    make_study.button([run.id for run in chosen], "runs")


def clone(chosen: Sequence[Run]) -> None:
    """To the Launch form with a run's settings."""
    words = "Opens Launch with this run's settings, to change some of them first. Select one run."
    pressed = st.button(
        "Clone…", icon=":material/content_copy:", help=words, disabled=len(chosen) != 1, key="runs_clone"
    )
    if pressed:
        st.switch_page("launch/page.py", query_params={"from": chosen[0].id})


def changes(chosen: Sequence[Run]) -> None:
    """What changes runs: stop, resume, free, delete."""
    live, early = [run for run in chosen if run.live], [run for run in chosen if run.can_go_on]
    space = parts.workspace()
    stop_words = "Ends runs after their current step, with a checkpoint; those that wait leave the queue."
    if button("Stop", "stop", stop_words, bool(live)):
        done("Stopping {}.", runs.stop(space, live))
    if button("Resume", "resume", parts.RESUME_HELP, bool(early)):
        with st.spinner("Waiting for old processes to end …"):
            outcome = runs.resume(space, early)
        done("{} back in the queue.", outcome)
    free_words = "Deletes the resume state of runs that ended early; weights and records stay."
    heavy = [run for run in chosen if runs.freeable(space, [run])]
    button("Free disk…", "compress", free_words, bool(heavy), dialogs.free, heavy)
    gone = any(not run.live and not run.example for run in chosen)
    button("Delete…", "delete", "Deletes runs for good.", gone, dialogs.delete, chosen)


def button(
    label: str,
    icon: str,
    words: str,
    possible: bool,
    opens: Callable[[Sequence[Run]], None] | None = None,
    chosen: Sequence[Run] = (),
) -> bool:
    """An action; `opens` is the dialog that it asks in."""
    name = f"runs_{label.partition(' ')[0].rstrip('…').lower()}"
    pressed = st.button(label, icon=f":material/{icon}:", help=words, disabled=not possible, key=name)
    if pressed and opens is not None:
        opens(chosen)
    return pressed


def done(words: str, outcome: BulkOutcome) -> None:
    """Shows the page anew, with what came of an action on top."""
    count = len(outcome.done)
    st.session_state[TOLD] = (words.format(f"{count} run{'s' * (count != 1)}"), outcome)
    st.rerun()
