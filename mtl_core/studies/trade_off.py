"""What one task costs another: the arms of a study by their scores of both, and which no other arm beats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from mtl_core.config.study import Arm, StudyConfig
from mtl_core.display.tables import Table
from mtl_core.display.verdicts import SIGNS, effect_text
from mtl_core.studies.arm_words import is_to_alone, to_alone, variant
from mtl_core.studies.judge import Judged, Side
from mtl_core.studies.seed_summary import Spread, spread
from mtl_core.studies.single_task import baselines
from mtl_core.studies.table_words import adjusted, badge, intervals, matched, refused

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Point:
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
    """Whether no other arm's means are at least as good in both and better in one."""

    @property
    def mean(self) -> tuple[float, float]:
        """Of both tasks, in percent. The point must have scores."""
        return sum(self.scores[0]) / len(self.scores[0]), sum(self.scores[1]) / len(self.scores[1])


@dataclass(frozen=True, slots=True)
class TradeOff:
    """Two tasks, every arm that trains both, and what each reaches alone."""

    tasks: Pair
    metrics: Pair
    points: tuple[Point, ...]
    """Static weights first, by weight."""
    alone: tuple[dict[str, Spread], dict[str, Spread]]
    """Each task's baselines by their arms: several, where the arms need different ones."""

    @property
    def judged(self) -> list[Judged]:
        """Every comparison in it."""
        return [one for point in self.points for one in point.judged]

    @property
    def generated(self) -> bool:
        """Whether a number in it comes from the generated sample."""
        return any(one.generated for one in self.judged)


def pairs(config: StudyConfig) -> list[Pair]:
    """Two tasks that are targets of the same arms, at least two of them, in the order of the first such arm."""
    targets = _targets(config)
    found: dict[Pair, int] = {}
    for name, own in targets.items():
        for pair in combinations([task for task in config.arm(name).config.tasks if task in own], 2):
            key = pair if pair in found or pair[::-1] not in found else (pair[1], pair[0])
            found[key] = found.get(key, 0) + 1
    return [pair for pair, count in found.items() if count > 1]


def _targets(config: StudyConfig) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in to_alone(config):
        found.setdefault(one.treatment, set()).add(one.target)
    return found


def trade_off(config: StudyConfig, judged: Sequence[Judged], tasks: Pair) -> TradeOff:
    """All arms that were compared with both tasks alone."""
    by_arm: dict[str, dict[str, Judged]] = {}
    for one in judged:
        if one.comparison.target in tasks and is_to_alone(config, one.comparison):
            by_arm.setdefault(one.treatment.arm, {})[one.comparison.target] = one
    whole = {arm: own for arm, own in by_arm.items() if len(own) == len(tasks)}
    points = [_point(config.arm(name), (own[tasks[0]], own[tasks[1]]), tasks) for name, own in whole.items()]
    points.sort(key=lambda point: (point.weight is None, point.weight or 0.0))
    shown = [own[task] for own in whole.values() for task in tasks]
    alone = [baselines([one for one in shown if one.comparison.target == task]) for task in tasks]
    first, second = ({arm: _mean(side, config) for arm, side in sides.items()} for sides in alone)
    metrics = [next(one.metric for one in shown if one.comparison.target == task) for task in tasks]
    return TradeOff(
        tasks=tasks,
        metrics=(metrics[0], metrics[1]),
        points=tuple(_marked(points)),
        alone=(first, second),
    )


def _mean(side: Side, config: StudyConfig) -> Spread:
    return spread(side.scores.values(), config.alpha)


def _point(arm: Arm, judged: tuple[Judged, Judged], tasks: Pair) -> Point:
    weight = static_weight(arm, tasks)
    label = variant(arm) if weight is None else f"{weight:.2g} : {1 - weight:.2g}"
    one, other = (each.treatment.scores for each in judged)
    seeds = [seed for seed in one if seed in other]
    scores = (tuple(one[seed] for seed in seeds), tuple(other[seed] for seed in seeds))
    return Point(arm.name, label, weight, scores, judged)


def static_weight(arm: Arm, tasks: Pair) -> float | None:
    """The first task's part of both tasks' fixed weights; None for arms that balance otherwise."""
    given = [part for part in str(arm.config.balancing_settings.get("weights", "")).split(",") if part.strip()]
    if arm.config.balancing != "static" or len(given) not in (0, len(arm.config.tasks)):
        return None
    weights = dict(zip(arm.config.tasks, map(float, given or ["1"] * len(arm.config.tasks)), strict=True))
    return weights[tasks[0]] / (weights[tasks[0]] + weights[tasks[1]])


def _marked(points: Sequence[Point]) -> list[Point]:
    """The points, those on the front marked."""
    placed = [point.mean if point.scores[0] else None for point in points]
    return [
        Point(one.arm, one.label, one.weight, one.scores, one.judged, place is not None and _unbeaten(place, placed))
        for one, place in zip(points, placed, strict=True)
    ]


def _unbeaten(place: tuple[float, float], others: Sequence[tuple[float, float] | None]) -> bool:
    """Whether none of the others is at least as high in both and higher in one."""
    return not any(
        other is not None and other != place and other[0] >= place[0] and other[1] >= place[1] for other in others
    )


def table(config: StudyConfig, found: TradeOff) -> Table:
    """A row an arm, under the tasks alone."""
    one, other = found.tasks
    alone = [(name, "", str(mean), "", "", "", str(mean.seeds), "", "") for name, mean in found.alone[0].items()]
    alone += [(name, "", "", "", str(mean), "", str(mean.seeds), "", "") for name, mean in found.alone[1].items()]
    return Table(
        title=f"{one} against {other}{badge(found.judged)}",
        columns=(
            *("arm", "weights", f"{one} (%)", "to alone (points)"),
            *(f"{other} (%)", "to alone (points)", "seeds", "seconds a run", "on the front"),
        ),
        rows=(*alone, *(_row(point, config) for point in found.points)),
        notes=(
            " ".join([intervals(config), matched(found.judged), *adjusted(len(config.comparisons))]),
            "On the front: no other arm's means are at least as good in both tasks and better in one. It is a front of "
            "means: seeds may move it.",
            *refused(found.judged),
        ),
        align="llrrrrrrl",
    )


def _row(point: Point, config: StudyConfig) -> tuple[str, ...]:
    cells = [
        cell
        for one, reached in zip(point.judged, point.scores, strict=True)
        for cell in (str(spread(reached, config.alpha)), f"{SIGNS[one.decision]} {effect_text(one)}")
    ]
    weights = "" if point.weight is None else point.label
    seconds = point.judged[0].treatment.seconds
    cost = "–" if seconds is None else f"{seconds:,.0f}"
    return point.arm, weights, *cells, str(len(point.scores[0])), cost, "yes" if point.front else ""
