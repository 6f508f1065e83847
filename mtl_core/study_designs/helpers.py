"""Many helpers of one target: which of them helps most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from mtl_core.config.run import RunConfig
from mtl_core.study_designs import RECIPE, Size, StudyPreset, Treatment, arm, recipe, with_tasks


class Helpers(StudyPreset):
    """Which task helps the target most? With Auto, each look drops the worse half of the helpers."""

    name: ClassVar = "helpers"
    title: ClassVar = "Search for helpers"
    source: ClassVar = "Jamieson & Talwalkar 2016, arxiv.org/abs/1502.07943 (successive halving)"
    tasks_wanted: ClassVar = (3, 40)
    usual_tasks: ClassVar = ("sst2", "mnli", "squad")
    halves: ClassVar = True

    recipe: str = Field(RECIPE, json_schema_extra={"of": "recipes"})
    """Sharing/schedule/balancing of the target with each helper, or a named preset such as cross_domain."""

    def question(self, tasks: tuple[str, ...]) -> str:
        """Names the helpers and the target."""
        return f"Which of {', '.join(tasks[1:])} helps {tasks[0]} most?"

    def treatments(self, base: RunConfig, tasks: tuple[str, ...], size: Size) -> Iterator[Treatment]:
        """The target with each helper."""
        for helper in tasks[1:]:
            pair = (tasks[0], helper)
            yield Treatment(arm(with_tasks(base, pair, **recipe(self.recipe, pair))), (tasks[0],))
