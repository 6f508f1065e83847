"""The order of a run: which task each step trains and on how many examples, known before it starts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from mtl_core import registry
from mtl_core.config.run import RunConfig
from mtl_core.data.counts import batches_in, drawn
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.records import Draw
from mtl_core.schedules import StepPlan


@dataclass(frozen=True, slots=True)
class Order:
    """Every step of a run."""

    step_plans: tuple[StepPlan, ...]
    draws: tuple[Draw, ...]
    """The planned draws, task by task."""

    def steps_of(self, task: str) -> int:
        """Steps that train the task."""
        return next(draw.planned_steps for draw in self.draws if draw.task == task)

    def in_tokens(self, each: Mapping[str, float]) -> Order:
        """The same order with an estimate of its tokens; `each` is the mean of a task's training examples."""
        draws = (replace(d, planned_tokens=round(d.planned_examples * each[d.task])) for d in self.draws)
        return Order(self.step_plans, tuple(draws))


def make_order(config: RunConfig, sizes: Mapping[str, int]) -> Order:
    """The order for tasks with so many training examples; none where encoders are merged. Raises InvalidConfig when
    the schedule refuses."""
    if config.merging:
        return Order((), tuple(Draw(task, 0, 0, size=sizes[task]) for task in config.tasks))
    size = config.step_examples
    batches = {task: batches_in(sizes[task], size, config.epochs) for task in config.tasks}
    schedule = registry.load("schedules", config.schedule)
    try:
        step_plans = tuple(
            schedule(batches, **config.schedule_settings).step_plans(random.Random(f"schedule:{config.seed}"))
        )
    except (TypeError, ValueError) as error:
        raise InvalidConfig([Fault("schedule_settings", str(error))]) from error
    steps = Counter(task for step_plan in step_plans for task in step_plan.tasks)
    draws = tuple(
        Draw(
            task=task,
            planned_steps=steps[task],
            planned_examples=drawn(sizes[task], size, steps[task]),
            size=sizes[task],
            asked_epochs=config.epochs,
        )
        for task in config.tasks
    )
    return Order(step_plans, draws)
