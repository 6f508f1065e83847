"""The order of a run: which task each step trains and on how many examples, known before it starts."""

from __future__ import annotations

import random
from bisect import bisect_right
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
    phases: tuple[int, ...] = (1,)
    """The first step of each phase, from 1: warm-up and decay begin with it."""

    def in_phase(self, step: int) -> tuple[int, int]:
        """The place of step 1, 2, ... in its phase, from 1, and the number of steps of that phase."""
        phase = bisect_right(self.phases, step)
        first, after = self.phases[phase - 1], [*self.phases, len(self.step_plans) + 1][phase]
        return step - first + 1, after - first

    def in_last_phase(self, step: int) -> bool:
        """True where no other phase follows."""
        return step >= self.phases[-1]

    def steps_of(self, task: str) -> int:
        """Steps that train the task."""
        return next(draw.planned_steps for draw in self.draws if draw.task == task)

    def in_tokens(self, each: Mapping[str, float]) -> Order:
        """The same order with an estimate of its tokens; `each` is the mean of a task's training examples."""
        draws = (replace(d, planned_tokens=round(d.planned_examples * each[d.task])) for d in self.draws)
        return replace(self, draws=tuple(draws))


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
    later = (step for step, step_plan in enumerate(step_plans, 1) if step_plan.begins_phase and step > 1)
    return Order(step_plans, draws, (1, *later))
