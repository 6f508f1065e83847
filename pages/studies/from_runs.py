"""The form of a new study filled from runs, and which of them the study takes over."""

from __future__ import annotations

import streamlit as st

from mtl_core.services import TandemError, forms, studies, study_from_runs
from mtl_core.services.study_draft import StudyConfig
from mtl_core.services.study_from_runs import Filled
from pages.shared import parts
from pages.studies import form
from pages.studies.form import FORM

KEPT = "study_from_runs"
SHOWN = 6
"""Runs that are named."""


def prefill() -> None:
    """Takes over what a link asks for, once: `runs=ID,ID`. Before the form's widgets are drawn."""
    asked = st.query_params.get("runs", "")
    if not asked:
        return
    try:
        filled = study_from_runs.filled(parts.workspace(), [name for name in asked.split(",") if name])
    except TandemError as error:
        parts.show_faults(error)  # the link keeps the ids, so that this stays to be read
        return
    put(filled)
    st.session_state[KEPT] = filled
    del st.query_params["runs"]


def put(filled: Filled) -> None:
    """Sets the form's values; what the runs say nothing of, such as tuning, has its default."""
    FORM.put(**form.defaults())
    for name, value in filled.values.items():
        if FORM.has(name) and name not in ("tasks", "seeds"):
            FORM.put(**{name: forms.typed_text(value) if forms.is_typed(name) else value})
    if filled.values.get("data"):
        FORM.put(data=filled.values["data"])
    FORM.put(preset=filled.preset, tasks=list(filled.tasks), target=filled.tasks[0])
    FORM.put(seeds=", ".join(map(str, filled.seeds)))
    for name in studies.settings_of(studies.preset(filled.preset)):
        if name in filled.settings:
            FORM.put(**{form.setting_key(filled.preset, name): filled.settings[name]})


def note(config: StudyConfig | None) -> None:
    """How many of the runs the study takes over, and why not the others; nothing for a form that was begun by hand."""
    filled: Filled | None = st.session_state.get(KEPT)
    if filled is None or not FORM.is_changed:
        forget()  # "Start over" has emptied the form
        return
    missing = study_from_runs.taken_over(parts.workspace(), config, filled) if config else dict(filled.left_out)
    count, there = len(filled.runs), len(filled.runs) - len(missing)
    taken = "it is" if count == 1 else "all are" if there == count else f"{there} of them are"
    words = f"Filled from {count} run{'s' * (count != 1)}" + (f": {taken} taken over." if config else ".")
    st.markdown(words if there else f"Filled from {count} run{'s' * (count != 1)}: none is taken over.")
    for run_id, why in list(missing.items())[:SHOWN]:
        st.caption(f":material/info: Not {parts.plain(filled.titles[run_id])} ({run_id}): {parts.plain(why)}.")
    if len(missing) > SHOWN:
        st.caption(f"And {len(missing) - SHOWN} more are not.")


def forget() -> None:
    """Forgets which runs the form came from."""
    st.session_state.pop(KEPT, None)
