"""Every task with every other: a transfer matrix."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import ClassVar

from pydantic import Field

from mtl_core.config.run import RunConfig
from mtl_core.study_designs import RECIPE, Size, StudyPreset, Treatment, arm, recipe, with_tasks


class AllPairs(StudyPreset):
    """Trains every pair of the tasks and asks for both who helps whom: a transfer matrix."""

    name: ClassVar = "all_pairs"
    title: ClassVar = "All pairs"
    tasks_wanted: ClassVar = (2, 99)
    usual_tasks: ClassVar = ("sst2", "mnli", "squad")

    recipe: str = Field(RECIPE, json_schema_extra={"of": "recipes"})
    """Sharing/schedule/balancing of every pair, or a named preset such as cross_domain."""

    def question(self, tasks: tuple[str, ...]) -> str:
        """Names the tasks."""
        return f"Which of {', '.join(tasks)} help each other?"

    def treatments(self, base: RunConfig, tasks: tuple[str, ...], size: Size) -> Iterator[Treatment]:
        """Each pair, of interest for both of its tasks."""
        for pair in combinations(tasks, 2):
            yield Treatment(arm(with_tasks(base, pair, **recipe(self.recipe, pair))), pair)
