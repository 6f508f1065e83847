"""The transfer matrix: the verdicts of a study with helpers in rows and targets in columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import nan

from mtl_core.charts import theme
from mtl_core.charts import transfer as chart
from mtl_core.config.study import StudyConfig
from mtl_core.display.tables import Table
from mtl_core.display.verdicts import PENDING, SIGNS, effect_text
from mtl_core.studies.arm_words import against_single_task, helpers, is_against_single_task, variant
from mtl_core.studies.context import StudyContext
from mtl_core.studies.judge import Judged
from mtl_core.studies.sentences import hover_text
from mtl_core.studies.table_words import adjusted, badge, matched, refused
from mtl_core.studies.views import Picture, StudyView


@dataclass(frozen=True, slots=True)
class Matrix:
    """Cells by (row, target). Where a helper has several arms for one target, each has a row."""

    helpers: tuple[str, ...]
    """The rows; arms instead, where all train the same tasks, so that the helpers are the others."""
    targets: tuple[str, ...]
    cells: dict[tuple[str, str], Judged]
    heading: str = "helper"
    """The kind of the rows: "helper", or "arm"."""

    @property
    def generated(self) -> bool:
        """True if a number in it comes from the generated sample."""
        return any(one.generated for one in self.cells.values())


def fits(config: StudyConfig) -> bool:
    """True if at least two tasks are targets of helpers."""
    return len({one.target for one in against_single_task(config)}) > 1


def matrix(config: StudyConfig, judged: Sequence[Judged]) -> Matrix:
    """The comparisons with alone, in the study's order of tasks."""
    shown = [one for one in judged if is_against_single_task(config, one.comparison)]
    helping = [helpers(config.arm(one.treatment.arm), one.comparison.target) for one in shown]
    targets = [one.comparison.target for one in shown]
    names, heading = _rows(config, shown, helping, targets)
    order = list(dict.fromkeys(task for arm in config.arms for task in arm.config.tasks))
    ordered = sorted(zip(helping, names, strict=True), key=lambda row: _place(row[0], order))
    return Matrix(
        helpers=tuple(dict.fromkeys(name for _, name in ordered)),
        targets=tuple(sorted(set(targets), key=order.index)),
        cells=dict(zip(zip(names, targets, strict=True), shown, strict=True)),
        heading=heading,
    )


def _rows(
    config: StudyConfig, shown: Sequence[Judged], helping: Sequence[str], targets: Sequence[str]
) -> tuple[list[str], str]:
    """Each comparison's row, and what the rows are: helpers, or arms where these alone tell them apart."""
    counts = Counter(zip(helping, targets, strict=True))
    crowded = {helper for (helper, _), count in counts.items() if count > 1}
    if not crowded:
        return [*helping], "helper"
    arms = [config.arm(one.treatment.arm) for one in shown]
    own = [variant(arm) or arm.name for arm in arms]
    same_tasks = len({frozenset(arm.config.tasks) for arm in arms}) == 1
    qualified = [
        f"{helper} · {words}" if helper in crowded else helper for helper, words in zip(helping, own, strict=True)
    ]
    names = own if same_tasks else qualified
    if len(set(zip(names, targets, strict=True))) < len(names):
        names = [arm.name for arm in arms]
    return names, "condition" if same_tasks else "helper"


def _place(helper: str, order: Sequence[str]) -> tuple[int, int]:
    """Single helpers in the order of the tasks, groups after them."""
    tasks = helper.split(" + ")
    return len(tasks), order.index(tasks[0])


def table(config: StudyConfig, matrix: Matrix) -> Table:
    """The matrix as text: sign, effect and interval; empty where nothing was compared."""
    rows = [(row, *(_cell(matrix.cells.get((row, target))) for target in matrix.targets)) for row in matrix.helpers]
    shown = list(matrix.cells.values())
    notes = (
        f"Points that the helper adds to the target alone, and their {100 * (1 - config.alpha):g} % interval. "
        f"{matched(shown)}",
        f"{_legend(shown)}; the margin is {config.margin:g} points.",
        *adjusted(len(config.comparisons)),
        *refused(shown),
    )
    return Table(
        title=f"Who helps whom{badge(shown)}",
        columns=(matrix.heading, *matrix.targets),
        rows=tuple(rows),
        notes=notes,
        align="l" + "r" * len(matrix.targets),
    )


def _legend(shown: Sequence[Judged]) -> str:
    waiting = any(one.decision == PENDING for one in shown)
    return ", ".join(f"{sign} {word}" for word, sign in SIGNS.items() if word != PENDING or waiting)


def _cell(one: Judged | None) -> str:
    return "" if one is None else f"{SIGNS[one.decision]} {effect_text(one)}"


def picture(matrix: Matrix) -> Picture:
    """The matrix as a heat map; a cell has its row and its target as `customdata`."""
    cells = {
        key: chart.Cell(one.decision, one.verdict.effect if one.verdict else nan, effect_text(one), hover_text(one))
        for key, one in matrix.cells.items()
    }
    figure = chart.heat(matrix.helpers, matrix.targets, cells, matrix.heading)
    words = (f"{row} for {target}: {one.decision}, {effect_text(one)}" for (row, target), one in matrix.cells.items())
    alt = f"Effects in points, helper by target. {'; '.join(words)}."
    return Picture("Who helps whom", theme.marked(figure, matrix.generated), alt, chart.height(matrix.helpers))


class TransferMatrix(StudyView[Matrix]):
    """The effect of each helper on each target."""

    name, title, order = "transfer_matrix", "Transfer matrix", 40
    asks = "Who helps whom? Points that the helper adds to the target alone."

    def fits(self, config: StudyConfig) -> bool:
        """Needs two tasks or more that are targets of helpers."""
        return fits(config)

    def parts(self, context: StudyContext) -> list[Matrix]:
        """One matrix."""
        return [matrix(context.config, context.judged)]

    def judged(self, context: StudyContext, part: Matrix) -> list[Judged]:
        """A comparison a cell."""
        return list(part.cells.values())

    def figures(self, context: StudyContext, part: Matrix) -> Iterator[Picture]:
        """The heat map."""
        yield picture(part)

    def caption(self, context: StudyContext, part: Matrix) -> str:
        """The colours."""
        return (
            "Blue ▲ helps, orange ▼ hurts, the stronger the larger the effect. Grey: ≈ practically equal, ? not enough "
            "evidence."
        )

    def tables(self, context: StudyContext, part: Matrix) -> Iterator[Table]:
        """The same as text."""
        yield table(context.config, part)
