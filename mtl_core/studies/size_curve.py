"""How an effect changes with the amount of the target's own data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtl_core.config.study import Comparison, StudyConfig
from mtl_core.display.tables import Table
from mtl_core.display.verdicts import effect_text, verdict_text
from mtl_core.studies.arm_words import helpers, is_to_alone, to_alone
from mtl_core.studies.judge import Judged
from mtl_core.studies.seed_summary import Spread, spread
from mtl_core.studies.table_words import adjusted, badge, intervals, matched, refused


@dataclass(frozen=True, slots=True)
class Point:
    """One size of the target's data."""

    size: int
    """Training examples of the target, as the arms limit them."""
    judged: Judged
    alone: Spread
    together: Spread


@dataclass(frozen=True, slots=True)
class Curve:
    """One target with one helper and recipe, over sizes."""

    target: str
    label: str
    """Helper and recipe: "with mnli · hard"."""
    points: tuple[Point, ...]
    """By size."""

    @property
    def metric(self) -> str:
        """The target's main metric."""
        return self.points[0].judged.metric

    @property
    def judged(self) -> list[Judged]:
        """A comparison a size."""
        return [point.judged for point in self.points]

    @property
    def generated(self) -> bool:
        """Whether a number in it comes from the generated sample."""
        return any(one.generated for one in self.judged)


def fits(config: StudyConfig) -> bool:
    """Whether some target is trained with one helper and recipe at two sizes or more."""
    return any(len(group) > 1 for group in _groups(config, to_alone(config)).values())


def curves(config: StudyConfig, judged: Sequence[Judged]) -> list[Curve]:
    """All that there are, in the study's order. Arms without a limit of the target have no known size."""
    found = {one.comparison: one for one in judged}
    groups = _groups(config, [one.comparison for one in judged if is_to_alone(config, one.comparison)])
    return [
        Curve(target, label, tuple(_point(config, size, found[one]) for size, one in sorted(group.items())))
        for (target, label), group in groups.items()
        if len(group) > 1
    ]


def _groups(config: StudyConfig, compared: Sequence[Comparison]) -> dict[tuple[str, str], dict[int, Comparison]]:
    """(target, helper and recipe) → size → the comparison."""
    groups: dict[tuple[str, str], dict[int, Comparison]] = {}
    for one in compared:
        arm = config.arm(one.treatment)
        size = arm.config.train_limit_of(one.target)
        if size is not None:
            recipe = arm.config.recipe.removeprefix(" + ".join(arm.config.tasks))
            label = f"with {helpers(arm, one.target)}{recipe}"
            groups.setdefault((one.target, label), {}).setdefault(size, one)
    return groups


def _point(config: StudyConfig, size: int, one: Judged) -> Point:
    alone, together = (spread(side.scores.values(), config.alpha) for side in (one.baseline, one.treatment))
    return Point(size, one, alone, together)


def table(config: StudyConfig, curve: Curve) -> Table:
    """A row a size."""
    rows = [
        (
            *(f"{point.size:,}", str(point.alone), str(point.together), _seeds(point)),
            *(effect_text(point.judged), verdict_text(point.judged.decision)),
        )
        for point in curve.points
    ]
    return Table(
        title=f"{curve.target} {curve.label}{badge(curve.judged)}",
        columns=(f"{curve.target} examples", "alone (%)", "together (%)", "seeds", "effect (points)", "verdict"),
        rows=tuple(rows),
        notes=(
            " ".join([intervals(config), matched(curve.judged), *adjusted(len(config.comparisons))]),
            f"Effects within {config.margin:g} points make no practical difference.",
            *refused(curve.judged),
        ),
        align="rrrrrl",
    )


def _seeds(point: Point) -> str:
    """Of both arms where they differ: "3", "2 / 3"."""
    return " / ".join(dict.fromkeys([str(point.alone.seeds), str(point.together.seeds)]))
