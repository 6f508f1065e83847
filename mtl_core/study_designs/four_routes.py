"""Ways to a model of the target: alone, joint, helper first, joint first, and single-task models merged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from mtl_core.config.run import RunConfig
from mtl_core.config.study import ARM
from mtl_core.study_designs import Size, StudyPreset, Treatment, arm, merged, recipe, with_tasks


class FourRoutes(StudyPreset):
    """Alone; both jointly; helper, then target; both jointly, then the target alone; both alone, then merged."""

    name: ClassVar = "four_routes"
    title: ClassVar = "Routes"
    source: ClassVar = (
        "Phang et al. 2018 (STILTs); Weller et al. 2022, when to use multi-task or intermediate training; "
        "Ilharco et al. 2023 (task arithmetic)"
    )

    merging: tuple[str, ...] = Field(("task_arithmetic",), max_length=10, json_schema_extra={"of": "merging"})
    """How the two single-task models are merged, without training. Empty: they are not."""

    def question(self, tasks: tuple[str, ...]) -> str:
        """Names target and helper."""
        return f"Which way does {tasks[1]} help {tasks[0]} most, if any?"

    def treatments(self, base: RunConfig, tasks: tuple[str, ...], size: Size) -> Iterator[Treatment]:
        """Three arms, and one a merging; the way that is left is the baseline."""
        target, helper = tasks
        joint = arm(with_tasks(base, tasks, **recipe("hard", tasks)), f"{target} + {helper} jointly")
        yield Treatment(joint, (target,))
        in_turn = {**recipe("hard/one_after_other", tasks), "schedule_settings": {"rates": "phase"}}
        after = with_tasks(base, tasks, **in_turn)
        yield Treatment(arm(after, f"{helper}, then {target}"), (target,), (joint.name,))
        single_task = base.alone(target).model_copy(update={"start_from": f"{ARM}{joint.name}"})
        yield Treatment(arm(single_task, f"jointly, then {target} alone"), (target,), (joint.name,))
        for method in dict.fromkeys(self.merging):
            words = f"{target} and {helper} alone, merged by {method.replace('_', ' ')}"
            yield Treatment(merged(base, tasks, method, words), (target,), (joint.name,))
