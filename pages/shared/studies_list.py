"""Studies in a few lines: what each asks, how it stands, what it has answered."""

from __future__ import annotations

import streamlit as st

from mtl_core.display import formats
from mtl_core.services import studies
from mtl_core.services.studies import Entry
from pages.shared import parts

LATEST = 3
"""Studies that the Overview shows."""


def latest() -> None:
    """The newest studies under a heading, the user's own; nothing where there is none."""
    listed, _ = studies.entries(parts.workspace())
    found = [entry for entry in listed if not entry.study.example]
    entries, more = found[:LATEST], len(found[LATEST:])
    if not entries:
        return
    st.subheader("Studies", anchor=False)
    for entry in entries:
        line(entry)
    if more:
        st.page_link("studies/page.py", label=f"All {len(entries) + more} studies", icon=":material/balance:")


def line(entry: Entry) -> None:
    """State, question with its answer, and how far it is."""
    badge, name, done, link = st.columns([1.3, 5.0, 1.9, 1.0], vertical_alignment="center")
    look = studies.STATES[entry.state]
    badge.badge(look.word, icon=look.icon, color=look.tone)  # type: ignore[arg-type]
    with name.container(gap=None):
        st.markdown(f"**{parts.plain(entry.study.config.name)}**")
        if entry.finished:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f":small[{parts.plain(studies.answer(parts.workspace(), entry))}]", width="content")
                if entry.generated:
                    parts.sample_badge()
    done.caption(f"{entry.finished} of {entry.runs} runs · {formats.ago(entry.study.created)}")
    link.page_link("studies/page.py", label="Open", icon=":material/balance:", query_params={"study": entry.study.id})
