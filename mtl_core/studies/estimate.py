"""Estimates of a run's time and memory: from earlier runs, or from a few steps timed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from mtl_core.config.fields import deciding
from mtl_core.config.run import RunConfig
from mtl_core.store.throughput import Past, TaskSize

FORWARD = 1 / 3
"""What reading a token costs of what training on it costs: forward alone of forward, backward and update."""
SAME_WORK = deciding(RunConfig.model_fields, "token")
"""Fields that decide what a token costs, with the sharing."""
ONE_PASS = ("single", "hard")
"""Sharings that read a batch once with one encoder: they cost the same."""
ALIKE = 2.0
"""Texts up to this many times longer or shorter are taken as equally fast a token."""
USUAL_TIMES = 4
"""Evaluations of a run whose config leaves eval_every empty."""
HELD_OUT = 0.1
"""The largest part of the training data that the validation split takes; RunConfig.selection_limit says so."""


@dataclass(frozen=True, slots=True)
class Amount:
    """The tokens that a run has to read."""

    trained: float
    read: float
    """Without training on it: the validation split at each evaluation, or for each merge that is tried, and the dev set
    once."""
    tokens_per_example: float


@dataclass(frozen=True, slots=True)
class RunCost:
    """The time and memory of a run's parts on this machine."""

    seconds_per_token: float
    startup_seconds: float
    memory_bytes: int | None
    """Peak of such a run; None where no run of this size was seen."""
    basis: str
    """Where it is known from, in words."""

    def seconds(self, amount: Amount) -> float:
        """Wall time of a run."""
        return self.startup_seconds + self.seconds_per_token * (amount.trained + FORWARD * amount.read)


def amount_of(config: RunConfig, plan: Mapping[str, Any]) -> Amount:
    """The tokens that a run reads by its plan (fields of engine.plan.Plan)."""
    tasks = plan["tasks"].values()
    trained = sum(task["draw"]["planned_examples"] * task["tokens"] for task in tasks)
    times = plan["steps"] // config.eval_every + 1 if config.eval_every else USUAL_TIMES
    times = plan.get("merges") or times
    read = sum((times * task["selection"] + task["dev"]) * task["tokens"] for task in tasks)
    drawn = sum(task["draw"]["planned_examples"] for task in tasks)
    return Amount(trained, read, trained / drawn if drawn else fmean(task["tokens"] for task in tasks))


def amount_of_sizes(config: RunConfig, sizes: Sequence[TaskSize]) -> Amount:
    """About the tokens that a run reads, where its tasks' data have been counted but nothing is planned yet."""
    trained = sum(config.epochs * size.examples * size.tokens_per_example for size in sizes)
    selection = [min(config.selection_limit, HELD_OUT * size.examples) for size in sizes]
    looks = [USUAL_TIMES * held + size.dev for held, size in zip(selection, sizes, strict=True)]
    read = sum(look * size.tokens_per_example for look, size in zip(looks, sizes, strict=True))
    return Amount(trained, read, trained / sum(config.epochs * size.examples for size in sizes))


def from_earlier(config: RunConfig, wanted: Amount, earlier: Sequence[Past]) -> RunCost | None:
    """The cost of earlier runs on texts of about this length, None where there are none."""
    same = [run for run in earlier if _same_work(run, config)]
    alike = [run for run in same if 1 / ALIKE <= run.tokens_per_example / wanted.tokens_per_example <= ALIKE]
    if not alike:
        return None
    sized = [run.memory_bytes for run in alike if run.memory_bytes and _same_size(run, config)]
    return RunCost(
        median(run.seconds_per_token for run in alike),
        median(_startup(run) for run in alike),
        max(sized, default=None),
        f"from {len(alike)} earlier runs" if len(alike) > 1 else "from an earlier run",
    )


def from_measurement(measured: Mapping[str, Any]) -> RunCost:
    """The cost that the model server measured (fields of inference.throughput.Throughput)."""
    words = "from a few steps timed on this machine"
    return RunCost(measured["seconds_per_token"], measured["startup_seconds"], measured["memory_bytes"] or None, words)


def _same_work(run: Past, config: RunConfig) -> bool:
    own = RunConfig.model_construct(**run.config)  # of an earlier version it may lack fields
    alike = own.sharing == config.sharing or {own.sharing, config.sharing} <= set(ONE_PASS)
    return alike and all(getattr(own, field) == getattr(config, field) for field in SAME_WORK)


def _same_size(run: Past, config: RunConfig) -> bool:
    return all(run.config.get(field) == getattr(config, field) for field in ("batch_size", "max_length"))


def _startup(run: Past) -> float:
    """The rest of a run's time after training and evaluation."""
    own = RunConfig.model_construct(**run.config)
    selection = min(own.selection_limit * len(own.tasks), run.examples / own.epochs * HELD_OUT)
    read = (USUAL_TIMES * selection + run.dev) * run.tokens_per_example
    return max(0.0, run.seconds - run.seconds_per_token * (run.tokens + FORWARD * read))
