"""Every task in every step."""

from __future__ import annotations

import random
from collections.abc import Iterator

from mtl_core.schedules import Schedule, StepPlan


class Joint(Schedule):
    """A batch of every task in every step; shorter tasks begin again until the longest is through.

    steps = max over tasks of n; each step takes one batch of each task

    Source: the setting of the gradient methods, e.g. Yu et al. 2020, section 2, where all tasks' losses are known
    in each step. Differs from it: tasks have data of their own, so a small one is repeated, and the run says so.
    """

    name = "joint"
    every_task = True

    def step_plans(self, draw: random.Random) -> Iterator[StepPlan]:
        """As many steps as the longest task has batches."""
        tasks = tuple(self.batches)
        return (StepPlan(tasks) for _ in range(max(self.batches.values())))
