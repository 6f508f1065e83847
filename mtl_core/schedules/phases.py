"""The paper's switching between tasks and heads."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from mtl_core.errors import unknown_name
from mtl_core.schedules import Schedule, StepPlan
from mtl_core.schedules._one_task import Rates, stretch


class Phases(Schedule):
    """A share of the first task's data, then the other tasks, then the rest of the first.

    steps = [first] * round(share * n_first) + [other] * n_other for each other task + [first] * the rest;
    the encoder is never reset, heads are taken off and put on again.
    rates = run: one warm-up and decay over all steps; rates = phase: one over the steps of each phase.

    Source: the cross-domain method of Sharma, "Understanding Multitask Learning with Transfer Learning": half of
    the question answering data, the classification task, the rest; its text reads as fine-tunings one after another,
    which is `rates` = phase. Differs from it: with several epochs the first task's whole stream of batches is cut at
    `share`, and more than two tasks follow one another.
    """

    name = "phases"

    def __init__(
        self,
        batches: Mapping[str, int],
        *,
        first: Annotated[
            str, Field(description="Task that begins and ends. Empty: the target.", json_schema_extra={"of": "tasks"})
        ] = "",
        share: Annotated[float, Field(gt=0, lt=1, description="Part of its data before the switch, 0 to 1.")] = 0.5,
        heads: Annotated[
            Literal["keep", "renew"], Field(description="What a head that is put on again knows: all, or nothing.")
        ] = "keep",
        rates: Rates = "run",
    ) -> None:
        """Raises ValueError when `first` is none of the run's tasks."""
        super().__init__(batches)
        self.first = first or next(iter(batches))
        if self.first not in batches:
            raise ValueError(unknown_name("task of this run", self.first, batches))
        self.share, self.heads, self.rates = share, heads, rates

    def step_plans(self, draw: random.Random) -> Iterator[StepPlan]:
        """As many steps as there are batches."""
        whole = self.batches[self.first]
        before = min(max(round(self.share * whole), 1), whole)
        yield from stretch(self.first, before, rates=self.rates)
        for task in self.batches:
            if task != self.first:
                yield from stretch(task, self.batches[task], rates=self.rates)
        again = self.heads == "renew" and len(self.batches) > 1
        yield from stretch(self.first, whole - before, rates=self.rates, renew=again)
