"""Tasks drawn by a softened size of their data."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from mtl_core.schedules import Schedule, StepPlan


class Temperature(Schedule):
    """Each step draws a task by its size, softened so that small tasks come more often.

    P(task) = min(n, cap)^(1/T) / sum over tasks of min(n, cap)^(1/T), n in batches; T = 1 is proportional to size
    (with replacement), T near infinity is uniform. The number of steps is that of all batches together.

    Source: Raffel et al. 2020 (T5), section 3.5.2, examples-proportional mixing with a limit and temperature-scaled
    mixing; the multilingual BERT of Devlin et al. draws by n^0.7, which is T = 1.43.
    Differs from it: sizes and the cap are counted in batches, all epochs together.
    """

    name = "temperature"

    def __init__(
        self,
        batches: Mapping[str, int],
        *,
        temperature: Annotated[
            float, Field(gt=0, le=1000, description="1 draws by size; higher draws more equally.")
        ] = 2.0,
        cap: Annotated[int, Field(ge=0, description="Batches above which a task counts as no larger. 0: none.")] = 0,
    ) -> None:
        super().__init__(batches)
        self.temperature, self.cap = temperature, cap

    def shares(self) -> dict[str, float]:
        """Each task's chance in a step."""
        sizes = {task: min(n, self.cap) if self.cap else n for task, n in self.batches.items()}
        largest = max(sizes.values())
        softened = {task: (n / largest) ** (1 / self.temperature) for task, n in sizes.items()}
        return {task: size / sum(softened.values()) for task, size in softened.items()}

    def step_plans(self, draw: random.Random) -> Iterator[StepPlan]:
        """As many steps as there are batches."""
        shares = self.shares()
        drawn = draw.choices(list(shares), weights=list(shares.values()), k=sum(self.batches.values()))
        return (StepPlan((task,)) for task in drawn)
