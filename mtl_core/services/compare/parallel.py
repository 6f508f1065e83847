"""The axes of the parallel coordinates: settings in which runs differ, and the scores that all of them have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mtl_core.charts.parallel import Axis
from mtl_core.config.settings import METHOD, field_text, flat, root, value_text
from mtl_core.display import scores as shown
from mtl_core.services import arms
from mtl_core.services.compare.groups import NOT_GROUPING
from mtl_core.services.compare.table import ScoreLine, ScoreTable
from mtl_core.store.runs import Run

LEAST = 3
"""Runs that are worth drawing."""
MOST = 7
"""Settings that have room beside each other."""
FEW = 12
"""Up to so many different numbers stand as words at even distances."""


@dataclass(frozen=True, slots=True)
class Parallel:
    """The lines that are drawn, one per run."""

    target: str
    """The task whose score colours the lines: the one that most runs have."""
    runs: tuple[Run, ...]
    settings: tuple[Axis, ...]
    scores: tuple[Axis, ...]
    """The target's first."""
    hidden: tuple[str, ...]
    """Settings that differ too, for which there is no room."""


def parallel(comparison: ScoreTable) -> Parallel | None:
    """None for fewer than three runs with a score, and for runs that differ in nothing but their seeds."""
    main = {line.task: line for line in reversed(comparison.lines) if _is_main(line, comparison)}
    reached = {task: _values(main[task]) for task in reversed(main)}
    target = max(reached, key=lambda task: len(reached[task]), default="")
    runs = [run for cell in main[target].cells.values() for run in cell.runs] if target else []
    settings = _settings(runs, target)
    if len(runs) < LEAST or not settings:
        return None
    common = [target, *(task for task in reached if task != target and all(run.id in reached[task] for run in runs))]
    scores = [
        Axis(f"{task} {shown.header(main[task].metric)}", tuple(reached[task][run.id] for run in runs))
        for task in common
    ]
    hidden = tuple(axis.title for axis in settings[MOST:])
    return Parallel(target, tuple(runs), tuple(settings[:MOST]), tuple(scores), hidden)


def _is_main(line: ScoreLine, comparison: ScoreTable) -> bool:
    """True if it is the first of its task."""
    return next(one for one in comparison.lines if one.task == line.task) is line


def _values(line: ScoreLine) -> dict[str, float]:
    """Run id → score as it is shown."""
    cells, scale = line.cells.values(), shown.scale(line.metric)
    return {run.id: scale * value for cell in cells for run, value in zip(cell.runs, cell.values, strict=True)}


def _settings(runs: Sequence[Run], target: str) -> list[Axis]:
    """The settings in which the runs differ: the target's training first, then methods."""
    configs = [{**flat(run.config), "train_limit": run.config.train_limit_of(target)} for run in runs]
    fields = dict.fromkeys(field for config in configs for field in config if root(field) not in NOT_GROUPING)
    ordered = sorted(fields, key=lambda field: root(field) not in METHOD)
    axes = [_axis(field_text(field), field, [config.get(field) for config in configs]) for field in ordered]
    relations = [arms.relation(run, target) for run in runs]
    return _merged([axis for axis in (_axis(target, "", relations), *axes) if len(set(axis.values)) > 1])


def _merged(axes: Sequence[Axis]) -> list[Axis]:
    """Settings that always change together as one axis: no run can tell which of them matters."""
    by_parts: dict[tuple[int, ...], Axis] = {}
    for axis in axes:
        places = {value: place for place, value in enumerate(dict.fromkeys(axis.values))}
        parts = tuple(places[value] for value in axis.values)
        first = by_parts.setdefault(parts, axis)
        if first is not axis and first.words and axis.words:
            pairs = dict(zip(first.values, axis.values, strict=True))
            words = (f"{word} · {axis.words[int(pairs[place])]}" for place, word in enumerate(first.words))
            by_parts[parts] = replace(first, title=f"{first.title} · {axis.title}", words=tuple(words))
    return list(by_parts.values())


def _axis(title: str, field: str, values: Sequence[Any]) -> Axis:
    """Numbers in their order, then words in that of the runs."""
    numbers = sorted({value for value in values if _is_number(value)})
    if len(numbers) > FEW and all(map(_is_number, values)):
        return Axis(title, tuple(map(float, values)))
    words = [value_text(field, value) for value in (*numbers, *(one for one in values if not _is_number(one)))]
    places = {word: place for place, word in enumerate(dict.fromkeys(words))}
    return Axis(title, tuple(float(places[value_text(field, value)]) for value in values), tuple(places))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
