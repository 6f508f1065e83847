"""One target, one or more helpers, one or more recipes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from mtl_core.config import recipes
from mtl_core.config.run import RunConfig
from mtl_core.study_designs import RECIPE, Size, StudyPreset, Treatment, arm, recipe, with_tasks


class OwnQuestion(StudyPreset):
    """Does the target get better with each of the helpers?"""

    name: ClassVar = "question"
    title: ClassVar = "Your own question"
    tasks_wanted: ClassVar = (2, 99)

    recipes: tuple[str, ...] = Field((RECIPE,), min_length=1, json_schema_extra={"of": "recipes"})
    """Sharing/schedule/balancing, such as hard/joint/pcgrad, or a named preset such as cross_domain."""
    together: bool = False
    """All helpers at once in one run, instead of one helper a run."""

    def question(self, tasks: tuple[str, ...]) -> str:
        """Names the target and its helpers."""
        return f"Does {tasks[0]} get better with {(' and ' if self.together else ' or ').join(tasks[1:])}?"

    def treatments(self, base: RunConfig, tasks: tuple[str, ...], size: Size) -> Iterator[Treatment]:
        """A run a helper and recipe, or a run a recipe."""
        target, *helpers = tasks
        groups = [(target, *helpers)] if self.together else [(target, helper) for helper in helpers]
        for group in groups:
            for text in self.recipes:
                config = with_tasks(base, group, **recipe(text, group))
                yield Treatment(arm(config, recipes.arm_name(config, text)), (target,))
