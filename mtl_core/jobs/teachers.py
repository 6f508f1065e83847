"""Single-task runs that are trained first because other runs learn from them, or merge them."""

from __future__ import annotations

from collections.abc import Sequence

from mtl_core.config.run import RunConfig
from mtl_core.store import runs

Row = tuple[str, RunConfig]


def first(configs: Sequence[RunConfig]) -> tuple[list[Row], list[str]]:
    """All runs with their new ids, teachers ahead of their pupils, and the ids of `configs` in their order.

    A teacher is trained once for all its pupils, and a single-task run that was asked for anyway is the teacher; so it
    is with runs that are merged.
    """
    rows: list[Row] = []
    made: dict[tuple[str, int], str] = {}
    asked = []
    for config in configs:
        for field in config.trained_first:
            config = config.model_copy(update={field: _taught_by(config, rows, made)})
        known = made.pop((config.arm, config.seed), None) if len(config.tasks) == 1 else None
        asked.append(known or _new(config, rows))
    return rows, asked


def _taught_by(config: RunConfig, rows: list[Row], made: dict[tuple[str, int], str]) -> tuple[str, ...]:
    """Ids of a single-task run per task, made where it is not there yet."""
    for task in config.tasks:
        alone = config.alone(task)
        key = (alone.arm, alone.seed)
        there = next((run_id for run_id, other in rows if (other.arm, other.seed) == key), None)
        made[key] = there or made.get(key) or _new(alone, rows)
    return tuple(made[alone.arm, alone.seed] for alone in map(config.alone, config.tasks))


def _new(config: RunConfig, rows: list[Row]) -> str:
    run_id = runs.new_id()
    rows.append((run_id, config))
    return run_id
