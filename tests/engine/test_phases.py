"""Learning rates over a run and over its phases."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from mtl_core.config.run import RunConfig, parse
from mtl_core.engine import checkpoints
from mtl_core.engine.events import CheckpointSaved, Evaluated, Event, Finished, StepDone
from mtl_core.engine.loop import train
from mtl_core.engine.optimiser import rate
from mtl_core.engine.order import make_order

FULL = {"sst2": 67_349, "mnli": 392_702, "squad": 87_599}
"""Training examples of the official files."""


def config(encoder: Path | str, **values: Any) -> RunConfig:
    small = {"train_limit": 36, "eval_limit": 8, "selection_limit": 6, "batch_size": 8, "max_length": 48}
    usual = {"tasks": "squad,sst2", "schedule": "phases", "learning_rate": 1e-3, "warmup": 0.5, "device": "cpu"}
    return parse({"encoder": str(encoder), **usual, **small, **values})


def rates_of(asked: RunConfig, sizes: dict[str, int]) -> list[tuple[str, float]]:
    """Task and learning rate of each step, the rate as a share of the highest."""
    order = make_order(asked, sizes)
    return [
        (plan.tasks[0], rate(*order.in_phase(step), asked) / asked.learning_rate)
        for step, plan in enumerate(order.step_plans, 1)
    ]


def mean_rates(asked: RunConfig, sizes: dict[str, int]) -> list[tuple[str, float]]:
    """The mean rate of each stretch of steps that trains one task."""
    stretches = groupby(rates_of(asked, sizes), key=lambda step: step[0])
    return [(task, mean(share for _, share in steps)) for task, steps in stretches]


@pytest.mark.parametrize(("other", "second_half"), [("sst2", 0.15), ("mnli", 0.05)])
def test_one_schedule_over_the_papers_run_leaves_little_to_the_second_half(other: str, second_half: float) -> None:
    full = {"squad": FULL["squad"], other: FULL[other]}
    values = {"tasks": tuple(full), "batch_size": 32, "warmup": 0.06}
    by_run = mean_rates(config("embedded", **values), full)
    assert [task for task, _ in by_run] == ["squad", other, "squad"]
    assert by_run[-1][1] == pytest.approx(second_half, abs=0.005)
    by_phase = mean_rates(config("embedded", **values, schedule_settings={"rates": "phase"}), full)
    assert [share for _, share in by_phase] == pytest.approx([0.5] * 3, abs=0.005)
    alone = mean_rates(config("embedded", **values).alone("squad"), {"squad": FULL["squad"]})
    assert alone == [("squad", pytest.approx(0.5, abs=0.005))]


def test_the_rates_of_a_phase_are_those_of_a_run_as_long_as_it() -> None:
    """Phases of 4, 2 and 4 steps, the first half of each is warm-up: s / W, then (S - s + 1) / (S - W + 1)."""
    asked = config("embedded", schedule_settings={"rates": "phase"}, train_limit=None)
    found = [share for _, share in rates_of(asked, {"squad": 64, "sst2": 16})]
    assert found == pytest.approx([1 / 2, 1, 2 / 3, 1 / 3, 1, 1 / 2, 1 / 2, 1, 2 / 3, 1 / 3])


def test_a_config_that_does_not_say_has_one_schedule_over_the_run() -> None:
    sizes = {"squad": 64, "sst2": 16}
    silent, said = config("embedded"), config("embedded", schedule_settings={"rates": "run"})
    assert rates_of(silent, sizes) == rates_of(said, sizes)
    assert [share for _, share in rates_of(silent, sizes)] == [
        rate(step, 10, silent) / silent.learning_rate for step in range(1, 11)
    ]


def trained(asked: RunConfig, folder: Path, cache: Path) -> list[Event]:
    return list(train(asked, folder, cache=cache))


def test_a_run_trains_with_them_and_a_new_optimiser(encoder: Path, cache: Path, tmp_path: Path) -> None:
    asked, seen = config(encoder, schedule_settings={"rates": "phase"}), list[Event]()
    for event in train(asked, tmp_path, cache=cache, should_stop=lambda: steps_made(seen) == 4):
        seen.append(event)
    told = [event.step.learning_rate for event in seen if isinstance(event, StepDone)]
    assert told == pytest.approx([1e-3, 5e-4, 4e-4, 8e-4])
    parts, _ = checkpoints.load_state(tmp_path / "last") or pytest.fail("no checkpoint")
    counted = {float(tensor) for name, tensor in parts["optimiser"].items() if name.endswith(".step")}
    assert counted == {2.0}, "two steps of the second phase"


def steps_made(events: list[Event]) -> int:
    return max((event.step.step for event in events if isinstance(event, StepDone)), default=0)


def test_the_last_phase_chooses_the_checkpoint_and_alone_ends_early(encoder: Path, cache: Path, tmp_path: Path) -> None:
    """A high rate makes the validation split worse from the first scores on."""
    more = {"early_stopping": 2, "eval_every": 1, "epochs": 2, "learning_rate": 0.05}
    by_run = trained(config(encoder, **more), tmp_path / "run", cache)
    asked = config(encoder, schedule_settings={"rates": "phase"}, **more)
    by_phase = trained(asked, tmp_path / "phase", cache)
    begins = make_order(asked, {"squad": 33, "sst2": 33}).phases[-1]
    assert last_step(by_run) < begins <= last_step(by_phase)
    best = [event.step for event in by_phase if isinstance(event, CheckpointSaved) and event.kind == "best"]
    assert best[-1] >= begins, "of fine-tunings one after another the last gives the model"
    losses: dict[int, float] = {}
    for event in by_phase:
        if isinstance(event, Evaluated) and event.step >= begins:
            losses[event.step] = losses.get(event.step, 0.0) + event.scores["loss"]
    assert best[-1] == min(losses, key=losses.__getitem__)


def last_step(events: list[Event]) -> int:
    assert isinstance(events[-1], Finished)
    assert events[-1].state == "finished"
    return events[-1].step
