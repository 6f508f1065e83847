"""Static weights from one task to the other, and balancing methods on the same picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from mtl_core.config.run import RunConfig
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.study_designs import Size, StudyPreset, Treatment, arm, recipe, with_tasks


class WeightSweep(StudyPreset):
    """Static weights as a curve of trade-offs between two tasks, with balancing methods on the same axes."""

    name: ClassVar = "weight_sweep"
    title: ClassVar = "Weight sweep"
    source: ClassVar = "Xin et al. 2022; Kurin et al. 2022: tuned static weights match the elaborate methods"

    weights: tuple[float, ...] = Field((0.1, 0.3, 0.5, 0.7, 0.9), min_length=1)
    """The first task's weight; the second's is what is left to 1. Both are doubled, so that 0.5 is the plain sum."""
    balancings: tuple[str, ...] = Field(("uncertainty", "pcgrad"), json_schema_extra={"of": "balancing"})
    """Balancing methods to hold against the curve."""
    sharing: str = Field("hard", json_schema_extra={"of": "sharing"})
    """The sharing method of all arms."""

    def question(self, tasks: tuple[str, ...]) -> str:
        """Names both tasks."""
        return f"What does {tasks[0]} cost {tasks[1]}, and does a balancing method beat fixed weights?"

    def treatments(self, base: RunConfig, tasks: tuple[str, ...], size: Size) -> Iterator[Treatment]:
        """A batch of both tasks in every step, so that weights act."""
        wrong = [weight for weight in self.weights if not 0 < weight < 1]
        if wrong:
            raise InvalidConfig([Fault("weights", f"{wrong[0]:g} is not between 0 and 1. Use weights such as 0.3.")])
        for weight in sorted(set(self.weights)):
            values = recipe(f"{self.sharing}/joint/static", tasks)
            values["balancing_settings"] = {"weights": f"{2 * weight:g}, {2 * (1 - weight):g}"}
            name = f"weights {weight:g} : {1 - weight:g}"
            yield Treatment(arm(with_tasks(base, tasks, **values), name), tasks)
        for balancing in self.balancings:
            values = recipe(f"{self.sharing}/joint/{balancing}", tasks)
            yield Treatment(arm(with_tasks(base, tasks, **values), balancing), tasks)
