"""One study: its question, its state, its controls, and the view that was chosen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mtl_core.services import TandemError, studies, study_views
from mtl_core.services.studies import Entry
from mtl_core.services.study_views import StudyContext, StudyView
from pages.shared import parts
from pages.studies import controls, listing, view


def page(study_id: str) -> None:
    """All of it; a study that is gone says so and leads back."""
    listing.back()
    try:
        entry = studies.entry(parts.workspace(), study_id)
        context = studies.context(parts.workspace(), entry)
    except TandemError as error:
        parts.show_faults(error)
        return
    st.title(parts.plain(context.config.name), anchor=False)
    head(entry)
    controls.sealed(entry.study)
    controls.row(entry)
    chosen = choose(context)
    if chosen is not None:
        view.show(context, chosen)


def head(before: Entry) -> None:
    """The state, refreshed while something waits or trains; the whole page when a run has finished."""

    busy = before.live or before.study.automation.going

    @st.fragment(run_every="2s" if busy else None)
    def refreshed() -> None:
        now = studies.entry(parts.workspace(), before.study.id)
        controls.status(now)
        if busy and now.moment != before.moment:
            st.rerun(scope="app")

    refreshed()


def choose(context: StudyContext) -> StudyView[Any] | None:
    """The view of the link, or the first; the choice goes into the link."""
    by_link = {one.link: one for one in study_views.fitting(context)}
    key = f"study_view_{context.study.id}"
    if st.session_state.get(key) not in by_link:
        asked = st.query_params.get("view", "")
        st.session_state[key] = asked if asked in by_link else next(iter(by_link), None)
    if not by_link:
        return None
    chosen = st.segmented_control(
        "View",
        list(by_link),
        format_func=lambda link: by_link[link].title,
        key=key,
        required=True,
        label_visibility="collapsed",
    )
    st.query_params["view"] = chosen
    return by_link[chosen]
