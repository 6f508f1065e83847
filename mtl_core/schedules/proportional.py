"""Tasks drawn in proportion to their data."""

from __future__ import annotations

import random
from collections.abc import Iterator

from mtl_core.schedules import Schedule, StepPlan


class Proportional(Schedule):
    """Each step draws a task in proportion to what is left of its data.

    P(task) = batches left of the task / batches left of all; every batch of every task is drawn once.

    Source: the usual joint training, e.g. Liu et al. 2019 (MT-DNN), algorithm 1, which shuffles the batches
    of all tasks together. Differs from it: nothing, drawing without replacement is that shuffle.
    """

    name = "proportional"

    def step_plans(self, draw: random.Random) -> Iterator[StepPlan]:
        """As many steps as there are batches."""
        left = dict(self.batches)
        for _ in range(sum(left.values())):
            task = draw.choices(list(left), weights=list(left.values()))[0]
            left[task] -= 1
            yield StepPlan((task,))
