"""An arm against itself: what chance alone does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from mtl_core.config.run import RunConfig
from mtl_core.config.study import Arm
from mtl_core.study_designs import Size, StudyPreset, Treatment, with_tasks

SHIFT = 1000


class Itself(StudyPreset):
    """A task alone against itself with other seeds: what does chance alone do? No verdict should come of it."""

    name: ClassVar = "itself"
    title: ClassVar = "Against itself"
    tasks_wanted: ClassVar = (1, 1)
    usual_tasks: ClassVar = ("sst2",)

    def question(self, tasks: tuple[str, ...]) -> str:
        """Names the task."""
        return f"How far apart are two sets of runs of {tasks[0]} that differ in the seed alone?"

    def treatments(self, base: RunConfig, tasks: tuple[str, ...], size: Size) -> Iterator[Treatment]:
        """The same arm with seeds from 1001."""
        config = with_tasks(base, tasks)
        yield Treatment(Arm(name=f"{tasks[0]} alone, other seeds", config=config, seed_shift=SHIFT), tasks)
