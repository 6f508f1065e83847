"""Size curves: an effect over the amount of the target's own data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import nan

from mtl_core.charts import size_curve as chart
from mtl_core.charts import theme
from mtl_core.config.study import Comparison, StudyConfig
from mtl_core.display import scores as score_words
from mtl_core.display.tables import Table
from mtl_core.display.verdicts import effect_text
from mtl_core.studies.arm_words import against_single_task, helpers, is_against_single_task
from mtl_core.studies.context import StudyContext
from mtl_core.studies.judge import Judged
from mtl_core.studies.seed_summary import SeedSummary, summary
from mtl_core.studies.sentences import decision_text, hover_text
from mtl_core.studies.table_words import adjusted, badge, intervals, matched, refused
from mtl_core.studies.views import Picture, StudyView


@dataclass(frozen=True, slots=True)
class SizePoint:
    """One size of the target's data."""

    size: int
    """Training examples of the target, as the arms limit them."""
    judged: Judged
    single_task: SeedSummary
    together: SeedSummary


@dataclass(frozen=True, slots=True)
class EffectCurve:
    """One target with one helper and recipe, over sizes."""

    target: str
    label: str
    """Helper and recipe: "with mnli · hard"."""
    points: tuple[SizePoint, ...]
    """By size."""

    @property
    def name(self) -> str:
        """Target, helper and recipe: "sst2 with mnli · hard"."""
        return f"{self.target} {self.label}"

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
        """True if a number in it comes from the generated sample."""
        return any(one.generated for one in self.judged)


def fits(config: StudyConfig) -> bool:
    """True if some target is trained with one helper and recipe at two sizes or more."""
    return any(len(group) > 1 for group in _groups(config, against_single_task(config)).values())


def curves(config: StudyConfig, judged: Sequence[Judged]) -> list[EffectCurve]:
    """All that there are, in the study's order. Arms without a limit of the target have no known size."""
    by_comparison = {one.comparison: one for one in judged}
    groups = _groups(config, [one for one in by_comparison if is_against_single_task(config, one)])
    return [
        EffectCurve(target, label, tuple(_point(config, size, by_comparison[one]) for size, one in sizes))
        for (target, label), sizes in ((key, sorted(group.items())) for key, group in groups.items())
        if len(sizes) > 1
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


def _point(config: StudyConfig, size: int, one: Judged) -> SizePoint:
    single_task, together = (summary(side.scores.values(), config.alpha) for side in (one.baseline, one.treatment))
    return SizePoint(size, one, single_task, together)


def table(config: StudyConfig, curve: EffectCurve) -> Table:
    """A row a size."""
    unit = score_words.unit(curve.metric)
    rows = [
        (
            *(f"{point.size:,}", str(point.single_task), str(point.together), _seeds(point)),
            *(effect_text(point.judged), decision_text(point.judged)),
        )
        for point in curve.points
    ]
    return Table(
        title=f"{curve.name}{badge(curve.judged)}",
        columns=(
            f"{curve.target} examples",
            f"alone ({unit})",
            f"together ({unit})",
            "seeds",
            "effect (points)",
            "verdict",
        ),
        rows=tuple(rows),
        notes=(
            " ".join([intervals(config), matched(curve.judged), *adjusted(len(config.comparisons))]),
            f"Effects within {config.margin:g} points make no practical difference.",
            *refused(curve.judged),
        ),
        align="rrrrrl",
    )


def _seeds(point: SizePoint) -> str:
    """Of both arms where they differ: "3", "2 / 3"."""
    return " / ".join(dict.fromkeys([str(point.single_task.seeds), str(point.together.seeds)]))


def effects(config: StudyConfig, curve: EffectCurve) -> Picture:
    """The effect at every size."""
    points = []
    for point in curve.points:
        verdict = point.judged.verdict
        reach = (verdict.effect, verdict.low, verdict.high) if verdict else (nan, nan, nan)
        points.append(chart.SizeEffect(point.size, *reach, point.judged.decision, hover_text(point.judged)))
    figure = chart.effects(points, config.margin, _size_title(curve))
    words = (f"{one.size:,} examples {one.judged.decision}, {effect_text(one.judged)}" for one in curve.points)
    alt = f"Effect in points over {curve.target}'s training examples: {'; '.join(words)}."
    return Picture(f"{curve.name}: effect", theme.marked(figure, curve.generated), alt)


def scores(curve: EffectCurve) -> Picture:
    """Alone and together, at every size."""
    single_task = [_reached(point.size, point.single_task) for point in curve.points]
    together = [_reached(point.size, point.together) for point in curve.points]
    title = f"{curve.target} {score_words.header(curve.metric)}"
    helper = escape(curve.label.partition(" · ")[0])
    figure = chart.scores(curve.target, single_task, together, helper, _size_title(curve), title)
    words = (f"{one.size:,} examples: alone {one.single_task}, {helper} {one.together}" for one in curve.points)
    return Picture(f"{curve.name}: scores", theme.marked(figure, curve.generated), f"{title}: {'; '.join(words)}.")


def _reached(size: int, mean: SeedSummary) -> chart.Reached:
    return chart.Reached(size, mean.mean, mean.half)


def _size_title(curve: EffectCurve) -> str:
    return f"{curve.target} training examples (log)"


class SizeCurves(StudyView[EffectCurve]):
    """The effect of a helper, over the size of the target's own data."""

    name, title, order = "size_curve", "Size curve", 60
    picker = "Curve"

    def fits(self, config: StudyConfig) -> bool:
        """Needs a target that has a helper at several sizes of its data."""
        return fits(config)

    def parts(self, context: StudyContext) -> list[EffectCurve]:
        """A curve each."""
        return curves(context.config, context.judged)

    def question(self, part: EffectCurve) -> str:
        """Names the target."""
        return f"How much data does {part.target} need before the helper stops helping?"

    def label(self, part: EffectCurve) -> str:
        """Target, helper and recipe."""
        return part.name

    def judged(self, context: StudyContext, part: EffectCurve) -> list[Judged]:
        """A comparison a size."""
        return part.judged

    def figures(self, context: StudyContext, part: EffectCurve) -> Iterator[Picture]:
        """The effect, and the scores that it is the difference of."""
        yield effects(context.config, part)
        yield scores(part)

    def caption(self, context: StudyContext, part: EffectCurve) -> str:
        """The band and the signs."""
        return (
            f"Shaded: within the margin of {context.config.margin:g} points. ▲ helps, ▼ hurts, ≈ practically equal, "
            "? not enough evidence."
        )

    def tables(self, context: StudyContext, part: EffectCurve) -> Iterator[Table]:
        """A row a size."""
        yield table(context.config, part)
