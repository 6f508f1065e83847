"""Helpers first, then the target."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from mtl_core.errors import unknown_name
from mtl_core.schedules import Schedule, StepPlan
from mtl_core.schedules._one_task import Rates, stretch


class OneAfterOther(Schedule):
    """Each helper task to its end, one after the other, then the target.

    steps = [other] * n_other for each other task, in the run's order, then [last] * n_last
    rates = run: one warm-up and decay over all steps; rates = phase: one over the steps of each task.

    Source: Phang et al. 2018, "Sentence Encoders on STILTs": an intermediate task, then the target, each fine-tuned
    with a schedule of its own, which is `rates` = phase. Differs from it: with `rates` = run both share one learning
    rate schedule and one optimiser; several intermediate tasks follow one another; the helpers' heads stay, so that
    their forgetting shows.
    """

    name = "one_after_other"

    def __init__(
        self,
        batches: Mapping[str, int],
        *,
        last: Annotated[
            str, Field(description="Task that comes last. Empty: the target.", json_schema_extra={"of": "tasks"})
        ] = "",
        rates: Rates = "run",
    ) -> None:
        """Raises ValueError when `last` is none of the run's tasks."""
        super().__init__(batches)
        self.last = last or next(iter(batches))
        if self.last not in batches:
            raise ValueError(unknown_name("task of this run", self.last, batches))
        self.rates = rates

    def step_plans(self, draw: random.Random) -> Iterator[StepPlan]:
        """As many steps as there are batches."""
        helpers = [task for task in self.batches if task != self.last]
        for task in [*helpers, self.last]:
            yield from stretch(task, self.batches[task], rates=self.rates)
