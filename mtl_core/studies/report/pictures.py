"""The figures of a report: the effects first, then what fits the study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import nan

from mtl_core.charts import effects as charts_studies
from mtl_core.charts import figures
from mtl_core.charts.effects import Effect
from mtl_core.config.study import StudyConfig
from mtl_core.studies import sentences, size_curve, trade_off, transfer, view_figures
from mtl_core.studies.judge import Judged
from mtl_core.studies.view_figures import Picture

Titled = tuple[str, Picture]


def effects(config: StudyConfig, judged: Sequence[Judged]) -> Picture:
    """Every comparison's effect with its interval, seeds as dots, the margin shaded."""
    rows = [_row(config, one) for one in judged]
    figure = figures.marked(charts_studies.effects(rows, config.margin), any(one.generated for one in judged))
    return Picture(figure, charts_studies.alternative(rows, config.margin), charts_studies.height(len(rows)))


def _row(config: StudyConfig, one: Judged) -> Effect:
    verdict, label = one.verdict, escape(sentences.label(config, one.comparison))
    if verdict is None:
        return Effect(label, nan, nan, nan, (), one.decision)
    means = zip(verdict.treatment_means, verdict.baseline_means, strict=True) if one.paired else ()
    differences = [treatment - baseline for treatment, baseline in means]
    return Effect(label, verdict.effect, verdict.low, verdict.high, differences, one.decision)


def more(config: StudyConfig, judged: Sequence[Judged]) -> Iterator[Titled]:
    """Matrix, trade-offs and size curves, where the study has them and results are there."""
    if not any(one.verdict for one in judged):
        return
    if transfer.fits(config):
        yield "Who helps whom", view_figures.transfer(transfer.matrix(config, judged))
    for pair in trade_off.pairs(config):
        yield f"{pair[0]} against {pair[1]}", view_figures.trade_off(config, trade_off.trade_off(config, judged, pair))
    if size_curve.fits(config):
        for curve in size_curve.curves(config, judged):
            yield f"{curve.target} {curve.label}: effect", view_figures.effects(config, curve)
            yield f"{curve.target} {curve.label}: scores", view_figures.scores(curve)
