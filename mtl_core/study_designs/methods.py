"""Methods against each other on the same tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from mtl_core.config.run import RunConfig
from mtl_core.config.study import Arm
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.study_designs import Size, StudyPreset, Treatment, arm, merged, recipe, with_tasks

USUAL = {
    "sharing": ("hard", "soft", "pal"),
    "balancing": ("sum", "uncertainty", "pcgrad"),
    "merging": ("average", "task_arithmetic", "ties"),
}
RECIPES = {"sharing": "{}/proportional/sum", "balancing": "hard/joint/{}"}


class Methods(StudyPreset):
    """Sharing, balancing or merging methods against each other, all else the same, and each against the tasks alone."""

    name: ClassVar = "methods"
    title: ClassVar = "Methods"
    tasks_wanted: ClassVar = (2, 99)

    family: Literal["sharing", "balancing", "merging"] = "sharing"
    """The axis: sharing, mixed in proportion to the data; balancing, with a batch of each task a step; or merging the
    single-task models."""
    methods: tuple[str, ...] = Field((), max_length=40, json_schema_extra={"of": "family"})
    """Their names; all others are compared with the first, too. Empty: a few that differ much."""

    def question(self, tasks: tuple[str, ...]) -> str:
        """Names the family and the tasks."""
        return f"Which {self.family} is best for {' and '.join(tasks)}?"

    def treatments(self, base: RunConfig, tasks: tuple[str, ...], size: Size) -> Iterator[Treatment]:
        """An arm a method."""
        if "single" in self.methods and self.family == "sharing":
            words = "the sharing 'single' is the baseline already. Leave it out."
            raise InvalidConfig([Fault("methods", words)])
        first = ""
        for name in dict.fromkeys(self.methods or USUAL[self.family]):
            treatment = self._arm(base, tasks, name)
            yield Treatment(treatment, tasks, (first,) if first else ())
            first = first or treatment.name

    def _arm(self, base: RunConfig, tasks: tuple[str, ...], name: str) -> Arm:
        called = f"{' + '.join(tasks)} · {name}"
        if self.family == "merging":
            return merged(base, tasks, name, called)
        return arm(with_tasks(base, tasks, **recipe(RECIPES[self.family].format(name), tasks)), called)
