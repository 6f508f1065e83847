"""Trade-offs: the arms of a study by their scores on two tasks, and which no other arm beats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import combinations
from math import isfinite

import numpy as np

from mtl_core.charts import theme
from mtl_core.charts import trade_off as chart
from mtl_core.config.study import Arm, StudyConfig
from mtl_core.display import scores as score_words
from mtl_core.display.tables import Table
from mtl_core.display.verdicts import SIGNS, effect_text
from mtl_core.studies.arm_words import against_single_task, is_against_single_task, variant
from mtl_core.studies.context import StudyContext
from mtl_core.studies.judge import Judged, Side
from mtl_core.studies.seed_summary import LEAST_FOR_ELLIPSE, SeedSummary, ellipse, summary
from mtl_core.studies.sentences import hover_text
from mtl_core.studies.single_task import baselines
from mtl_core.studies.table_words import adjusted, badge, intervals, matched, refused
from mtl_core.studies.views import Picture, StudyView

Pair = tuple[str, str]
HEIGHT = 500
"""Pixels of the figure."""


@dataclass(frozen=True, slots=True)
class ArmPoint:
    """An arm with what it reached for both tasks."""

    arm: str
    label: str
    """Its weights, or its name without its tasks."""
    weight: float | None
    """The first task's part of both static weights, 0 to 1; None for other methods."""
    scores: tuple[tuple[float, ...], tuple[float, ...]]
    """Percent a seed, of the seeds that have both; empty where no run has finished."""
    judged: tuple[Judged, Judged]
    """Each task's comparison with alone."""
    front: bool = False
    """True if no other arm's means are at least as good in both and better in one."""

    @property
    def mean(self) -> tuple[float, float]:
        """Of both tasks, in percent. The point must have scores."""
        return sum(self.scores[0]) / len(self.scores[0]), sum(self.scores[1]) / len(self.scores[1])


@dataclass(frozen=True, slots=True)
class TradeOff:
    """Two tasks, every arm that trains both, and what each reaches alone."""

    tasks: Pair
    metrics: Pair
    points: tuple[ArmPoint, ...]
    """Static weights first, by weight."""
    single_task: tuple[dict[str, SeedSummary], dict[str, SeedSummary]]
    """Each task's baselines by their arms: several, where the arms need different ones."""

    @property
    def judged(self) -> list[Judged]:
        """Every comparison in it."""
        return [one for point in self.points for one in point.judged]

    @property
    def generated(self) -> bool:
        """True if a number in it comes from the generated sample."""
        return any(one.generated for one in self.judged)


def pairs(config: StudyConfig) -> list[Pair]:
    """Two tasks that are targets of the same arms, at least two of them, in the order of the first such arm."""
    targets = _targets(config)
    counts: dict[Pair, int] = {}
    for name, own in targets.items():
        for pair in combinations([task for task in config.arm(name).config.tasks if task in own], 2):
            key = pair if pair in counts or pair[::-1] not in counts else (pair[1], pair[0])
            counts[key] = counts.get(key, 0) + 1
    return [pair for pair, count in counts.items() if count > 1]


def _targets(config: StudyConfig) -> dict[str, set[str]]:
    targets: dict[str, set[str]] = {}
    for one in against_single_task(config):
        targets.setdefault(one.treatment, set()).add(one.target)
    return targets


def trade_off(config: StudyConfig, judged: Sequence[Judged], tasks: Pair) -> TradeOff:
    """All arms that were compared with both tasks alone."""
    by_arm: dict[str, dict[str, Judged]] = {}
    for one in judged:
        if one.comparison.target in tasks and is_against_single_task(config, one.comparison):
            by_arm.setdefault(one.treatment.arm, {})[one.comparison.target] = one
    whole = {arm: own for arm, own in by_arm.items() if len(own) == len(tasks)}
    points = [_point(config.arm(name), (own[tasks[0]], own[tasks[1]]), tasks) for name, own in whole.items()]
    points.sort(key=lambda point: (point.weight is None, point.weight or 0.0))
    shown = [own[task] for own in whole.values() for task in tasks]
    sides_of = [baselines([one for one in shown if one.comparison.target == task]) for task in tasks]
    first, second = ({arm: _mean(side, config) for arm, side in sides.items()} for sides in sides_of)
    metrics = [next(one.metric for one in shown if one.comparison.target == task) for task in tasks]
    return TradeOff(
        tasks=tasks,
        metrics=(metrics[0], metrics[1]),
        points=tuple(_marked(points)),
        single_task=(first, second),
    )


def _mean(side: Side, config: StudyConfig) -> SeedSummary:
    return summary(side.scores.values(), config.alpha)


def _point(arm: Arm, judged: tuple[Judged, Judged], tasks: Pair) -> ArmPoint:
    weight = static_weight(arm, tasks)
    label = variant(arm) if weight is None else f"{weight:.2g} : {1 - weight:.2g}"
    one, other = (each.treatment.scores for each in judged)
    seeds = [seed for seed in one if seed in other]
    scores = (tuple(one[seed] for seed in seeds), tuple(other[seed] for seed in seeds))
    return ArmPoint(arm.name, label, weight, scores, judged)


def static_weight(arm: Arm, tasks: Pair) -> float | None:
    """The first task's part of both tasks' fixed weights; None for arms that balance otherwise."""
    given = [part for part in str(arm.config.balancing_settings.get("weights", "")).split(",") if part.strip()]
    if arm.config.balancing != "static" or len(given) not in (0, len(arm.config.tasks)):
        return None
    weights = dict(zip(arm.config.tasks, map(float, given or ["1"] * len(arm.config.tasks)), strict=True))
    return weights[tasks[0]] / (weights[tasks[0]] + weights[tasks[1]])


def _marked(points: Sequence[ArmPoint]) -> list[ArmPoint]:
    """The points, those on the front marked."""
    placed = [point.mean if point.scores[0] else None for point in points]
    return [
        replace(one, front=place is not None and _unbeaten(place, placed))
        for one, place in zip(points, placed, strict=True)
    ]


def _unbeaten(place: tuple[float, float], others: Sequence[tuple[float, float] | None]) -> bool:
    """True if none of the others is at least as high in both and higher in one."""
    return not any(
        other is not None and other != place and other[0] >= place[0] and other[1] >= place[1] for other in others
    )


def table(config: StudyConfig, shown: TradeOff) -> Table:
    """A row an arm, under the tasks alone."""
    (one, other), units = shown.tasks, [score_words.unit(name) for name in shown.metrics]
    first, second = shown.single_task
    baseline_rows = [(name, "", str(mean), "", "", "", str(mean.seeds), "", "") for name, mean in first.items()]
    baseline_rows += [(name, "", "", "", str(mean), "", str(mean.seeds), "", "") for name, mean in second.items()]
    return Table(
        title=f"{one} against {other}{badge(shown.judged)}",
        columns=(
            *("condition", "weights", f"{one} ({units[0]})", "to alone (points)"),
            *(f"{other} ({units[1]})", "to alone (points)", "seeds", "seconds per run", "on the front"),
        ),
        rows=(*baseline_rows, *(_row(point, config) for point in shown.points)),
        notes=(
            " ".join([intervals(config), matched(shown.judged), *adjusted(len(config.comparisons))]),
            "On the front: no other condition's means are at least as good in both tasks and better in one. It is a "
            "front of means: seeds may move it.",
            *refused(shown.judged),
        ),
        align="llrrrrrrl",
    )


def _row(point: ArmPoint, config: StudyConfig) -> tuple[str, ...]:
    cells = [
        cell
        for one, reached in zip(point.judged, point.scores, strict=True)
        for cell in (str(summary(reached, config.alpha)), f"{SIGNS[one.decision]} {effect_text(one)}")
    ]
    weights = "" if point.weight is None else point.label
    seconds = point.judged[0].treatment.seconds
    cost = "–" if seconds is None else f"{seconds:,.0f}"
    return point.arm, weights, *cells, str(len(point.scores[0])), cost, "yes" if point.front else ""


def picture(config: StudyConfig, shown: TradeOff) -> Picture:
    """Both tasks' scores, a point per condition."""
    dots = [_dot(config, point) for point in shown.points if point.scores[0]]
    x, y = (f"{task} {score_words.header(name)}" for task, name in zip(shown.tasks, shown.metrics, strict=True))
    first, second = (
        {escape(arm): mean.mean for arm, mean in baseline_means.items() if isfinite(mean.mean)}
        for baseline_means in shown.single_task
    )
    figure = chart.trade_off(dots, shown.tasks, (x, y), (first, second))
    words = "; ".join(f"{dot.label} {dot.x:.1f} and {dot.y:.1f}{', on the front' * dot.front}" for dot in dots)
    alt = f"{x} against {y}, a point per condition: {words or 'nothing yet'}."
    return Picture(" against ".join(shown.tasks), theme.marked(figure, shown.generated), alt, HEIGHT)


def _dot(config: StudyConfig, point: ArmPoint) -> chart.Dot:
    first, second = point.scores
    several = len(first) >= LEAST_FOR_ELLIPSE
    return chart.Dot(
        label=escape(point.label),
        x=point.mean[0],
        y=point.mean[1],
        weighted=point.weight is not None,
        front=point.front,
        outline=ellipse(first, second, config.alpha) if several else None,
        seeds=(np.array(first), np.array(second)),
        hover_text="<br><br>".join(hover_text(one) for one in point.judged),
    )


def legend(config: StudyConfig, shown: TradeOff) -> Iterator[str]:
    """The meaning of the marks, of those that are there."""
    seeds = {len(point.scores[0]) for point in shown.points}
    if any(point.weight is not None for point in shown.points):
        yield f"Circles: fixed weights, {shown.tasks[0]} : {shown.tasks[1]}, joined in their order."
    if any(point.weight is None for point in shown.points):
        yield "Diamonds: other methods."
    yield "Filled: on the front, where no other condition's means are as good in both. Dotted: each task alone."
    if max(seeds) >= LEAST_FOR_ELLIPSE:
        share = f"{100 * (1 - config.alpha):g} %"
        yield (
            f"Small dots: seeds; an ellipse's shadow on each axis is the {share} interval of that task's mean "
            "(Student's t)."
        )
    if 2 in seeds:
        yield "Two seeds are joined by a line."


class TradeOffs(StudyView[TradeOff]):
    """The cost of one task to another, over fixed weights and balancing methods."""

    name, title, order = "trade_off", "Trade-off", 50
    picker = "Tasks"

    def fits(self, config: StudyConfig) -> bool:
        """Needs several arms that are compared with the same two tasks alone."""
        return bool(pairs(config))

    def parts(self, context: StudyContext) -> list[TradeOff]:
        """A pair of tasks each."""
        return [trade_off(context.config, context.judged, pair) for pair in pairs(context.config)]

    def question(self, part: TradeOff) -> str:
        """Names both tasks."""
        return f"What does {part.tasks[0]} cost {part.tasks[1]}? Up and right is better."

    def label(self, part: TradeOff) -> str:
        """Both tasks."""
        return " against ".join(part.tasks)

    def judged(self, context: StudyContext, part: TradeOff) -> list[Judged]:
        """Both tasks' comparisons of each arm."""
        return part.judged

    def figures(self, context: StudyContext, part: TradeOff) -> Iterator[Picture]:
        """A point per condition."""
        yield picture(context.config, part)

    def caption(self, context: StudyContext, part: TradeOff) -> str:
        """The marks."""
        return " ".join(legend(context.config, part))

    def tables(self, context: StudyContext, part: TradeOff) -> Iterator[Table]:
        """A row an arm."""
        yield table(context.config, part)
