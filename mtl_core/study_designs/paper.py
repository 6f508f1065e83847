"""The paper's own study: three tasks alone and in every pair."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import ClassVar

from mtl_core import registry
from mtl_core.config.presets import PAPER
from mtl_core.config.run import RunConfig
from mtl_core.study_designs import Size, StudyPreset, Treatment, arm, recipe, with_tasks


class Paper(StudyPreset):
    """Three tasks alone and in every pair; same-domain pairs by hard sharing, cross-domain ones in phases."""

    name: ClassVar = "paper"
    title: ClassVar = "The paper"
    source: ClassVar = PAPER
    tasks_wanted: ClassVar = (3, 3)
    usual_tasks: ClassVar = ("sst2", "mnli", "squad")
    suggested: ClassVar = {"max_length": 384}

    def question(self, tasks: tuple[str, ...]) -> str:
        """The paper's."""
        return "Do sentiment, inference and question answering help each other?"

    def treatments(self, base: RunConfig, tasks: tuple[str, ...], size: Size) -> Iterator[Treatment]:
        """Each pair, of interest for both of its tasks."""
        for pair in combinations(tasks, 2):
            kinds = {registry.load("tasks", task).kind for task in pair}
            name = "same_domain" if len(kinds) == 1 else "cross_domain"
            yield Treatment(arm(with_tasks(base, pair, **recipe(name, pair))), pair)
