"""Who helps whom: the verdicts of a study as a matrix, helpers in rows and targets in columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mtl_core.config.study import StudyConfig
from mtl_core.display.tables import Table
from mtl_core.display.verdicts import PENDING, SIGNS, effect_text
from mtl_core.studies.arm_words import helpers, is_to_alone, to_alone, variant
from mtl_core.studies.judge import Judged
from mtl_core.studies.table_words import adjusted, badge, matched, refused


@dataclass(frozen=True, slots=True)
class Matrix:
    """Cells by (row, target). Where a helper has several arms for one target, each has a row."""

    helpers: tuple[str, ...]
    """The rows; arms instead, where all train the same tasks, so that the helpers are the others."""
    targets: tuple[str, ...]
    cells: dict[tuple[str, str], Judged]
    heading: str = "helper"
    """What the rows are: "helper", or "arm"."""

    @property
    def generated(self) -> bool:
        """Whether a number in it comes from the generated sample."""
        return any(one.generated for one in self.cells.values())


def fits(config: StudyConfig) -> bool:
    """Whether at least two tasks are targets of helpers."""
    return len({one.target for one in to_alone(config)}) > 1


def matrix(config: StudyConfig, judged: Sequence[Judged]) -> Matrix:
    """The comparisons with alone, in the study's order of tasks."""
    shown = [one for one in judged if is_to_alone(config, one.comparison)]
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
    told = [f"{helper} · {words}" if helper in crowded else helper for helper, words in zip(helping, own, strict=True)]
    names = own if same_tasks else told
    if len(set(zip(names, targets, strict=True))) < len(names):
        names = [arm.name for arm in arms]
    return names, "arm" if same_tasks else "helper"


def _place(helper: str, order: Sequence[str]) -> tuple[int, int]:
    """Single helpers in the order of the tasks, groups after them."""
    tasks = helper.split(" + ")
    return len(tasks), order.index(tasks[0])


def table(config: StudyConfig, found: Matrix) -> Table:
    """The matrix as text: sign, effect and interval; empty where nothing was compared."""
    rows = [(row, *(_cell(found.cells.get((row, target))) for target in found.targets)) for row in found.helpers]
    shown = list(found.cells.values())
    notes = (
        f"Points that the helper adds to the target alone, and their {100 * (1 - config.alpha):g} % interval. "
        f"{matched(shown)}",
        f"{_legend(shown)}; the margin is {config.margin:g} points.",
        *adjusted(len(config.comparisons)),
        *refused(shown),
    )
    return Table(
        title=f"Who helps whom{badge(shown)}",
        columns=(found.heading, *found.targets),
        rows=tuple(rows),
        notes=notes,
        align="l" + "r" * len(found.targets),
    )


def _legend(shown: Sequence[Judged]) -> str:
    waiting = any(one.decision == PENDING for one in shown)
    return ", ".join(f"{sign} {word}" for word, sign in SIGNS.items() if word != PENDING or waiting)


def _cell(one: Judged | None) -> str:
    return "" if one is None else f"{SIGNS[one.decision]} {effect_text(one)}"
