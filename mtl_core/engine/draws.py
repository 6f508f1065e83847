"""Planned draws of many configs, the data read once: for studies, whose arms share it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from mtl_core import encoders
from mtl_core.config.run import RunConfig
from mtl_core.data.sources import Splits, read
from mtl_core.engine.check import checked
from mtl_core.engine.parents import FindRun
from mtl_core.kinds import Task
from mtl_core.records import Draw


class PlannedDraws:
    """Computes the draws of a run, task by task. Raises InvalidConfig as `engine.check` does."""

    def __init__(self, find_run: FindRun, *, tokens: bool = False) -> None:
        """With `tokens`, draws have an estimate of their tokens, which takes the tokenizer."""
        self._find_run, self._tokens = find_run, tokens
        self._known: dict[str, Mapping[str, Draw]] = {}
        self._splits: dict[tuple[object, ...], Splits] = {}

    def __call__(self, config: RunConfig) -> Mapping[str, Draw]:
        """Planned steps, examples and tokens, and the size of each task's data."""
        if config.arm not in self._known:
            data, order = checked(config, self._find_run, self._read)
            if self._tokens:
                order = order.in_tokens({name: self._mean(config, name, data[name]) for name in config.tasks})
            self._known[config.arm] = {draw.task: draw for draw in order.draws}
        return self._known[config.arm]

    def _read(self, task: Task, config: RunConfig) -> Splits:
        limits = config.train_limit_of(task.name), config.eval_limit, config.limit_by, config.selection_limit
        key = (task.name, config.place_of(task.name), config.version_of(task.name), config.data_rules, *limits)
        if config.leaves_overlap_out and task.name != config.tasks[0]:
            target = config.tasks[0]
            key = (*key, target, config.place_of(target), config.version_of(target))
        if key not in self._splits:
            self._splits[key] = read(task, config)
        return self._splits[key]

    def _mean(self, config: RunConfig, name: str, splits: Splits) -> float:
        from mtl_core.engine.plan import mean_tokens  # reading kinds loads torch

        return mean_tokens(config, name, splits, _tokenizer(config.encoder))


@cache
def _tokenizer(encoder: str) -> object:
    return encoders.load_tokenizer(encoder)
