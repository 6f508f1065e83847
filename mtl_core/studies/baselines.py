"""The single-task arm that a treatment is compared with, matched as was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from mtl_core.config.methods import COSTS
from mtl_core.config.run import TRAIN_FIRST, RunConfig
from mtl_core.config.study import ARM, Arm, Match
from mtl_core.records import Draw

DrawsOf = Callable[[RunConfig], Mapping[str, Draw]]
"""The draws that a run would make, by task: planned steps and tokens, and the size of the task's data."""


def baseline(arm: Arm, target: str, match: Match, arms: Mapping[str, Arm], draws_of: DrawsOf) -> Arm:
    """The target alone, on the same data in the same order, for as long as `match` says.

    An arm that starts from another arm's run has had that one's training too, so both count. Its epochs are a
    fraction where the treatment's schedule gives the target other than whole passes. An arm that merges is held
    against the very runs that it merges, whatever `match` says: it has no training of its own.
    """
    config = single_task(arm.config, target)
    if arm.config.merging:
        return Arm(name=_name(config, target, arm.config), config=config, baseline=True)
    own = draws_of(config)[target]
    chain = _chain(arm, arms)
    drawn = [(one.config, draws_of(without_arm(one.config))) for one in chain]
    steps = _steps(drawn, target, match, own)
    if steps != own.planned_steps:
        in_one = -(-own.size // config.step_examples)
        config = config.model_copy(update={"epochs": max(1, steps) / in_one})
    return Arm(name=_name(config, target, arm.config), config=config, baseline=True)


def single_task(config: RunConfig, target: str) -> RunConfig:
    """The config's single-task run, from the same start but for one that is another arm's."""
    return without_arm(config).alone(target).model_copy(update={"seed": 1, "name": ""})


def without_arm(config: RunConfig) -> RunConfig:
    """The config as if it started from pretrained weights, where it starts from another arm; and as if it trained what
    it merges, where these are arms."""
    starts_from_arm = (config.start_from or "").startswith(ARM)
    alone = {"start_from": None} if starts_from_arm else {}
    merges_arms = any(name.startswith(ARM) for name in config.merge_from)
    return config.model_copy(update={**alone, **({"merge_from": (TRAIN_FIRST,)} if merges_arms else {})})


def _chain(arm: Arm, arms: Mapping[str, Arm]) -> list[Arm]:
    """The arm and those whose training it goes on with."""
    chain = [arm]
    while chain[-1].after:
        chain.append(arms[chain[-1].after])
    return chain


def _steps(drawn: list[tuple[RunConfig, Mapping[str, Draw]]], target: str, match: Match, own: Draw) -> int:
    """Steps that the target alone is to make."""
    if match == "target_updates":
        return sum(draws[target].planned_steps for _, draws in drawn if target in draws)
    if match == "total_updates":
        return sum(_all_steps(config, draws) for config, draws in drawn)
    seconds = sum(cost(config) * draw.planned_tokens for config, draws in drawn for draw in draws.values())
    return round(seconds * own.planned_steps / own.planned_tokens)


def _all_steps(config: RunConfig, draws: Mapping[str, Draw]) -> int:
    steps = [draw.planned_steps for draw in draws.values()]
    return max(steps) if config.schedule == "joint" else sum(steps)


def cost(config: RunConfig) -> float:
    """Time a token of the config's methods, as a multiple of plain hard sharing with the sum of losses; measured."""
    costs = json.loads(COSTS.read_text("utf-8"))
    sharing, balancing = (
        costs.get(field, {}).get(getattr(config, field), {}).get("time", 1.0) for field in ("sharing", "balancing")
    )
    return float(sharing * balancing)


def _name(config: RunConfig, target: str, of: RunConfig) -> str:
    """ "sst2 alone", with what is unlike the usual: "sst2 alone · 2 epochs · 100 examples"."""
    parts = [f"{target} alone"]
    if config.epochs != of.epochs:
        parts.append(f"{config.epochs:.3g} epochs")
    if isinstance(of.train_limit, dict) and target in of.train_limit:
        parts.append(f"{of.train_limit[target]:,} examples")
    return " · ".join(parts)
