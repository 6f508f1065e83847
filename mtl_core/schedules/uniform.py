"""Tasks drawn with equal chance."""

from __future__ import annotations

import random
from collections.abc import Iterator

from mtl_core.schedules import Schedule, StepPlan


class Uniform(Schedule):
    """Each step draws a task with equal chance, whatever their sizes.

    P(task) = 1 / T; the number of steps is that of all batches together, so that a small task is repeated and a
    large one is cut short.

    Source: "equal mixing", Raffel et al. 2020 (T5), section 3.5.2. Differs from it: the budget is the data's size, so
    that schedules compare at equal steps.
    """

    name = "uniform"

    def step_plans(self, draw: random.Random) -> Iterator[StepPlan]:
        """As many steps as there are batches."""
        tasks = list(self.batches)
        return (StepPlan((draw.choice(tasks),)) for _ in range(sum(self.batches.values())))
