"""Any sharing goes with any schedule and any balancing, or says before a run why not."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest

from mtl_core import registry
from mtl_core.config.run import parse
from mtl_core.engine import methods
from tests import toy

PAIR = ("sst2", "squad")
SHARINGS, SCHEDULES, BALANCINGS = (registry.names(family) for family in ("sharing", "schedules", "balancing"))
PATIENCE = ({"epochs": 12}, {"epochs": 30, "learning_rate": 5e-3}, {"epochs": 80, "learning_rate": 5e-3})
"""Most recipes learn the toys within seconds at a high rate; the others get more steps at a lower one."""
DRAWN = 30
"""Triples that are drawn from the whole product; benchmarks/products.py trains them all."""


def recipes() -> list[tuple[str, str, str]]:
    """Every pair along two of the axes, with the third as it goes with most; and triples that are drawn."""
    found = [(sharing, schedule, "sum") for sharing, schedule in product(SHARINGS, SCHEDULES)]
    found += [(sharing, "joint", balancing) for sharing, balancing in product(SHARINGS, BALANCINGS)]
    found += [("hard", schedule, balancing) for schedule, balancing in product(SCHEDULES, BALANCINGS)]
    found += random.Random("triples").sample(list(product(SHARINGS, SCHEDULES, BALANCINGS)), DRAWN)
    return sorted(set(found))


@pytest.mark.parametrize(("sharing", "schedule", "balancing"), recipes())
def test_it_trains_or_says_why_not(sharing: str, schedule: str, balancing: str) -> None:
    outcome = trained_or_refused(sharing, schedule, balancing)
    assert outcome == "" or outcome.endswith(".")


def trained_or_refused(sharing: str, schedule: str, balancing: str) -> str:
    """ "" where every task's loss falls by a tenth and all gradients are finite; else the reason that is given before
    the run. Raises AssertionError for everything else."""
    values: dict[str, Any] = {"sharing": sharing, "schedule": schedule, "balancing": balancing}
    faults = methods.config_faults(parse({"tasks": PAIR, **values}))
    if faults:
        return " ".join(fault.message for fault in faults)
    told = []
    for patience in PATIENCE:
        told.append(slow := unlearned(toy.losses(toy.session(tasks=PAIR, **patience, **values))))
        if not slow:
            return ""
    raise AssertionError(f"{told}")


def unlearned(losses: dict[str, list[float]]) -> dict[str, tuple[float, float]]:
    """Tasks whose loss has not fallen by a tenth: the means of their first pass over the data and of their best."""
    passes = {
        task: [sum(found[at : at + 2]) / 2 for at in range(0, len(found) - 1, 2)] for task, found in losses.items()
    }
    return {task: (found[0], min(found)) for task, found in passes.items() if min(found) >= 0.9 * found[0]}
