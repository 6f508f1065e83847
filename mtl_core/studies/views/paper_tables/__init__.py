"""The paper's tables with our figures beside it: one a target task, alone first, then with each helper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtl_core.config.study import Arm, StudyConfig
from mtl_core.display import scores as score_words
from mtl_core.display.tables import Table
from mtl_core.display.verdicts import effect_text, signed
from mtl_core.studies import sentences
from mtl_core.studies.arm_words import (
    SINGLE_TASK,
    against_single_task,
    helpers,
    is_against_single_task,
    relation,
    variant,
)
from mtl_core.studies.context import StudyContext
from mtl_core.studies.judge import Judged, Side
from mtl_core.studies.seed_summary import summary
from mtl_core.studies.single_task import baselines
from mtl_core.studies.table_words import adjusted, badge, intervals, matched
from mtl_core.studies.views import WholeStudyView
from mtl_core.studies.views.paper_tables import reported, setting


def fits(config: StudyConfig) -> bool:
    """True if it is the paper's study, or has each of the paper's tasks alone and with another one."""
    targets = {one.target for one in against_single_task(config)}
    return bool(targets) and (config.preset == "paper" or targets >= set(reported.TASKS))


def tables(config: StudyConfig, judged: Sequence[Judged]) -> list[Table]:
    """A table a target, the paper's targets first and in its order."""
    shown = [one for one in judged if is_against_single_task(config, one.comparison)]
    known = [task for task in reported.TASKS if any(one.comparison.target == task for one in shown)]
    targets = dict.fromkeys([*known, *(one.comparison.target for one in shown)])
    return [
        _table(number, target, config, [one for one in shown if one.comparison.target == target])
        for number, target in enumerate(targets, 1)
    ]


def _table(number: int, target: str, config: StudyConfig, judged: Sequence[Judged]) -> Table:
    largest = max(judged, key=lambda one: one.examples)
    about = sentences.examples_text(largest) if largest.examples else "nothing scored yet"
    return Table(
        title=f"Table {number}. {target} alone and with a helper · {about}{badge(judged)}",
        columns=(
            *("model", score_words.header(judged[0].metric), "seeds", "difference to alone (points)", "verdict"),
            *("the paper (%)", "its difference (points)"),
        ),
        rows=(*_single_task(target, config, judged), *_together(target, config, judged)),
        notes=tuple(_notes(target, config, judged)),
        align="lrrrlrr",
    )


def _single_task(target: str, config: StudyConfig, judged: Sequence[Judged]) -> Iterator[tuple[str, ...]]:
    """A row a baseline: several, where the arms need different ones."""
    sides = baselines(judged)
    for name, side in sides.items():
        words = _named(SINGLE_TASK, config.arm(name), several=len(sides) > 1)
        yield words, *_reached(side, config), "", "", reported.figure_text(target, ""), ""


def _together(target: str, config: StudyConfig, judged: Sequence[Judged]) -> Iterator[tuple[str, ...]]:
    names = treatment_names(target, config, judged)
    for one, name in zip(judged, names, strict=True):
        helper = helpers(config.arm(one.treatment.arm), target)
        paper = (reported.figure_text(target, helper), signed(reported.gain(target, helper), 2))
        verdict = sentences.decision_text(one) if one.treatment.scores else "–"
        yield name, *_reached(one.treatment, config), effect_text(one), verdict, *paper


def treatment_names(target: str, config: StudyConfig, judged: Sequence[Judged]) -> list[str]:
    """ "with mnli"; with what tells them apart where several arms have the same helper."""
    arms = [config.arm(one.treatment.arm) for one in judged]
    relations = [relation(arm, target) for arm in arms]
    return [_named(words, arm, several=relations.count(words) > 1) for arm, words in zip(arms, relations, strict=True)]


def _named(words: str, arm: Arm, *, several: bool) -> str:
    more = variant(arm)
    return f"{words} · {more}" if several and more else words


def _reached(side: Side, config: StudyConfig) -> tuple[str, str]:
    """Mean with its interval, and how many of the seeds it is of."""
    done, left = len(side.scores), len(side.left_out)
    return str(summary(side.scores.values(), config.alpha)), f"{done} of {done + left}" if left else str(done)


def _notes(target: str, config: StudyConfig, judged: Sequence[Judged]) -> Iterator[str]:
    yield " ".join([intervals(config), matched(judged), *adjusted(len(config.comparisons))])
    if any(target == task for task, _ in reported.FIGURES):
        yield reported.NOTE
    named: dict[str, list[str]] = {}
    for one, name in zip(judged, treatment_names(target, config, judged), strict=True):
        for note in _own_notes(one):
            named.setdefault(note, []).append(name)
    yield from (f"{', '.join(names)}: {note}" for note, names in named.items())


def _own_notes(one: Judged) -> Iterator[str]:
    """The reservations about one comparison."""
    if one.refused:
        yield one.refused
    else:
        yield from (f"left out of {words}." for words in sentences.left_out(one))
    if one.verdict and one.verdict.why:
        yield one.verdict.why
    if one.verdict and one.verdict.negligible:
        yield f"significant, but smaller than the margin of {one.verdict.margin:g} points."
    if one.confounds:
        yield f"confounded, not the helper alone: {'; '.join(one.confounds)}."


class PaperTables(WholeStudyView):
    """The paper's layout with our figures, their seeds, intervals and verdicts, and what differs."""

    name, title, order = "paper_tables", "Paper tables", 30
    asks = "What do the paper's tables look like with seeds, intervals and verdicts?"

    def fits(self, config: StudyConfig) -> bool:
        """Needs the paper's study, or its questions."""
        return fits(config)

    def tables(self, context: StudyContext, part: Sequence[Judged]) -> Iterator[Table]:
        """A table a target, and what differs from the paper's setting."""
        yield from tables(context.config, part)
        yield setting.table(context.workspace, context.config, part)
