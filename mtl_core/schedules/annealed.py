"""From proportional towards equal."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from mtl_core.schedules import Schedule, StepPlan

FALL = 0.8
"""Decrease of alpha from the first part to the last."""


class Annealed(Schedule):
    """Draws tasks by their size at first, and ever more equally towards the end.

    P(task) = n^alpha / sum over tasks of n^alpha, alpha = 1 - 0.8 (e - 1) / (E - 1) in part e of E. The number of
    steps is that of all batches together.

    Source: Stickland & Murray 2019 (PALs), section 4.3. Differs from it: e counts `parts` equal parts of the run
    instead of its epochs, so that it is defined for one epoch too; with as many parts as epochs it is the paper's.
    """

    name = "annealed"

    def __init__(
        self,
        batches: Mapping[str, int],
        *,
        parts: Annotated[int, Field(ge=2, le=1000, description="Equal parts of the run; alpha falls with each.")] = 10,
    ) -> None:
        super().__init__(batches)
        self.parts = parts

    def alpha(self, part: int) -> float:
        """The exponent of the sizes in part 1 to `parts`."""
        return 1 - FALL * (part - 1) / (self.parts - 1)

    def shares(self, part: int) -> dict[str, float]:
        """Each task's chance in a step of part 1 to `parts`."""
        sizes = {task: n ** self.alpha(part) for task, n in self.batches.items()}
        return {task: size / sum(sizes.values()) for task, size in sizes.items()}

    def step_plans(self, draw: random.Random) -> Iterator[StepPlan]:
        """As many steps as there are batches."""
        steps = sum(self.batches.values())
        shares = [self.shares(part) for part in range(1, self.parts + 1)]
        for step in range(steps):
            now = shares[step * self.parts // steps]
            yield StepPlan((draw.choices(list(now), weights=list(now.values()))[0],))
