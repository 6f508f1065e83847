"""One comparison on the page: its question, its verdict, and the ways to its runs."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from mtl_core.display.verdicts import TONES
from mtl_core.services import compare, explore
from mtl_core.services.study_views import ComparisonCard, Judged
from pages.shared import parts
from pages.shared.terms import explained

EFFECT_HELP = (
    "The difference of both conditions, and in brackets the interval that holds over other seeds and examples."
)

OPEN = 2
"""Links to runs that stand open; more are folded."""


def verdict(card: ComparisonCard) -> None:
    """Sign, word and effect."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(card.decision_text, color=TONES[card.decision])  # type: ignore[arg-type]
        if card.effect:
            st.markdown(
                f"**{card.effect}** points{card.seeds_note}", width="content", help=explained(EFFECT_HELP, "verdict")
            )
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


def of_one_seed(card: ComparisonCard) -> list[str]:
    """The runs of one seed, as examples are read side by side: of the first seed that most arms have."""
    seeds = Counter(seed for _, seed, _ in card.runs)
    chosen = min(seeds, key=lambda seed: (-seeds[seed], seed))
    return [run for _, seed, run in card.runs if seed == chosen]


def links(card: ComparisonCard, task: str) -> None:
    """Compare and Explore with the runs chosen, and Watch for each run."""
    ordered = [run for _, _, run in sorted(card.runs, key=lambda one: one[1])]
    if not ordered:
        return
    with st.container(horizontal=True):
        query = {"runs": ",".join(ordered[: compare.MOST])}
        st.page_link("compare/page.py", label="Curves and settings", icon=":material/show_chart:", query_params=query)
        query = {"task": task, "runs": ",".join(of_one_seed(card)[: explore.MOST])}
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
        st.page_link("watch/page.py", label=label, icon=":material/monitoring:", query_params={"run": run})
