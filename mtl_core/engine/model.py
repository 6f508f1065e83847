"""From a config to a model: encoder, heads, sharing."""

from __future__ import annotations

import hashlib
from typing import Any

import torch

from mtl_core import registry
from mtl_core.config import RunConfig
from mtl_core.kinds import kind_of
from mtl_core.sharing import Sharing


def build(config: RunConfig, encoder: Any) -> Sharing:
    """The run's model around a loaded encoder. A task's head starts from seed and task alone, so it is the same
    alone and in company."""
    dropout = getattr(encoder.config, "hidden_dropout_prob", 0.1)
    heads = {}
    for name in config.tasks:
        task = registry.load("tasks", name)
        heads[name] = kind_of(task).head(task, encoder.config.hidden_size, dropout)
        heads[name].renew(head_seed(config, name))
    torch.manual_seed(config.seed)
    model: Sharing = registry.load("sharing", config.sharing)(encoder, heads, **config.sharing_settings)
    return model


def head_seed(config: RunConfig, task: str) -> int:
    """Where a task's head is drawn from."""
    return int.from_bytes(hashlib.sha256(f"{config.seed}:{task}".encode()).digest()[:4], "big")
