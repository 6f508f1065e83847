"""What a run would do, found out before it starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from mtl_core import encoders, registry
from mtl_core.config import RunConfig
from mtl_core.data.examples import Example
from mtl_core.data.sources import Splits
from mtl_core.devices import resolve
from mtl_core.engine import memory
from mtl_core.engine.check import checked
from mtl_core.engine.memory import Largest
from mtl_core.engine.model import build
from mtl_core.engine.order import Order
from mtl_core.kinds import Lengths
from mtl_core.store.predictions import DevExample
from mtl_core.store.scores import Draw

LOOKED_AT = 200
"""Training examples whose lengths stand for all."""
GLANCE = 3


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """What a run would do with one task."""

    train: int
    selection: int
    dev: int
    draw: Draw
    tokens: float
    """Mean tokens of a training example, all its windows together."""
    rows: float
    """Mean windows of a training example."""
    glance: tuple[DevExample, ...]
    """The first training examples."""
    notes: tuple[str, ...]
    largest: Largest
    """The batch that takes most memory."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do."""

    steps: int
    device: str
    tasks: dict[str, TaskPlan]
    parameters: dict[str, int]
    """shared, task_only, frozen, total."""
    encoder_shares: dict[str, float]
    """How much of the encoder a step of each task trains, 0 to 1."""
    memory_bytes: int
    """What it will need at its peak, estimated."""

    @property
    def tokens(self) -> float:
        """Training tokens of the whole run."""
        return sum(task.draw.planned_examples * task.tokens for task in self.tasks.values())


def plan(config: RunConfig, runs_dir: Path | None = None) -> Plan:
    """The whole plan. Raises InvalidConfig as `check` does."""
    data, order = checked(config, runs_dir)
    tokenizer = encoders.load_tokenizer(config.encoder)
    tasks = {name: _task_plan(config, name, data[name], order, tokenizer) for name in config.tasks}
    model = build(config, encoders.empty_encoder(config.encoder), tokenizer)
    shares = {name: model.encoder_share(name) for name in config.tasks}
    device = torch.device(resolve(config.device))
    needed = memory.estimate(model, config, {name: task.largest for name, task in tasks.items()}, device)
    memory.need_room(needed, device, now=False)
    return Plan(len(order.turns), str(device), tasks, model.counts(), shares, needed)


def _task_plan(config: RunConfig, name: str, splits: Splits, order: Order, tokenizer: object) -> TaskPlan:
    task, sharing = registry.load("tasks", name), registry.load("sharing", config.sharing)
    kind, some = sharing.kind_of(task), _spread(splits.train)
    encoded = kind.encode(task, some, tokenizer, Lengths(config.max_length, config.window_stride))
    tokens = float(encoded.starts[-1]) / len(some)
    draw = next(draw for draw in order.draws if draw.task == name)
    return TaskPlan(
        train=len(splits.train),
        selection=len(splits.selection),
        dev=len(splits.dev),
        draw=replace(draw, planned_tokens=round(draw.planned_examples * tokens)),
        tokens=tokens,
        rows=float(encoded.first_rows[-1]) / len(some),
        glance=tuple(kind.show(task, example, place) for place, example in enumerate(splits.train[:GLANCE])),
        notes=splits.notes,
        largest=memory.largest_batch(encoded, config.batch_size),
    )


def _spread(examples: tuple[Example, ...]) -> list[Example]:
    """Up to LOOKED_AT examples from all over the data."""
    places = np.linspace(0, len(examples) - 1, min(LOOKED_AT, len(examples))).round().astype(int)
    return [examples[place] for place in places]
