"""The form of a new study filled from runs, and which of them the study takes over."""

from __future__ import annotations

import streamlit as st

from mtl_core.services import RunNotFound, TandemError, absent, forms, studies, study_from_runs
from mtl_core.services.study_draft import StudyConfig
from mtl_core.services.study_from_runs import Filled
from pages.shared import links, parts
from pages.studies import form
from pages.studies.form import FORM

KEPT = "study_from_runs"
LINKED = ("runs", "from", "run")
"""Parameters that name the runs."""
SHOWN = 6
"""Runs that are named."""


def prefill() -> None:
    """Takes over what a link asks for, once: `runs=ID,ID`. Before the form's widgets are drawn."""
    named = ",".join(st.query_params.get(name, "") for name in LINKED)
    asked = list(dict.fromkeys(filter(None, named.split(","))))
    if not asked:
        return
    try:
        filled = study_from_runs.filled(parts.workspace(), asked)
    except RunNotFound:  # the link keeps the ids, so that this stays to be read
        parts.not_there(absent.several(parts.workspace(), asked))
        st.page_link("runs/page.py", label="All runs", icon=":material/list:")
        return
    except TandemError as error:
        parts.show_faults(error)
        return
    put(filled)
    st.session_state[KEPT] = filled
    links.forget(*LINKED)
    st.query_params["new"] = "1"


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


def note(config: StudyConfig | None, *, working: bool) -> None:
    """How many of the runs the study takes over, and why not the others; nothing for a form that was begun by hand.

    Without a config that is not known: not yet while it is `working` on it, else not before faults are mended.
    """
    filled: Filled | None = st.session_state.get(KEPT)
    if filled is None or not FORM.is_changed:
        forget()  # "Start over" has emptied the form
        return
    if filled.gone:
        others = f"The form is filled from the other{'s' * (len(filled.runs) > 1)}."
        parts.not_there([*absent.several(parts.workspace(), filled.gone), others])
    count = len(filled.runs)
    source = f"Filled from {count} run{'s' * (count != 1)}"
    if config is None:
        looking = "which of them the study takes over" if count > 1 else "whether the study takes it over"
        st.markdown(f"{source}; looking up {looking} …" if working else f"{source}.")
        return
    missing = study_from_runs.taken_over(parts.workspace(), config, filled)
    there = count - len(missing)
    taken = "it is" if count == there == 1 else "all are" if there == count else f"{there} of them are"
    st.markdown(f"{source}: {taken if there else 'none is'} taken over.")
    for run_id, why in list(missing.items())[:SHOWN]:
        told = f"{filled.titles[run_id]} ({run_id}) is not taken over: {why}."
        st.caption(f":material/info: {parts.plain(told)}")
    if len(missing) > SHOWN:
        st.caption(f"And {len(missing) - SHOWN} more are not.")


def forget() -> None:
    """Forgets which runs the form came from."""
    st.session_state.pop(KEPT, None)
