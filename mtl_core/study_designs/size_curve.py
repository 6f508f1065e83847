"""The effect of a helper against the size of the target's data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from mtl_core.config.run import RunConfig
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.study_designs import RECIPE, Size, StudyPreset, Treatment, arm, recipe, with_tasks


class SizeCurve(StudyPreset):
    """The target's data at several sizes, the helper's always whole: where does help end?"""

    name: ClassVar = "size_curve"
    title: ClassVar = "Size curve"
    source: ClassVar = "Vu et al. 2020; Weller et al. 2022: gains are largest for small targets"

    shares: tuple[float, ...] = Field((1, 3, 10, 30, 100), min_length=1)
    """Parts of the target's training examples, in percent."""
    recipe: str = Field(RECIPE, json_schema_extra={"of": "recipes"})
    """Sharing/schedule/balancing, or a named preset."""

    def question(self, tasks: tuple[str, ...]) -> str:
        """Names target and helper."""
        return f"How much data does {tasks[0]} need before {tasks[1]} stops helping?"

    def treatments(self, base: RunConfig, tasks: tuple[str, ...], size: Size) -> Iterator[Treatment]:
        """An arm a size."""
        target, helper = tasks
        wrong = [share for share in self.shares if not 0 < share <= 100]
        if wrong:
            raise InvalidConfig([Fault("shares", f"{wrong[0]:g} is not a percentage. Use numbers up to 100.")])
        whole = {target: size(target), helper: size(helper)}
        for share in sorted(set(self.shares)):
            limits = {**whole, target: max(1, round(whole[target] * share / 100))}
            config = with_tasks(base, tasks, **recipe(self.recipe, tasks), train_limit=limits)
            yield Treatment(arm(config, f"{config.recipe} · {share:g} % of {target}"), (target,))
