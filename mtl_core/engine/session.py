"""Everything a run needs before its first step: data, encoded texts, model, optimiser, order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mtl_core import encoders, registry
from mtl_core.balancing import Balancing
from mtl_core.config.run import RunConfig
from mtl_core.data.batches import order
from mtl_core.data.encoding import encode
from mtl_core.data.sources import Splits, read
from mtl_core.encoders.batch import Batch, Encoded, Ints
from mtl_core.engine import memory, parents
from mtl_core.engine.distillation import Teacher, learn_from, need_choices
from mtl_core.engine.distributed import Distributed
from mtl_core.engine.events import Preparing
from mtl_core.engine.model import build, prepare_training
from mtl_core.engine.optimiser import adamw
from mtl_core.engine.order import Order, make_order
from mtl_core.engine.parents import FindRun
from mtl_core.engine.trained import load_start
from mtl_core.kinds import Task
from mtl_core.kinds._definition import task_of
from mtl_core.kinds._model import KindModel, Lengths
from mtl_core.sharing import Sharing


@dataclass(frozen=True, slots=True)
class TaskSession:
    """One task of a run."""

    task: Task
    kind: KindModel
    splits: Splits
    train: Encoded
    selection: Encoded


@dataclass(frozen=True, slots=True)
class Session:
    """A run that is ready to start."""

    config: RunConfig
    device: torch.device
    tasks: dict[str, TaskSession]
    order: Order
    model: Sharing
    balancing: Balancing
    optimiser: torch.optim.AdamW
    tokenizer: Any
    cache: Path
    distributed: Distributed
    teachers: dict[str, Teacher]
    memory_bytes: int
    """Estimated peak memory of the run."""

    @property
    def encoder_config(self) -> Any:
        """The encoder's own settings, as transformers keeps them."""
        return self.model.encoder_of(self.config.tasks[0]).config

    @property
    def attention_dropout(self) -> float:
        """The value in effect: the config's, or the encoder's own."""
        own = self.encoder_config
        return float(getattr(own, "attention_probs_dropout_prob", getattr(own, "attention_dropout", 0.0)))

    @property
    def padding(self) -> int:
        """Token id that fills short rows."""
        return int(self.tokenizer.pad_token_id or 0)

    @property
    def bf16(self) -> bool:
        """True where matrix products run in bfloat16."""
        return self.config.precision == "bf16"

    def encoded(self, one: TaskSession, examples: tuple[Any, ...]) -> Encoded:
        """Token ids of any examples of a task, cached on disk."""
        return _encode(self.config, one.kind, one.task, examples, self.tokenizer, self.cache)

    def loss(self, name: str, batch: Batch, done: float = 1.0) -> Tensor:
        """A task's mean loss over the batch's rows, in nats: (). `done` is the share of the run's steps that were
        made, 0 to 1: where the task has a teacher, its logits count for the rest."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            output = self.model(name, batch)
        loss, teacher = self.tasks[name].kind.loss(output, batch), self.teachers.get(name)
        if teacher is None:
            return loss
        return done * loss + (1 - done) * self.tasks[name].kind.imitation(output, teacher.of(batch, output))

    def stream(self, name: str, after: int = 0) -> Iterator[Ints]:
        """The task's examples, step by step, but for its first `after` steps."""
        everything = order(
            self.tasks[name].train,
            batch_size=self.config.step_examples,
            batches=self.order.steps_of(name),
            seed=f"{self.config.seed}:{name}",
        )
        return islice(everything, after, None)


def prepare(
    config: RunConfig, cache: Path, distributed: Distributed, find_run: FindRun
) -> Iterator[Preparing | Session]:
    """Yields what it is doing, then the session. Raises TandemErrors for what a user can fix."""
    device = distributed.device(config)
    sharing = registry.load("sharing", config.sharing)
    _make_repeatable(device)
    yield Preparing("loading the tokenizer")
    tokenizer = encoders.load_tokenizer(config.encoder, rules=config.data_rules)
    tasks = {}
    for name in config.tasks:
        task = task_of(config.definitions, name)
        yield Preparing(f"reading {name}")
        splits = read(task, config)
        yield Preparing(f"encoding {name}")
        with distributed.main_process_first():
            tasks[name] = _encoded_task(config, sharing.kind_of(task), task, splits, tokenizer, cache)
    yield Preparing("loading the encoder")
    encoder = load_start(config, find_run)
    model = build(config, encoder, tokenizer).to(device)
    prepare_training(model, config, device)
    largest = {name: memory.largest_batch(one.train, config.batch_size) for name, one in tasks.items()}
    needed = memory.estimate(model, config, largest, device)
    memory.need_room(needed, device, now=True)
    teachers = {}
    for name, folder in parents.teachers_of(config, find_run).items():
        yield Preparing(f"asking the teacher of {name}")
        one, padding = tasks[name], int(tokenizer.pad_token_id or 0)
        need_choices(one.kind, config.sharing)
        with distributed.main_process_first():
            teachers[name] = learn_from(folder, one.task, one.train, padding, device, cache)
    yield Session(
        config=config,
        device=device,
        tasks=tasks,
        order=_order(config, tasks),
        model=model,
        balancing=registry.load("balancing", config.balancing)(len(tasks), **config.balancing_settings).to(device),
        optimiser=adamw(model, config),
        tokenizer=tokenizer,
        cache=cache,
        distributed=distributed,
        teachers=teachers,
        memory_bytes=needed,
    )


def _encoded_task(
    config: RunConfig, kind: KindModel, task: Task, splits: Splits, tokenizer: Any, cache: Path
) -> TaskSession:
    """The task with its texts encoded, and what became of them in the notes."""
    train = _encode(config, kind, task, splits.train, tokenizer, cache)
    selection = _encode(config, kind, task, splits.selection, tokenizer, cache)
    lengths = Lengths(config.max_length, config.window_stride)
    remarks = kind.remarks(task, splits.train, train, tokenizer, lengths)
    told = replace(splits, notes=(*splits.notes, *(f"train: {words}" for words in remarks)))
    return TaskSession(task, kind, told, train, selection)


def _order(config: RunConfig, tasks: Mapping[str, TaskSession]) -> Order:
    """The order of the run, and the tokens that it will read."""
    sizes = {name: one.train.examples for name, one in tasks.items()}
    each = {name: len(one.train.tokens) / one.train.examples for name, one in tasks.items()}
    return make_order(config, sizes).in_tokens(each)


def _encode(
    config: RunConfig, kind: KindModel, task: Task, examples: tuple[Any, ...], tokenizer: Any, cache: Path
) -> Encoded:
    return encode(
        kind,
        task,
        examples,
        tokenizer,
        tokenizer_print=encoders.fingerprint(config.encoder, segments=encoders.SEGMENTS in tokenizer.model_input_names),
        lengths=Lengths(config.max_length, config.window_stride),
        cache=cache,
    )


def _make_repeatable(device: torch.device) -> None:
    """The same config on the same machine gives the same numbers, on a GPU too.

    cuDNN's attention is left out: it is not deterministic, and it plans anew for each shape of a batch, which takes
    0.1 s where batches are as long as their texts.
    """
    if device.type == "cuda":
        torch.backends.cuda.enable_cudnn_sdp(False)
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.backends.cudnn.benchmark = False
