"""The plan of a run, computed before it starts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from mtl_core import encoders, registry
from mtl_core.config.run import RunConfig
from mtl_core.data.sources import Splits
from mtl_core.devices import resolve
from mtl_core.encoders.batch import Encoded
from mtl_core.engine import memory, merging, parents
from mtl_core.engine.check import checked
from mtl_core.engine.memory import Largest
from mtl_core.engine.model import build
from mtl_core.engine.order import Order
from mtl_core.engine.parents import FindRun
from mtl_core.kinds import Task, kind_of
from mtl_core.kinds._definition import task_of
from mtl_core.kinds._model import KindModel, Lengths
from mtl_core.records import DevExample, Draw, Example

LOOKED_AT = 200
"""Training examples whose lengths stand for all."""
GLANCE = 3


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """The planned training of one task."""

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
    """The plan of a run: its tasks, steps, parameters and memory."""

    steps: int
    device: str
    tasks: dict[str, TaskPlan]
    parameters: dict[str, int]
    """shared, task_only, frozen, total."""
    encoder_shares: dict[str, float]
    """Share of the encoder that a step of each task trains, 0 to 1."""
    memory_bytes: int
    """Estimated peak memory."""
    merges: int = 0
    """Sets of coefficients that a merge tries on the validation split; 0 for a run that trains."""

    @property
    def tokens(self) -> float:
        """Training tokens of the whole run."""
        return sum(task.draw.planned_examples * task.tokens for task in self.tasks.values())


def plan(config: RunConfig, find_run: FindRun = parents.none) -> Plan:
    """The whole plan. Raises InvalidConfig as `check` does."""
    data, order = checked(config, find_run)
    tokenizer = encoders.load_tokenizer(config.encoder, rules=config.data_rules)
    tasks = {name: _task_plan(config, name, data[name], order, tokenizer) for name in config.tasks}
    model = build(config, encoders.empty_encoder(config.encoder), tokenizer)
    shares = {name: model.encoder_share(name) for name in config.tasks}
    device = torch.device(resolve(config.device))
    needed = memory.estimate(model, config, {name: task.largest for name, task in tasks.items()}, device)
    memory.need_room(needed, device, now=False)
    steps = len(order.step_plans)
    return Plan(steps, str(device), tasks, model.counts(), shares, needed, merging.tries(config))


def _task_plan(config: RunConfig, name: str, splits: Splits, order: Order, tokenizer: object) -> TaskPlan:
    task = task_of(config.definitions, name)
    encoded, shown = _sample(config, task, splits, tokenizer), kind_of(task)
    tokens = len(encoded.tokens) / encoded.examples
    draw = next(draw for draw in order.draws if draw.task == name)
    return TaskPlan(
        train=len(splits.train),
        selection=len(splits.selection),
        dev=len(splits.dev),
        draw=replace(draw, planned_tokens=round(draw.planned_examples * tokens)),
        tokens=tokens,
        rows=float(encoded.first_rows[-1]) / encoded.examples,
        glance=tuple(shown.shown(task, example, place) for place, example in enumerate(splits.train[:GLANCE])),
        notes=splits.notes,
        largest=memory.largest_batch(encoded, config.batch_size),
    )


def mean_tokens(config: RunConfig, name: str, splits: Splits, tokenizer: object) -> float:
    """Mean tokens of a training example of a task, all its windows together, by a sample of them."""
    encoded = _sample(config, task_of(config.definitions, name), splits, tokenizer)
    return len(encoded.tokens) / encoded.examples


def _sample(config: RunConfig, task: Task, splits: Splits, tokenizer: object) -> Encoded:
    """Some of the task's training examples, encoded as the config's sharing asks them."""
    kind: KindModel = registry.load("sharing", config.sharing).kind_of(task)
    lengths = Lengths(config.max_length, config.window_stride)
    return kind.encode(task, _spread(splits.train), tokenizer, lengths)


def _spread(examples: tuple[Example, ...]) -> list[Example]:
    """Up to LOOKED_AT examples from all over the data."""
    places = np.linspace(0, len(examples) - 1, min(LOOKED_AT, len(examples))).round().astype(int)
    return [examples[place] for place in places]
