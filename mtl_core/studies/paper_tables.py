"""The paper's tables with our figures beside it: one a target task, alone first, then with each helper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtl_core.config.study import Arm, StudyConfig
from mtl_core.display.tables import Table
from mtl_core.display.verdicts import effect_text, signed, verdict_text
from mtl_core.display.words import metric_title
from mtl_core.store.studies import Study
from mtl_core.studies import paper_figures, sentences
from mtl_core.studies.arm_words import ALONE, helpers, is_to_alone, relation, to_alone, variant
from mtl_core.studies.judge import Judged, Side
from mtl_core.studies.seed_summary import spread
from mtl_core.studies.single_task import baselines
from mtl_core.studies.table_words import adjusted, badge, intervals, matched


def fits(config: StudyConfig) -> bool:
    """Whether it is the paper's study, or has each of the paper's tasks alone and with another one."""
    targets = {one.target for one in to_alone(config)}
    return bool(targets) and (config.preset == "paper" or targets >= set(paper_figures.TASKS))


def tables(study: Study, judged: Sequence[Judged]) -> list[Table]:
    """A table a target, the paper's targets first and in its order."""
    shown = [one for one in judged if is_to_alone(study.config, one.comparison)]
    known = [task for task in paper_figures.TASKS if any(one.comparison.target == task for one in shown)]
    targets = dict.fromkeys([*known, *(one.comparison.target for one in shown)])
    return [
        _table(number, target, study.config, [one for one in shown if one.comparison.target == target])
        for number, target in enumerate(targets, 1)
    ]


def _table(number: int, target: str, config: StudyConfig, judged: Sequence[Judged]) -> Table:
    metric = metric_title(judged[0].metric)
    examples = max(one.examples for one in judged)
    about = f"{examples:,} dev examples" if examples else "nothing scored yet"
    return Table(
        title=f"Table {number}. {target} alone and with a helper · {about}{badge(judged)}",
        columns=(
            *("model", f"{metric} (%)", "seeds", "difference to alone (points)", "verdict"),
            *("the paper (%)", "its difference (points)"),
        ),
        rows=(*_alone(target, config, judged), *_together(target, config, judged)),
        notes=tuple(_notes(target, config, judged)),
        align="lrrrlrr",
    )


def _alone(target: str, config: StudyConfig, judged: Sequence[Judged]) -> Iterator[tuple[str, ...]]:
    """A row a baseline: several, where the arms need different ones."""
    sides = baselines(judged)
    for name, side in sides.items():
        words = _named(ALONE, config.arm(name), several=len(sides) > 1)
        yield words, *_reached(side, config), "", "", paper_figures.reported(target, ""), ""


def _together(target: str, config: StudyConfig, judged: Sequence[Judged]) -> Iterator[tuple[str, ...]]:
    names = treatment_names(target, config, judged)
    for one, name in zip(judged, names, strict=True):
        helper = helpers(config.arm(one.treatment.arm), target)
        paper = (paper_figures.reported(target, helper), signed(paper_figures.gain(target, helper), 2))
        verdict = verdict_text(one.decision) if one.treatment.scores else "–"
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
    return str(spread(side.scores.values(), config.alpha)), f"{done} of {done + left}" if left else str(done)


def _notes(target: str, config: StudyConfig, judged: Sequence[Judged]) -> Iterator[str]:
    yield " ".join([intervals(config), matched(judged), *adjusted(len(config.comparisons))])
    if any(target == task for task, _ in paper_figures.FIGURES):
        yield paper_figures.NOTE
    named: dict[str, list[str]] = {}
    for one, name in zip(judged, treatment_names(target, config, judged), strict=True):
        for note in _own_notes(one):
            named.setdefault(note, []).append(name)
    yield from (f"{', '.join(names)}: {note}" for note, names in named.items())


def _own_notes(one: Judged) -> Iterator[str]:
    """What is to be known of one comparison before its row is believed."""
    if one.refused:
        yield one.refused
    else:
        yield from (f"left out of {words}." for words in sentences.left_out(one))
    if one.verdict and one.verdict.why:
        yield one.verdict.why
    if one.verdict and one.verdict.negligible:
        yield f"beyond doubt, and yet smaller than the margin of {one.verdict.margin:g} points."
    if one.confounds:
        yield f"confounded, not the helper alone: {'; '.join(one.confounds)}."
