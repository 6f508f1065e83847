"""The values behind the views of a study: which ones fit, and a comparison in all its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mtl_core.display import formats
from mtl_core.display import scores as score_words
from mtl_core.display.verdicts import effect_text
from mtl_core.studies import sentences, views
from mtl_core.studies.context import StudyContext as StudyContext
from mtl_core.studies.judge import Judged as Judged
from mtl_core.studies.tuning import tuned_words
from mtl_core.studies.views import Picture as Picture
from mtl_core.studies.views import StudyView as StudyView
from mtl_core.studies.views import scored as scored

USUAL_MORE, MOST_OFFERED = 2, 10
"""Seeds that a button offers to run at once."""


@dataclass(frozen=True, slots=True)
class ComparisonCard:
    """A comparison with its verdict, and all that the verdict rests on."""

    label: str
    """In a few words."""
    question: str
    decision: str
    decision_text: str
    """Sign and word."""
    effect: str
    """In points, with its interval; "" without a verdict."""
    generated: bool
    sentence: str
    sides: tuple[tuple[str, str], ...]
    """Facts of the two arms: what each is called, and its text."""
    evidence: tuple[tuple[str, str], ...]
    """Facts of the verdict, such as the seeds that it takes; empty without one."""
    summary: str
    """Arms, match and seeds in a line."""
    scored: bool
    confounds: tuple[str, ...]
    cautions: tuple[str, ...]
    """What is to be known of both arms."""
    tuned: tuple[str, ...]
    """What tuning gave each of the two arms."""
    seeds_note: str
    """", 1 seed" behind an effect that rests on one; else ""."""
    left_out: tuple[str, ...]
    more_seeds: int | None
    """Seeds to add: up to the next planned look; after the last as many as the effect takes, a few where that is not
    known. None without a verdict, where it is known, and for the example, which stays as it is."""
    runs: tuple[tuple[str, int, str], ...]
    """Arm, seed and id of every run that counts, the baseline's first."""


def fitting(context: StudyContext) -> list[StudyView[Any]]:
    """The views that fit the study, in their order."""
    return views.fitting(context.config)


def card(context: StudyContext, one: Judged) -> ComparisonCard:
    """One comparison of the study."""
    config = context.config
    return ComparisonCard(
        label=sentences.label(config, one.comparison),
        question=sentences.question(config, one.comparison),
        decision=one.decision,
        decision_text=sentences.decision_text(one),
        effect=effect_text(one) if one.verdict else "",
        seeds_note=sentences.one_seed(one),
        generated=one.generated,
        sentence=sentences.sentence(one),
        sides=tuple((name, text) for name, text in _sides(one) if text),
        evidence=tuple((name, text) for name, text in _evidence(one, len(config.comparisons)) if text),
        summary=f"{one.treatment.arm} against {sentences.compared_with(one)} · {sentences.seeds_text(one)}",
        scored=scored([one]),
        confounds=one.confounds,
        cautions=one.cautions,
        tuned=tuned_words(config, one.comparison),
        left_out=tuple(sentences.left_out(one)),
        more_seeds=None if context.study.example else _more_seeds(one, len(config.seeds)),
        runs=tuple(
            (side.arm, seed, run.id) for side in (one.baseline, one.treatment) for seed, run in side.runs.items()
        ),
    )


def _sides(one: Judged) -> Iterator[tuple[str, str]]:
    arms = (one.treatment, one.baseline)
    scores = [f"{arm.arm}: {', '.join(f'{score:.1f}' for score in arm.scores.values())}" for arm in arms if arm.scores]
    seconds = [f"{arm.arm} {formats.duration(arm.seconds)}" for arm in arms if arm.seconds is not None]
    yield "Baseline", sentences.compared_with(one)
    yield "Scores by seed", f"{score_words.header(one.metric)}. {'; '.join(scores)}" if scores else ""
    yield "Time per run", "; ".join(seconds)


def _evidence(one: Judged, among: int) -> Iterator[tuple[str, str]]:
    if one.verdict:
        yield "Evidence", sentences.seeds_text(one)
        yield "Interval", sentences.finer(one.verdict)
        yield "Minimum detectable effect", sentences.found_with(one.verdict, among)
        yield "Seeds needed", sentences.seeds_needed(one.verdict, among)


def _more_seeds(one: Judged, present: int) -> int | None:
    if one.verdict is None or (one.settled and one.next_look is not None):
        return None
    if one.next_look is not None:
        return max(one.next_look - present, 0) or None
    wanted = one.verdict.seeds_needed - present if one.verdict.seeds_needed else USUAL_MORE
    return min(max(wanted, 1), MOST_OFFERED)
