"""Verdicts on the page: a card with one comparison's answer, all that it rests on, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from mtl_core.display.verdicts import interval_text, signed
from mtl_core.services import studies, study_views
from mtl_core.services.studies import ModelsCompared
from mtl_core.services.study_views import ComparisonCard, Judged, StudyContext, StudyView
from pages.shared import parts
from pages.studies import comparison, controls, view


def show(context: StudyContext, shown: StudyView[Any], part: Sequence[Judged]) -> None:
    """All effects, one comparison's answer, and the table of all."""
    view.figures(context, shown, part)
    cards = [study_views.card(context, one) for one in part]
    labels = [f"{card.decision_text} · {card.label}" for card in cards]
    place = view.pick("Comparison", labels, f"verdict_{context.study.id}", view.COMPARISON)
    answer(context, cards[place], part[place])
    with st.expander("All verdicts as a table" if len(part) > 1 else "The verdict as a table"):
        view.tables(context, shown, part)


def answer(context: StudyContext, card: ComparisonCard, judged: Judged) -> None:
    """One comparison."""
    with st.container(border=True):
        st.subheader(parts.plain(card.question), anchor=False)
        comparison.verdict(card)
        st.markdown(parts.plain(card.sentence))
        for column, facts in zip(st.columns(2, gap="large"), (card.sides, card.evidence), strict=True):
            with column:
                for label, text in facts:
                    st.markdown(f":small[:gray[{label}]]  \n{parts.plain(text)}")
        if card.scored:
            cautions(card)
        single_models(studies.single_runs(context.workspace, judged))
        if card.more_seeds:
            controls.more_seeds(context.study, context.members, card.more_seeds, "verdict")
        comparison.links(card, judged.comparison.target)


def cautions(card: ComparisonCard) -> None:
    """Reservations: differences besides the method, and seeds that do not count."""
    if card.confounds:
        words = "; ".join(card.confounds)
        st.warning(f"Confounded, not the other tasks alone: {parts.plain(words)}.", icon=":material/warning:")
    for words in card.cautions:
        st.caption(f":material/info: {parts.plain(words)}.")
    for words in card.tuned:
        st.caption(f":material/tune: Tuned: {parts.plain(words)}.")
    for words in card.left_out:
        st.caption(f":material/info: Left out of {parts.plain(words)}.")


def single_models(models: ModelsCompared | None) -> None:
    """The comparison of two single models, and how little it says."""
    if models is None:
        return
    effect = f"{signed(models.effect)} {interval_text(models.low, models.high)} points"
    if models.gained == models.lost == 0:
        effect = "0.0 points, 1 seed; both give every dev example the same score"
    p_value = f"p = {models.p_value:.3f}" if models.p_value >= 0.001 else "p < 0.001"
    changed = f"{models.gained:,} dev examples gained, {models.lost:,} lost"
    st.info(
        f"**These two models alone**: {effect}, {models.test} {p_value}; {changed}.  \n{parts.plain(models.note)}",
        icon=":material/looks_one:",
    )
