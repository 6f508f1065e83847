"""The verdicts: every comparison's effect as a figure, and as a table all that each verdict rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import isfinite, nan

from mtl_core.charts import effects as chart
from mtl_core.charts import theme
from mtl_core.config.study import StudyConfig
from mtl_core.display import scores as score_words
from mtl_core.display.tables import Table
from mtl_core.display.verdicts import interval_text, signed
from mtl_core.display.words import GENERATED, clusters_text
from mtl_core.studies.context import StudyContext
from mtl_core.studies.judge import Judged
from mtl_core.studies.seed_summary import summary
from mtl_core.studies.sentences import LUCK, decision_text, finer, label, left_out, remarks_on_seeds
from mtl_core.studies.table_words import adjusted, badge, units
from mtl_core.studies.views import Picture, WholeStudyView

SMALLEST_P = 0.001
DIGITS = 2


def table(config: StudyConfig, judged: Sequence[Judged]) -> Table:
    """In the study's order. Its p values and verdicts are those that hold for all rows together."""
    share, unit = f"{100 * (1 - config.alpha):g} %", units(judged)
    return Table(
        title=f"Verdicts{badge(judged)}",
        columns=(
            *("target", "treatment", "against", "matched by", f"treatment ({unit})", f"against ({unit})", "seeds"),
            *("dev examples", "effect (points)", f"{share} interval", "p: differs", "p: equal"),
            *("verdict", "detectable (points)", "data", "to note"),
        ),
        rows=tuple(_row(one, config) for one in judged),
        notes=tuple(_notes(config, judged)),
        align="llllrrrrrrrrlrll",
        once=("matched by", "dev examples", "data", "to note"),
    )


def _row(one: Judged, config: StudyConfig) -> tuple[str, ...]:
    comparison, verdict = one.comparison, one.verdict
    reached = [str(summary(side.scores.values(), config.alpha)) for side in (one.treatment, one.baseline)]
    examples = f"{one.examples:,}{clusters_text(one.cluster_counts)}" if one.examples else "–"
    numbers = ("–",) * 4
    if verdict:
        interval = interval_text(verdict.low, verdict.high, DIGITS) or "–"
        p_values = (_p_value(verdict.p_value), _p_value(verdict.p_equivalent))
        numbers = (signed(verdict.effect, DIGITS), interval, *p_values)
    detectable = verdict.detectable if verdict else float("nan")
    smallest = f"{detectable:.{DIGITS}f}" if isfinite(detectable) else "–"
    about = (f"{comparison.target} ({score_words.title(one.metric)})", one.treatment.arm, one.baseline.arm)
    last = (decision_text(one), smallest, _source(one, config), ", ".join(_remarks(one)))
    return *about, comparison.matched, *reached, _seeds(one), examples, *numbers, *last


def _p_value(p_value: float) -> str:
    if not isfinite(p_value):
        return "–"
    return f"< {SMALLEST_P:g}" if p_value < SMALLEST_P else f"{p_value:.3f}"


def _seeds(one: Judged) -> str:
    """Those that count, of treatment and baseline where they differ: "3", "3 / 2"."""
    counts = (len(one.treatment.scores), len(one.baseline.scores))
    if one.verdict:
        counts = one.verdict.seeds[1], one.verdict.seeds[0]
    return " / ".join(dict.fromkeys(map(str, counts)))


def _source(one: Judged, config: StudyConfig) -> str:
    return GENERATED if one.generated else config.arm(one.treatment.arm).config.place_of(one.comparison.target)[0]


def _remarks(one: Judged) -> Iterator[str]:
    """In a word or two; the notes tell the rest."""
    if one.refused or (one.verdict and one.verdict.why):
        yield "no verdict"
    if one.verdict and one.verdict.negligible:
        yield "smaller than the margin"
    if one.verdict and one.verdict.close_by_luck:
        yield "short by chance"
    if one.failed:
        yield "a run did not train"
    if one.later:
        yield "more seeds than planned"
    if one.confounds:
        yield "confounded"
    if one.cautions:
        yield "see notes"
    if left_out(one):
        yield "seeds left out"


def _notes(config: StudyConfig, judged: Sequence[Judged]) -> Iterator[str]:
    yield "Effect: treatment − baseline, over seeds and dev examples together."
    if len(judged) > 1:
        yield (
            "Intervals and detectable effects are a row's own; p values and verdicts are adjusted for all "
            f"{len(judged)} comparisons (Holm)."
        )
    yield (
        "p: differs: how often no effect at all would look like this or more. p: equal: how often an effect of "
        f"{config.margin:g} points, to either side, would look as small as this."
    )
    yield "Scores: mean over seeds ± half of its interval (Student's t)."
    yield "Detectable: the smallest effect that this many seeds and examples find in 80 of 100 such studies."
    yield from dict.fromkeys(note for one in judged for note in _own_notes(one))


def _own_notes(one: Judged) -> Iterator[str]:
    name = f"{one.treatment.arm} against {one.baseline.arm}, {one.comparison.target}"
    reason = one.refused or (one.verdict.why if one.verdict else "")
    if reason:
        yield f"{name}: {reason}"
    if one.verdict and one.verdict.close_by_luck:
        yield f"{name}: {LUCK}"
    if one.verdict and (words := finer(one.verdict)):
        yield f"{name}: the interval is computed {words}."
    yield from (f"{name}: {words}" for words in remarks_on_seeds(one))
    if one.confounds:
        yield f"{name}: confounded, not the method alone: {'; '.join(one.confounds)}."
    yield from (f"{one.comparison.target}: {words}." for words in one.cautions)
    if any(run.config.merging for run in one.treatment.runs.values()):
        yield f"{one.treatment.arm}: single-task runs merged, no training of its own; its seconds are all scoring."
    yield from (f"Left out: {words}." for words in left_out(one))


def picture(config: StudyConfig, judged: Sequence[Judged]) -> Picture:
    """Every comparison's effect with its interval, seeds as dots, the margin shaded."""
    rows = [_effect(config, one) for one in judged]
    figure = theme.marked(chart.effects(rows, config.margin), any(one.generated for one in judged))
    alt = chart.alternative(rows, config.margin)
    return Picture("Effects with their intervals; a dot is a seed", figure, alt, chart.height(len(rows)))


def _effect(config: StudyConfig, one: Judged) -> chart.Effect:
    verdict, name = one.verdict, escape(label(config, one.comparison))
    if verdict is None:
        return chart.Effect(name, nan, nan, nan, (), one.decision)
    means = zip(verdict.treatment_means, verdict.baseline_means, strict=True) if one.paired else ()
    differences = [treatment - baseline for treatment, baseline in means]
    return chart.Effect(name, verdict.effect, verdict.low, verdict.high, differences, one.decision)


class Verdicts(WholeStudyView):
    """Each comparison's effect and verdict."""

    name, title, order = "verdicts", "Verdicts", 10
    asks = "What did the other tasks change, and is it more than chance?"

    def fits(self, config: StudyConfig) -> bool:
        """Needs a comparison: what can't be judged says why."""
        return bool(config.comparisons)

    def figures(self, context: StudyContext, part: Sequence[Judged]) -> Iterator[Picture]:
        """A row a comparison."""
        yield picture(context.config, part)

    def caption(self, context: StudyContext, part: Sequence[Judged]) -> str:
        """The marks, and what the verdicts are adjusted for."""
        marks = "Diamond: the effect. Bar: its interval. Dots: single seeds. Grey band: the margin."
        return " ".join([f"{marks} Right of 0 is better.", *adjusted(len(part))])

    def tables(self, context: StudyContext, part: Sequence[Judged]) -> Iterator[Table]:
        """A row a comparison."""
        yield table(context.config, part)
