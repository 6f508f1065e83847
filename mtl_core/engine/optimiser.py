"""AdamW with linear warm-up and decay, over the run or a phase of it, and rates of their own for layers and heads.

    rate(s) = learning_rate * s / W for step s <= W, else learning_rate * (S - s + 1) / (S - W + 1)

s counts from 1, S is the number of steps and W = warmup * S. Source: Devlin et al. 2019, appendix A.2, and its code,
which is one step behind: it numbers steps from 0, so that its first step has the rate 0 and ours 1 / W of the highest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import nn

from mtl_core.config.run import RunConfig
from mtl_core.encoders.layers import depths
from mtl_core.sharing import Sharing


def adamw(model: Sharing, config: RunConfig) -> torch.optim.AdamW:
    """AdamW that decays weights, but no biases and no normalisation (Devlin et al. 2019, appendix A.2)."""
    factors = _factors(model, config)
    groups: dict[tuple[float, bool], list[nn.Parameter]] = defaultdict(list)
    for parameter in model.parameters():
        if parameter.requires_grad:
            groups[factors.get(parameter, 1.0), parameter.ndim > 1].append(parameter)
    return torch.optim.AdamW(
        [
            {"params": members, "factor": factor, "weight_decay": config.weight_decay if decayed else 0.0}
            for (factor, decayed), members in groups.items()
        ],
        lr=config.learning_rate,
        fused=True,
    )


def rate(step: int, total: int, config: RunConfig) -> float:
    """The learning rate of step 1 to `total` of a run or phase: up to the full rate in the warm-up, then straight to
    zero."""
    warm = config.warmup * total
    if step <= warm:
        return config.learning_rate * step / warm
    return config.learning_rate * (total - step + 1) / (total - warm + 1)


def set_rate(optimiser: torch.optim.Optimizer, step: int, total: int, config: RunConfig) -> float:
    """Sets the rate of a step of a run or phase for all parameters, each group's by its own factor; returns the plain
    one."""
    value = rate(step, total, config)
    for group in optimiser.param_groups:
        group["lr"] = value * group["factor"]
    return value


def start_anew(optimiser: torch.optim.Optimizer) -> None:
    """Drops the optimiser's state of all parameters, as a new one would begin."""
    optimiser.state.clear()


def forget(optimiser: torch.optim.Optimizer, parameters: Iterable[nn.Parameter]) -> None:
    """Drops the optimiser's state of parameters that were initialised again."""
    for parameter in parameters:
        optimiser.state.pop(parameter, None)


def _factors(model: Sharing, config: RunConfig) -> dict[nn.Parameter, float]:
    """Rates as shares of the learning rate, where they are others: layer_decay ** layers above (Howard & Ruder 2018,
    section 3.2), head_rate for what is new, and multiples of it that the sharing asks for."""
    factors: dict[nn.Parameter, float] = {}
    if config.layer_decay < 1:
        for task in config.tasks:
            depth_of = depths(model.encoder_of(task))
            top = max(depth_of.values())
            factors |= {parameter: config.layer_decay ** (top - depth) for parameter, depth in depth_of.items()}
    factor = (config.head_rate or config.learning_rate) / config.learning_rate
    factors |= dict.fromkeys(model.new_parameters(), factor)
    return factors | {parameter: factor * times for parameter, times in model.own_rates().items()}
