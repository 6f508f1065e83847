"""From a config to a model: encoder, heads, sharing."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from mtl_core import registry
from mtl_core.config.run import RunConfig
from mtl_core.encoders import cpu_dropout
from mtl_core.encoders.heads import HeadShape
from mtl_core.encoders.layers import depths, layers_of
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.kinds._definition import task_of
from mtl_core.sharing import Sharing


def build(config: RunConfig, encoder: Any, tokenizer: Any) -> Sharing:
    """The run's model around a loaded encoder. A task's head starts from seed and task alone, so it is the same
    alone and in company.

    Raises InvalidConfig where the sharing refuses its settings or leaves the balancing nothing to weigh, EncoderError
    where it can't work on the encoder.
    """
    method = registry.load("sharing", config.sharing)
    shape = HeadShape(
        width=encoder.config.hidden_size,
        dropout=getattr(encoder.config, "hidden_dropout_prob", 0.1),
        layers=config.head_layers,
        pooling=config.pooling,
        tokenizer=tokenizer,
    )
    heads = {}
    for name in config.tasks:
        task = task_of(config.definitions, name)
        heads[name] = method.kind_of(task).head(task, shape)
        heads[name].renew(head_seed(config, name))
    torch.manual_seed(config.seed)
    try:
        model: Sharing = method(encoder, heads, **config.sharing_settings)
    except ValueError as error:
        raise InvalidConfig([Fault("sharing_settings", str(error))]) from error
    for name in config.tasks:
        task = task_of(config.definitions, name)
        if method.kind_of(task).tuned(task):
            model.make_room_for_tuned(name)
    _freeze(model, config)
    _need_shared(model, config)
    return model


def prepare_training(model: Sharing, config: RunConfig, device: torch.device) -> None:
    """Makes the model compute as config and device require: layers twice to save memory, compiled, and on a
    CPU with a faster dropout."""
    if device.type == "cpu":
        cpu_dropout.install(model)
    for encoder in {id(one): one for one in map(model.encoder_of, config.tasks)}.values():
        if config.gradient_checkpointing:
            for layer in layers_of(encoder):
                layer.forward = partial(_twice, layer, layer.forward)
        if config.compile:
            encoder.compile(dynamic=True)


def head_seed(config: RunConfig, task: str) -> int:
    """The seed that a task's head is drawn from."""
    return int.from_bytes(hashlib.sha256(f"{config.seed}:{task}".encode()).digest()[:4], "big")


def _twice(layer: nn.Module, forward: Any, *inputs: Any, **named: Any) -> Any:
    """A layer's forward pass whose inner states are computed again when gradients need them."""
    if not (layer.training and torch.is_grad_enabled()):
        return forward(*inputs, **named)
    return checkpoint(forward, *inputs, use_reentrant=False, **named)


def _freeze(model: Sharing, config: RunConfig) -> None:
    """Keeps the lowest layers of every task's encoder, and its embeddings, as they are."""
    if not config.freeze_layers:
        return
    new = set(model.new_parameters())
    for task in config.tasks:
        for parameter, depth in depths(model.encoder_of(task)).items():
            if depth <= config.freeze_layers and parameter not in new:
                parameter.requires_grad_(False)


def _need_shared(model: Sharing, config: RunConfig) -> None:
    """Settings and freezing can leave nothing of what a sharing shares."""
    if registry.load("balancing", config.balancing).needs_task_gradients and not model.shared_parameters():
        words = f"'{config.balancing}' weighs the gradients of shared parameters, and here no task trains another's."
        raise InvalidConfig([Fault("balancing", f"{words} Let the tasks share and train more, or use sum.")])
