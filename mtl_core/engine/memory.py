"""Memory that a run will need, estimated before its first step.

Weights, gradients and AdamW's two moments are counted exactly; what a training step keeps of its batch is counted layer
by layer after Korthikanti et al. 2022, "Reducing Activation Recomputation", section 4.1, and stretched by what was
measured on top (docs/benchmarks.md says how far it is off).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import psutil
import torch

from mtl_core import registry
from mtl_core.config.run import RunConfig
from mtl_core.encoders.batch import Encoded
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.sharing import Sharing

NUMBER = 4
"""Bytes of a number in fp32."""
PROCESS = {"cpu": 400_000_000, "cuda": 600_000_000}
"""Bytes that Python, torch and its libraries take before there is a model: of main memory, or of the GPU's."""
ATTENTION_BYTES = 17
"""Kept for each pair of tokens and head where attention has dropout: scores, shares, mask."""
STRETCH = 1.3
"""Factor for the step's temporary tensors and the allocator's gaps, on top of what is kept."""
BF16 = 0.8
"""Share of fp32's activations that bf16 keeps: casts are kept beside what was cast."""
GB = 1e9


@dataclass(frozen=True, slots=True)
class Largest:
    """The batch that takes most memory."""

    rows: int
    length: int
    """Tokens of its longest row."""


def largest_batch(encoded: Encoded, batch_size: int) -> Largest:
    """The batch of a task's longest examples; where there are fewer than a batch, they stand for all."""
    lengths = encoded.lengths()
    longest = np.argsort(-lengths)[:batch_size]
    rows = np.diff(encoded.first_rows)[longest].mean() * batch_size
    return Largest(round(rows), int(lengths[longest[0]]))


def estimate(model: Sharing, config: RunConfig, batches: Mapping[str, Largest], device: torch.device) -> int:
    """Bytes at the peak of a run, `batches` being each task's largest."""
    if config.merging:
        return PROCESS.get(device.type, PROCESS["cpu"]) + _merged(model, config)
    kept = max(_kept(model, config, task, batch) for task, batch in batches.items())
    return PROCESS.get(device.type, PROCESS["cpu"]) + _weights(model, config) + int(STRETCH * kept)


def need_room(needed: int, device: torch.device, *, now: bool) -> None:
    """Raises InvalidConfig for a run that can't fit: in what is free where it starts `now`, else in all there is."""
    there = room(device, now=now)
    if needed > there:
        free = "are free" if now else "are there"
        words = f"the run needs about {needed / GB:.1f} GB of memory, and {there / GB:.1f} GB {free} on {device.type}."
        advice = "Use a smaller batch_size with gradient_accumulation, a smaller max_length, or gradient_checkpointing."
        raise InvalidConfig([Fault("batch_size", f"{words} {advice}")])


def room(device: torch.device, *, now: bool) -> int:
    """Bytes that are free at the moment, or that there are in all."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0 if now else 1]
    memory = psutil.virtual_memory()
    return int(memory.available if now else memory.total)


def _weights(model: Sharing, config: RunConfig) -> int:
    """Weights, gradients, AdamW's moments, and the gradients that the balancing keeps apart."""
    counts = model.counts()
    trained = counts["shared"] + counts["task_only"]
    balancing = registry.load("balancing", config.balancing)(len(config.tasks), **config.balancing_settings)
    apart = len(config.tasks) * counts["shared"] if balancing.needs_task_gradients else 0
    apart += trained if balancing.after_losses else 0
    return NUMBER * (counts["total"] + 3 * trained + apart)


def _merged(model: Sharing, config: RunConfig) -> int:
    """Bytes of the model, and of the flat encoders that a merge works on: the pretrained one, each run's, what each has
    changed, twice while it is trimmed, and the result."""
    encoder = sum(parameter.numel() for parameter in model.encoder_of(config.tasks[0]).parameters())
    return NUMBER * (model.counts()["total"] + (3 * len(config.tasks) + 2) * encoder)


def _kept(model: Sharing, config: RunConfig, task: str, batch: Largest) -> float:
    """Bytes that the forward pass of a batch keeps for the backward pass."""
    shape: Any = model.encoder_of(task).config
    width, layers = shape.hidden_size, shape.num_hidden_layers
    inner = getattr(shape, "intermediate_size", 4 * width)
    tokens = batch.rows * batch.length
    dropout = float(getattr(shape, "attention_probs_dropout_prob", getattr(shape, "attention_dropout", 0.0)))
    attention = shape.num_attention_heads * batch.length * ATTENTION_BYTES if dropout else 0
    layer = NUMBER * (10 * width + 2 * inner) + 2 * width + attention
    many = layers * model.passes
    through = many * NUMBER * width + layer if config.gradient_checkpointing else many * layer
    return float(tokens * (through + NUMBER * 3 * width)) * (BF16 if config.precision == "bf16" else 1)
