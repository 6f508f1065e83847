"""How views show what they share: a table with its downloads, a figure, what can be opened of a comparison."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from mtl_core.config.study import StudyConfig
from mtl_core.display.tables import Table
from mtl_core.display.verdicts import SIGNS, TONES, effect_text, verdict_text
from mtl_core.services import compare, explore
from mtl_core.studies import sentences
from mtl_core.studies.judge import Judged
from mtl_core.studies.view_figures import Picture
from pages.shared import exports, parts
from pages.studies.views import Context

CSS = Path(__file__).parents[2] / "static" / "study_table.css"
VERDICT = re.compile("([▲▼≈?])( helps| hurts| practically equal| not enough evidence)?")
TONES_OF = {sign: TONES[word] for word, sign in SIGNS.items()}
NOTHING = "No run of these arms has finished yet. What is here fills up while the study trains."


def head(question: str, judged: Sequence[Judged]) -> None:
    """The question that a view answers, and whether its numbers are of the generated sample."""
    st.html(CSS)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(question, width="content")
        if any(one.generated for one in judged):
            parts.sample_badge()


def scored(judged: Sequence[Judged]) -> bool:
    """Whether there is anything to draw; says so where there is not."""
    found = any(one.baseline.scores or one.treatment.scores for one in judged)
    if not found:
        st.info(NOTHING, icon=":material/hourglass_empty:")
    return found


def table(found: Table, name: str) -> None:
    """A table with its notes, and the ways to take it along."""
    html = VERDICT.sub(lambda told: f"<span class='verdict {TONES_OF[told[1]]}'>{told[0]}</span>", found.to_html())
    st.html(f"<div class=study-table>{html}</div>")
    exports.table_downloads(found, name)


def picture(found: Picture, name: str) -> None:
    """A figure with its downloads."""
    exports.figure(found.figure, name, alt=found.alt, height=found.height)


def pick(label: str, options: Sequence[str], context: Context, name: str) -> int:
    """Which of several things a view shows; no question where there is one alone."""
    if len(options) == 1:
        return 0
    places = range(len(options))
    return int(st.selectbox(label, places, format_func=options.__getitem__, key=f"{name}_{context.study.id}"))


def opened(config: StudyConfig, one: Judged) -> None:
    """A comparison in words, with links to its runs, their curves and the examples."""
    with st.container(border=True):
        st.markdown(f"**{parts.plain(sentences.question(config, one.comparison))}**")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(verdict_text(one.decision), color=TONES[one.decision])  # type: ignore[arg-type]
            st.markdown(f"{effect_text(one)} points", width="content")
        st.markdown(parts.plain(sentences.sentence(one)))
        against = f"{parts.plain(one.treatment.arm)} against {parts.plain(sentences.compared_with(one))}"
        st.caption(f"{against} · {sentences.seeds_text(one)}")
        for words in one.confounds:
            st.caption(f"Confounded, not the helper alone: {parts.plain(words)}")
        links(one)


def links(one: Judged) -> None:
    """Compare and Explore with the runs chosen, and Watch for each run."""
    pairs = [(seed, side.arm, run) for side in (one.baseline, one.treatment) for seed, run in side.runs.items()]
    ordered = [run.id for _, _, run in sorted(pairs, key=lambda pair: pair[0])]
    if not ordered:
        return
    with st.container(horizontal=True):
        runs = {"runs": ",".join(ordered[: compare.MOST])}
        st.page_link("compare/page.py", label="Curves and settings", icon=":material/show_chart:", query_params=runs)
        few = {"task": one.comparison.target, "runs": ",".join(ordered[: explore.MOST])}
        st.page_link("explore/page.py", label="Examples", icon=":material/search:", query_params=few)
        for seed, arm, run in pairs:
            label = f"{parts.plain(arm)} · seed {seed}"
            st.page_link("watch.py", label=label, icon=":material/monitoring:", query_params={"run": run.id})
