"""Verdicts: each comparison's question, its answer, and all that the answer rests on."""

from __future__ import annotations

import streamlit as st

from mtl_core.display import formats
from mtl_core.display.verdicts import TONES, effect_text, interval_text, signed, verdict_text
from mtl_core.display.words import metric_title
from mtl_core.services import studies
from mtl_core.statistics import ModelsCompared, Verdict
from mtl_core.studies import sentences, table_words, verdict_table
from mtl_core.studies.judge import Judged
from mtl_core.studies.report import pictures
from pages.shared import parts
from pages.studies import controls
from pages.studies.views import Context, _shown

TITLE, ORDER = "Verdicts", 10
QUESTION = "What did the other tasks change, and is it more than chance?"
USUAL_MORE, MOST_OFFERED = 2, 10
"""Seeds that a button offers to run at once."""
KEY = "Diamond: the effect. Bar: its interval. Dots: single seeds. Grey band: the margin. Right of 0 is better."


def fits(context: Context) -> bool:
    """Always: what can't be judged says why."""
    return bool(context.study.config.comparisons)


def show(context: Context) -> None:
    """Draws the view."""
    judged, config = context.judged, context.study.config
    _shown.head(QUESTION, judged)
    if _shown.scored(judged):
        _shown.picture(pictures.effects(config, judged), "effects")
        st.caption(" ".join([KEY, *table_words.adjusted(len(judged))]))
    labels = [f"{verdict_text(one.decision)} · {sentences.label(config, one.comparison)}" for one in judged]
    one = judged[_shown.pick("Comparison", labels, context, "verdict")]
    answer(context, one)
    with st.expander("All verdicts as a table" if len(judged) > 1 else "The verdict as a table"):
        _shown.table(verdict_table.table(config, judged), "verdicts")


def answer(context: Context, one: Judged) -> None:
    """One comparison."""
    with st.container(border=True):
        st.subheader(parts.plain(sentences.question(context.study.config, one.comparison)), anchor=False)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(verdict_text(one.decision), color=TONES[one.decision])  # type: ignore[arg-type]
            if one.verdict:
                st.markdown(f"**{effect_text(one)}** points", width="content")
            if one.generated:
                parts.sample_badge()
        st.markdown(parts.plain(sentences.sentence(one)))
        left, right = st.columns(2, gap="large")
        with left:
            told("Held against", sentences.compared_with(one))
            told("Reached", reached(one))
            told("Time a run", seconds(one))
        with right:
            if one.verdict:
                told("Evidence", sentences.seeds_text(one))
                rests_on(one.verdict, len(context.judged))
        if one.baseline.scores or one.treatment.scores:
            cautions(one)
        single(studies.single_runs(context.workspace, one))
        if one.verdict:
            more(context, one.verdict)
        _shown.links(one)


def told(label: str, text: str) -> None:
    """A fact with its name over it."""
    if text:
        st.markdown(f":small[:gray[{label}]]  \n{parts.plain(text)}")


def reached(one: Judged) -> str:
    """Both arms' scores, a seed each: "accuracy, %: 81.2, 80.9 with mnli; 80.1, 80.0 alone"."""
    sides = (one.treatment, one.baseline)
    each = [
        f"{side.arm}: {', '.join(f'{score:.1f}' for score in side.scores.values())}" for side in sides if side.scores
    ]
    return f"{metric_title(one.metric)}, %, a seed each. {'; '.join(each)}" if each else ""


def seconds(one: Judged) -> str:
    """How long a run of either arm took, so that what the effect costs is seen."""
    sides = (one.treatment, one.baseline)
    known = [f"{side.arm} {formats.duration(side.seconds)}" for side in sides if side.seconds is not None]
    return "; ".join(known)


def rests_on(verdict: Verdict, among: int) -> None:
    """What could be found with this much evidence, and what it takes to know more."""
    told("Could be found with it", sentences.found_with(verdict, among))
    told("Seeds needed", sentences.seeds_needed(verdict, among))


def cautions(one: Judged) -> None:
    """What stands between the effect and the method: other differences, and seeds that do not count."""
    if one.confounds:
        words = "; ".join(one.confounds)
        st.warning(f"Confounded, not the other tasks alone: {parts.plain(words)}.", icon=":material/warning:")
    for words in sentences.left_out(one):
        st.caption(f":material/info: Left out of {parts.plain(words)}.")


def single(found: ModelsCompared | None) -> None:
    """What two single models say of each other, and how little that is."""
    if found is None:
        return
    interval = interval_text(found.low, found.high)
    p_value = f"p = {found.p_value:.3f}" if found.p_value >= 0.001 else "p < 0.001"
    changed = f"{found.gained:,} dev examples gained, {found.lost:,} lost"
    st.info(
        f"**These two models alone**: {signed(found.effect)} {interval} points, {found.test} {p_value}; {changed}.  \n"
        f"{parts.plain(found.note)}",
        icon=":material/looks_one:",
    )


def more(context: Context, verdict: Verdict) -> None:
    """The button for more seeds: as many as the effect that was seen takes, two where that is not known."""
    have = len(context.study.config.seeds)
    count = verdict.seeds_needed - have if verdict.seeds_needed else USUAL_MORE
    controls.more_seeds(context.study, context.members, min(max(count, 1), MOST_OFFERED), "verdict")
