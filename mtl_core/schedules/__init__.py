"""Schedules: the tasks of each optimisation step. One file per method; pure Python, no torch."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class StepPlan:
    """The plan of one optimisation step."""

    tasks: tuple[str, ...]
    """Tasks that give a batch each."""
    renew: tuple[str, ...] = ()
    """Tasks whose heads are initialised again before the step."""
    begins_phase: bool = False
    """True where a new phase of training begins: its warm-up and decay last until the next one, and the optimiser
    starts anew. The first step of a run begins its first phase either way."""


class Schedule(ABC):
    """The whole order of a run, known before its first step: so it can be shown, counted and resumed.

    Keyword-only arguments are a method's settings.
    """

    name: ClassVar[str]
    every_task: ClassVar[bool] = False
    """True where each step trains all tasks."""

    def __init__(self, batches: Mapping[str, int]) -> None:
        """`batches` by task: how many its training examples make, all epochs together; the target comes first."""
        self.batches = dict(batches)

    @abstractmethod
    def step_plans(self, draw: random.Random) -> Iterator[StepPlan]:
        """Every step in order. `draw` is the only source of chance."""
