"""The figures of a study's views: what was found, handed to charts with all that is told on hover."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import isfinite, nan
from typing import TYPE_CHECKING

import numpy as np

from mtl_core.charts import figures, size_curve
from mtl_core.charts import trade_off as charts_tradeoff
from mtl_core.charts import transfer as charts_transfer
from mtl_core.config.study import StudyConfig
from mtl_core.display.verdicts import effect_text, verdict_text
from mtl_core.display.words import GENERATED, metric_title
from mtl_core.studies import sentences
from mtl_core.studies.judge import Judged
from mtl_core.studies.seed_summary import LEAST_FOR_ELLIPSE, Spread, ellipse
from mtl_core.studies.size_curve import Curve
from mtl_core.studies.trade_off import Point, TradeOff
from mtl_core.studies.transfer import Matrix

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT = 420


@dataclass(frozen=True)
class Picture:
    """A figure, what it shows in words, and its height in pixels."""

    figure: go.Figure
    alt: str
    height: int = HEIGHT


def transfer(found: Matrix) -> Picture:
    """Who helps whom."""
    cells = {
        key: charts_transfer.Cell(one.decision, one.verdict.effect if one.verdict else nan, effect_text(one), told(one))
        for key, one in found.cells.items()
    }
    figure = charts_transfer.heat(found.helpers, found.targets, cells, found.heading)
    said = (f"{row} for {target}: {one.decision}, {effect_text(one)}" for (row, target), one in found.cells.items())
    told_all = f"Effects in points, helper by target. {'; '.join(said)}."
    return Picture(figures.marked(figure, found.generated), told_all, charts_transfer.height(found.helpers))


def trade_off(config: StudyConfig, found: TradeOff) -> Picture:
    """Both tasks' scores, a point an arm."""
    dots = [_dot(config, point) for point in found.points if point.scores[0]]
    titles = [f"{task} {metric_title(name)} (%)" for task, name in zip(found.tasks, found.metrics, strict=True)]
    alone = [
        {escape(arm): mean.mean for arm, mean in baselines.items() if isfinite(mean.mean)} for baselines in found.alone
    ]
    figure = charts_tradeoff.trade_off(dots, found.tasks, (titles[0], titles[1]), (alone[0], alone[1]))
    said = "; ".join(f"{dot.label} {dot.x:.1f} and {dot.y:.1f}{', on the front' * dot.front}" for dot in dots)
    told_all = f"{titles[0]} against {titles[1]}, a point an arm: {said or 'nothing yet'}."
    return Picture(figures.marked(figure, found.generated), told_all, 500)


def _dot(config: StudyConfig, point: Point) -> charts_tradeoff.Dot:
    first, second = point.scores
    several = len(first) >= LEAST_FOR_ELLIPSE
    return charts_tradeoff.Dot(
        label=escape(point.label),
        x=point.mean[0],
        y=point.mean[1],
        weighted=point.weight is not None,
        front=point.front,
        outline=ellipse(first, second, config.alpha) if several else None,
        seeds=(np.array(first), np.array(second)),
        told="<br><br>".join(told(one) for one in point.judged),
    )


def effects(config: StudyConfig, curve: Curve) -> Picture:
    """The effect at every size."""
    points = []
    for point in curve.points:
        verdict = point.judged.verdict
        reach = (verdict.effect, verdict.low, verdict.high) if verdict else (nan, nan, nan)
        points.append(size_curve.Effect(point.size, *reach, point.judged.decision, told(point.judged)))
    figure = size_curve.effects(points, config.margin, _size_title(curve))
    said = (f"{one.size:,} examples {one.judged.decision}, {effect_text(one.judged)}" for one in curve.points)
    told_all = f"Effect in points over {curve.target}'s training examples: {'; '.join(said)}."
    return Picture(figures.marked(figure, curve.generated), told_all)


def scores(curve: Curve) -> Picture:
    """Alone and together, at every size."""
    alone = [_reached(point.size, point.alone) for point in curve.points]
    together = [_reached(point.size, point.together) for point in curve.points]
    title = f"{curve.target} {metric_title(curve.judged[0].metric)} (%)"
    helper = escape(curve.label.partition(" · ")[0])
    figure = size_curve.scores(curve.target, alone, together, helper, _size_title(curve), title)
    said = (f"{one.size:,} examples: alone {one.alone}, {helper} {one.together}" for one in curve.points)
    return Picture(figures.marked(figure, curve.generated), f"{title}: {'; '.join(said)}.")


def _reached(size: int, found: Spread) -> size_curve.Reached:
    return size_curve.Reached(size, found.mean, found.half)


def _size_title(curve: Curve) -> str:
    return f"{curve.target} training examples (log)"


def told(one: Judged) -> str:
    """A comparison in a few lines, encoder and data with it, as plotly shows it on hover."""
    runs = [*one.treatment.runs.values(), *one.baseline.runs.values()]
    source = f"encoder {runs[0].encoder} · {GENERATED if one.generated else runs[0].source}" if runs else ""
    lines = [
        f"<b>{escape(one.treatment.arm)}</b> on {escape(one.comparison.target)}",
        f"{verdict_text(one.decision)} · {effect_text(one)} points" if one.verdict else escape(one.refused),
        f"against {escape(sentences.compared_with(one))}",
        sentences.seeds_text(one),
        escape(source),
    ]
    return "<br>".join(line for line in lines if line)
