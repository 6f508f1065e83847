"""Strict alternation."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import cycle, islice

from mtl_core.schedules import Schedule, StepPlan


class RoundRobin(Schedule):
    """One step of each task in turn, whatever their sizes.

    task(step) = tasks[step mod T]; the number of steps is that of all batches together, so that a small task
    is repeated and a large one is cut short.

    Source: McCann et al. 2018 (decaNLP), section 4.2, fixed order of tasks. Differs from it: the budget is the
    data's size instead of a fixed number of iterations, so that schedules compare at equal steps.
    """

    name = "round_robin"

    def step_plans(self, draw: random.Random) -> Iterator[StepPlan]:
        """As many steps as there are batches, and at least one per task."""
        steps = max(sum(self.batches.values()), len(self.batches))
        return (StepPlan((task,)) for task in islice(cycle(self.batches), steps))
