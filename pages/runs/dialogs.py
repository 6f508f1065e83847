"""Questions before something is done with runs, and the form of their labels."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtl_core.display import formats
from mtl_core.services import Run, TandemError, runs
from mtl_core.services.runs import BulkOutcome
from pages.shared import asking, parts

TOLD = "runs_told"


def label(chosen: Sequence[Run]) -> None:
    """The labels of one run, or the tags of several."""
    if len(chosen) == 1:
        label_one(chosen[0])
    else:
        tag_several(chosen)


@st.dialog("Name, tags and note")
def label_one(run: Run) -> None:
    """All labels of a run."""
    try:
        own = runs.name_of(parts.workspace(), run.id)
    except TandemError as error:
        parts.show_faults(error)
        return
    name = st.text_input("Name", own, placeholder=run.config.title, max_chars=120, key=f"label_name_{run.id}")
    tags = pick_tags("Tags", run.tags, f"label_tags_{run.id}")
    note = st.text_area("Note", run.note, max_chars=4000, key=f"label_note_{run.id}")
    st.caption(f"Kept in the run's folder. Without a name it is called “{parts.plain(run.config.title)}”.")
    if saved():
        try:
            runs.label(parts.workspace(), run.id, name=name, tags=tags, note=note)
        except TandemError as error:
            parts.show_faults(error)
            return
        st.rerun()


@st.dialog("Tags of several runs")
def tag_several(chosen: Sequence[Run]) -> None:
    """Tags that all of the runs get, and tags that none of them keeps."""
    asking.names(chosen)
    add = pick_tags("Add", (), "label_add")
    have = sorted({tag for run in chosen for tag in run.tags}, key=str.casefold)
    remove = st.multiselect("Remove", have, key="label_remove", placeholder="none") if have else []
    if saved():
        tell("Tagged {}.", runs.tag(parts.workspace(), chosen, add, remove))


def pick_tags(title: str, have: Sequence[str], key: str) -> list[str]:
    """Tags that there are, and any new one."""
    known = list(dict.fromkeys([*have, *runs.tags(parts.workspace())]))
    return st.multiselect(
        title, known, list(have), accept_new_options=True, key=key, placeholder="choose, or type a new one"
    )


@st.dialog("Free resume state?")
def free(chosen: Sequence[Run]) -> None:
    """What is freed, what stays, and what can't be done afterwards."""
    early = [run for run in chosen if run.can_go_on]
    size = formats.size(runs.freeable(parts.workspace(), chosen))
    last = f" {'It' if len(chosen) == 1 else 'Those that ended early'} can't be resumed after that." if early else ""
    st.markdown(f"Frees about **{size}**.{last}")
    asking.names(chosen)
    st.caption("Weights, curves, scores and predictions stay; the optimizer's moments and random states go.")
    needs = runs.deletion(parts.workspace(), early).needs
    asking.needed(needs, "A study that has such a run can't complete it any more:")
    if asking.sure("Free"):
        outcome = runs.free_state(parts.workspace(), chosen)
        tell(f"Freed {formats.size(outcome.disk_bytes)} of {{}}.", outcome)


@st.dialog("Delete runs?")
def delete(chosen: Sequence[Run]) -> None:
    """What goes, what it frees, and who still needs it."""
    asked = runs.deletion(parts.workspace(), chosen)
    what = "This run is" if len(asked.runs) == 1 else f"These {len(asked.runs)} runs are"
    st.markdown(
        f"{what} deleted for good, with curves, predictions and trained weights. "
        f"This frees **{formats.size(asked.disk_bytes)}**."
    )
    asking.names(asked.runs)
    if asked.live:
        count = len(asked.live)
        verb = "waits or trains and stays" if count == 1 else "wait or train and stay"
        st.info(f"{count} of the selected {verb}. Stop first what is to go.", icon=":material/info:")
    if any(run.example for run in chosen):
        st.info("Runs of the example stay: it is hidden as a whole.", icon=":material/info:")
    asking.needed(asked.needs, asking.STILL_NEEDED)
    if asking.sure("Delete"):
        tell("Deleted {}.", runs.delete(parts.workspace(), asked))


def saved() -> bool:
    """The same for a form."""
    return asking.sure("Save")


def tell(words: str, outcome: BulkOutcome) -> None:
    """Closes the dialog; the page says what came of it."""
    count = len(outcome.done)
    st.session_state[TOLD] = (words.format(f"{count} run{'s' * (count != 1)}"), outcome)
    st.rerun()
