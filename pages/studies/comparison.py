"""One comparison on the page: its question, its verdict, and the ways to its runs."""

from __future__ import annotations

import streamlit as st

from mtl_core.display.verdicts import TONES
from mtl_core.services import compare, explore
from mtl_core.services.study_views import ComparisonCard, Judged
from pages.shared import parts

OPEN = 2
"""Links to runs that stand open; more are folded."""


def verdict(card: ComparisonCard) -> None:
    """Sign, word and effect."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(card.decision_text, color=TONES[card.decision])  # type: ignore[arg-type]
        if card.effect:
            st.markdown(f"**{card.effect}** points", width="content")
        if card.generated:
            parts.sample_badge()


def opened(card: ComparisonCard, judged: Judged) -> None:
    """A comparison in short, in a box."""
    with st.container(border=True):
        st.markdown(f"**{parts.plain(card.question)}**")
        verdict(card)
        st.markdown(parts.plain(card.sentence))
        st.caption(parts.plain(card.summary))
        for words in card.confounds:
            st.caption(f"Confounded, not the helper alone: {parts.plain(words)}")
        links(card, judged.comparison.target)


def links(card: ComparisonCard, task: str) -> None:
    """Compare and Explore with the runs chosen, and Watch for each run."""
    ordered = [run for _, _, run in sorted(card.runs, key=lambda one: one[1])]
    if not ordered:
        return
    with st.container(horizontal=True):
        query = {"runs": ",".join(ordered[: compare.MOST])}
        st.page_link("compare/page.py", label="Curves and settings", icon=":material/show_chart:", query_params=query)
        query = {"task": task, "runs": ",".join(ordered[: explore.MOST])}
        st.page_link("explore/page.py", label="Examples", icon=":material/search:", query_params=query)
        if len(card.runs) <= OPEN:
            run_links(card)
    if len(card.runs) > OPEN:
        with st.expander(f"{len(card.runs)} runs"), st.container(horizontal=True):
            run_links(card)


def run_links(card: ComparisonCard) -> None:
    """Watch for each run."""
    for arm, seed, run in card.runs:
        label = f"{parts.plain(arm)} · seed {seed}"
        st.page_link("watch.py", label=label, icon=":material/monitoring:", query_params={"run": run})
