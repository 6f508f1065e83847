"""AdamW with linear warm-up and decay."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn

from mtl_core.config import RunConfig


def adamw(model: nn.Module, config: RunConfig) -> torch.optim.AdamW:
    """AdamW that decays weights, but no biases and no normalisation (Devlin et al. 2019, appendix A.2)."""
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=config.learning_rate, fused=True)


def rate(step: int, total: int, config: RunConfig) -> float:
    """The learning rate of step 1 to `total`: up to the full rate in the warm-up, then straight to zero."""
    warm = config.warmup * total
    if step <= warm:
        return config.learning_rate * step / warm
    return config.learning_rate * (total - step + 1) / (total - warm + 1)


def set_rate(optimiser: torch.optim.Optimizer, step: int, total: int, config: RunConfig) -> float:
    """Sets the rate of a step for all parameters, and returns it."""
    value = rate(step, total, config)
    for group in optimiser.param_groups:
        group["lr"] = value
    return value


def forget(optimiser: torch.optim.Optimizer, parameters: Iterable[nn.Parameter]) -> None:
    """Drops what the optimiser knows of parameters that were made anew."""
    for parameter in parameters:
        optimiser.state.pop(parameter, None)
