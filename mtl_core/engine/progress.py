"""Examples drawn by a run, and its throughput."""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter, deque
from dataclasses import replace
from typing import Any

import torch

from mtl_core.records import Draw, Step

COUNTERS = ("steps", "examples", "tokens")
RECENT = 20
"""Steps over which the speed that is shown is averaged."""


class Progress:
    """Counts what was really drawn; its clock runs in training steps alone."""

    def __init__(self, planned: tuple[Draw, ...], device: torch.device) -> None:
        self.planned, self.device = planned, device
        self.steps: Counter[str] = Counter()
        self.examples: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()
        self.seconds = 0.0
        self.steps_done = 0
        self.recent: deque[tuple[float, int]] = deque(maxlen=RECENT)
        self._since, self._drawn = 0.0, Counter[str]()

    def state(self) -> dict[str, Any]:
        """The part that a checkpoint keeps, as plain JSON."""
        counters = {name: dict(getattr(self, name)) for name in COUNTERS}
        return {**counters, "seconds": self.seconds, "steps_done": self.steps_done}

    def restore(self, state: dict[str, Any]) -> None:
        """Continues counting from `state`."""
        for name in COUNTERS:
            getattr(self, name).update(state[name])
        self.seconds, self.steps_done = state["seconds"], state["steps_done"]

    def begin_step(self) -> None:
        """Starts the clock of a step."""
        self._since, self._drawn = time.perf_counter(), Counter()

    def count(self, task: str, examples: int, tokens: int) -> None:
        """Counts a batch that goes through the model."""
        self._drawn[task] += examples
        self.tokens[task] += tokens

    def end_step(self) -> None:
        """Stops the clock."""
        took = time.perf_counter() - self._since
        self.seconds += took
        self.steps_done += 1
        self.steps.update(self._drawn.keys())
        self.examples.update(self._drawn)
        self.recent.append((took, self._drawn.total()))

    @property
    def speed(self) -> float:
        """Examples a second over the last steps."""
        return sum(examples for _, examples in self.recent) / max(sum(took for took, _ in self.recent), 1e-9)

    @property
    def mean_speed(self) -> float:
        """Examples a second over all steps."""
        return self.examples.total() / max(self.seconds, 1e-9)

    def seconds_left(self) -> float:
        """Training seconds to come, from the pace of each task's own examples so far."""
        left = sum(draw.planned_examples - self.examples[draw.task] for draw in self.planned)
        return left / max(self.mean_speed, 1e-9)

    def point(self, step: int, task: str, *, loss: float, rate: float, norm: float) -> Step:
        """A step of a task as it is kept."""
        return Step(
            step=step,
            task=task,
            seconds=self.seconds,
            loss=loss,
            learning_rate=rate,
            gradient_norm=norm,
            examples=self.examples[task],
            tokens=self.tokens[task],
            examples_per_second=self.speed,
            memory_bytes=peak_memory(self.device),
        )

    def draws(self) -> tuple[Draw, ...]:
        """Planned and actual draws side by side."""
        return tuple(
            replace(
                draw,
                actual_steps=self.steps[draw.task],
                actual_examples=self.examples[draw.task],
                actual_tokens=self.tokens[draw.task],
            )
            for draw in self.planned
        )


def peak_memory(device: torch.device) -> int:
    """Most bytes so far: of the GPU's memory, or of the process where it runs on the CPU."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
