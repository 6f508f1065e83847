"""Stretches of steps that train one task, as schedules are made of that train tasks one after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from mtl_core.schedules import StepPlan

Rates = Annotated[
    Literal["run", "phase"],
    Field(description="Warm-up and decay: one over the run, or one per phase, each with a new optimiser."),
]
"""The setting `rates` of such a schedule."""


def stretch(task: str, steps: int, *, rates: Rates, renew: bool = False) -> Iterator[StepPlan]:
    """So many steps of one task; `renew` initialises its head again first."""
    for step in range(steps):
        first = step == 0
        yield StepPlan((task,), (task,) if renew and first else (), begins_phase=rates == "phase" and first)
