"""Facts about a score of one run or of several: its encoder, data and seeds, and its differences from another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mtl_core.display.words import encoder_name, sources_text
from mtl_core.studies.confounds import TaskRun, confounds


def facts_text(sides: Sequence[TaskRun]) -> str:
    """Encoder, data, seeds, precision and the runs that reached it, in a line."""
    runs = [side.run for side in sides]
    parts = [
        f"encoder {_each(encoder_name(run.encoder) for run in runs)}",
        _each(sources_text(run.config) for run in runs),
        *(_merged(sides) or _trained_on(sides)),
        _each(side.dev_set for side in sides),
        f"seed{_s(runs)} {_each((str(run.seed) for run in runs), ', ')}",
        _each(run.config.precision for run in runs),
        f"run{_s(runs)} {', '.join(run.id for run in runs)}",
    ]
    return " · ".join(parts)


def _merged(sides: Sequence[TaskRun]) -> list[str]:
    """What merged runs are made of."""
    merged = [" and ".join(run.config.merge_from) for run in (side.run for side in sides) if run.config.merging]
    return [f"merged from {_each(merged)}, no training of its own"] if merged else []


def _trained_on(sides: Sequence[TaskRun]) -> list[str]:
    data = [f"{side.data['train']:,}" for side in sides if "train" in side.data]
    if data:
        return [f"{_each(data)} training examples"]
    drawn = [f"{side.draw.actual_examples:,}" for side in sides if side.draw]
    return [f"{_each(drawn)} drawn in training"] if drawn else []


def _each(texts: Iterable[str], between: str = " / ") -> str:
    """Every text once."""
    return between.join(dict.fromkeys(texts))


def _s(several: Sequence[object]) -> str:
    return "s" * (len(several) > 1)


def differing(sides: Sequence[TaskRun], baseline: Sequence[TaskRun]) -> tuple[str, ...]:
    """Differences besides the method, each once: each run against the baseline's of the same seed, else its first.

    Between single runs the seed is such a thing; between means it is not.
    """
    if len(sides) == len(baseline) == 1:
        return confounds(sides[0], baseline[0])
    by_seed = {side.run.seed: side for side in reversed(baseline)}
    differences = (confounds(_seedless(side), _seedless(by_seed.get(side.run.seed, baseline[0]))) for side in sides)
    return tuple(dict.fromkeys(text for texts in differences for text in texts))


def _seedless(side: TaskRun) -> TaskRun:
    """As one of its seeds: which one it is says nothing."""
    return replace(side, run=replace(side.run, config=side.run.config.model_copy(update={"seed": 1})))
