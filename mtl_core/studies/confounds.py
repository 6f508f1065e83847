"""Differences between two runs besides the method, from which a difference in score may come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mtl_core.config.settings import METHOD, STEPS, flat, setting_differences
from mtl_core.display.words import examples_text
from mtl_core.records import Draw
from mtl_core.store.runs import Run
from mtl_core.studies import data_changes

NOT_CONFOUNDING = (*METHOD, "tasks", "name", "device", "overlap")
DRAWN_ALIKE = 0.01
"""Runs whose drawn examples of a task differ by less than this share trained on the same amount."""


@dataclass(frozen=True, slots=True)
class TaskRun:
    """One of two runs, seen from one task."""

    run: Run
    dev_examples: int = 0
    data: dict[str, Any] = field(default_factory=dict)
    """Its report on the task's data: sizes and fingerprint; empty where there is none."""
    draw: Draw | None = None

    @property
    def dev_set(self) -> str:
        """The dev examples in words, with the clusters that they are in: "2,000 dev examples in 48 articles"."""
        return examples_text(self.dev_examples, self.data.get("clusters", {}).get("dev", {}), "dev examples")


def confounds(side: TaskRun, baseline: TaskRun) -> tuple[str, ...]:
    """The differences besides the method, the run's own value first: "seed 2 against 1". Empty: nothing known."""
    ours, theirs = side.run.config, baseline.run.config
    merged = bool(ours.merging or theirs.merging)  # it has no training of its own
    left_out = (*NOT_CONFOUNDING, *STEPS) if merged else NOT_CONFOUNDING
    settings = setting_differences(ours, theirs, left_out, names=_naming_tasks(flat(ours), flat(theirs)))
    return (*settings, *_data(side, baseline), *([] if settings or merged else _drawn(side, baseline)))


def _naming_tasks(*configs: Mapping[str, Any]) -> tuple[str, ...]:
    """Settings of a limit that is given task by task: then only the data itself tells if this task's was the same."""
    if not any(isinstance(config.get("train_limit"), dict) for config in configs):
        return ()
    return ("train_limit",) if configs[0].get("eval_limit") else ("train_limit", "limit_by")


def _data(side: TaskRun, baseline: TaskRun) -> list[str]:
    """A difference in the task's examples, by fingerprint where both reports have it."""
    if side.dev_examples != baseline.dev_examples:
        return [f"scored on {side.dev_examples:,} against {baseline.dev_examples:,} dev examples"]
    return list(filter(None, [data_changes.changed(side.data, baseline.data)]))


def _drawn(side: TaskRun, baseline: TaskRun) -> list[str]:
    if side.draw is None or baseline.draw is None:
        return []
    ours, theirs = side.draw.actual_examples, baseline.draw.actual_examples
    if abs(ours - theirs) <= DRAWN_ALIKE * max(ours, theirs):
        return []
    return [f"trained on {ours:,} against {theirs:,} examples of {side.draw.task}"]
