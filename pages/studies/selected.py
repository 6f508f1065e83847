"""One study: its question, its state, its controls, and the view that was chosen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mtl_core.services import StudyNotFound, TandemError, studies, study_views
from mtl_core.services.studies import Entry
from mtl_core.services.study_views import StudyContext, StudyView
from pages.shared import links, parts
from pages.studies import controls, listing, view


def page(study_id: str) -> None:
    """All of it; for a study that is gone, a word on that and the list."""
    try:
        entry = studies.entry(parts.workspace(), study_id)
        context = studies.context(parts.workspace(), entry)
    except StudyNotFound:
        listing.page(gone=study_id)
        return
    except TandemError as error:
        listing.back()
        parts.show_faults(error)
        return
    listing.back()
    st.title(parts.plain(context.config.name), anchor=False)
    parts.unknown(("study", "view", *view.OF_VIEW))
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
    if not by_link:
        return None
    links.starts(key, lambda: st.query_params.get("view") or next(iter(by_link)))
    if st.session_state[key] not in by_link:
        asked = st.session_state[key] or st.query_params.get("view", "")
        parts.not_there([f"This study has no view '{asked}'. Choose one of these:"])
        st.session_state[key] = None
    chosen: str | None = st.segmented_control(
        "View",
        list(by_link),
        format_func=lambda link: by_link[link].title,
        key=key,
        required=st.session_state[key] is not None,
        label_visibility="collapsed",
        on_change=links.forget,
        args=view.OF_VIEW,
    )
    if chosen is None:
        return None
    links.remember("view", chosen)
    return by_link[chosen]
