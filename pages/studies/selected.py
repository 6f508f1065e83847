"""One study: its question, its state, its controls, and the view that was chosen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mtl_core.errors import TandemError
from mtl_core.records import LIVE
from mtl_core.store import studies
from mtl_core.studies import describe
from mtl_core.studies.members import counts, members
from pages.shared import parts
from pages.studies import controls, listing, views
from pages.studies.views import Context


def page(study_id: str) -> None:
    """All of it; a study that is gone says so and leads back."""
    listing.back()
    try:
        context = Context(parts.workspace(), studies.get(parts.workspace(), study_id))
    except TandemError as error:
        parts.show_faults(error)
        return
    config = context.study.config
    st.title(parts.plain(config.name), anchor=False)
    live = describe.state(context.members) in LIVE
    head(context.study.id, live, counts(context.members)["finished"])
    controls.row(context)
    view = choose(context)
    if view is not None:
        view.show(context)


def head(study_id: str, live: bool, finished: int) -> None:
    """The state, refreshed while something waits or trains; the whole page when a run has finished."""

    @st.fragment(run_every="2s" if live else None)
    def refreshed() -> None:
        study = studies.get(parts.workspace(), study_id)
        listed = members(parts.workspace(), study)
        controls.status(study, listed)
        still = describe.state(listed) in LIVE
        if live and (not still or counts(listed)["finished"] != finished):
            st.rerun(scope="app")

    refreshed()


def choose(context: Context) -> Any:
    """The view of the link, or the first; the choice goes into the link."""
    found = views.views(context)
    by_slug = {slug(title): title for title in found}
    key = f"study_view_{context.study.id}"
    if st.session_state.get(key) not in by_slug:
        asked = st.query_params.get("view", "")
        st.session_state[key] = asked if asked in by_slug else next(iter(by_slug), None)
    if not by_slug:
        return None
    chosen = st.segmented_control(
        "View", list(by_slug), format_func=by_slug.__getitem__, key=key, required=True, label_visibility="collapsed"
    )
    st.query_params["view"] = chosen
    return found[by_slug[chosen]]


def slug(title: str) -> str:
    """A view in a link: "Paper tables" is "paper-tables"."""
    return title.lower().replace(" ", "-")
