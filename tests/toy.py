"""Toy tasks of several kinds over a tiny real BERT: what the contract tests of methods train on, in milliseconds."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import pad
from transformers import BertConfig, BertModel

from mtl_core import encoders, registry
from mtl_core.config.run import parse
from mtl_core.data.batches import collate
from mtl_core.data.sources import Splits
from mtl_core.encoders.batch import Batch
from mtl_core.encoders.heads import HeadShape
from mtl_core.engine.distributed import Distributed
from mtl_core.engine.optimiser import adamw, set_rate
from mtl_core.engine.order import make_order
from mtl_core.engine.progress import Progress
from mtl_core.engine.session import Session, TaskSession
from mtl_core.engine.step import make_step
from mtl_core.kinds._model import Lengths
from mtl_core.kinds.span import Answer
from mtl_core.records import Example
from mtl_core.sharing import Sharing

TASKS = ("sst2", "mnli", "squad")
WIDTH = 16
LAYERS = 2
ADJECTIVES = ("awful", "lovely")
NAMES = ("Ada", "Kurt", "Emmy", "Alan", "Grace", "David", "Rosa", "Paul")


@cache
def tokenizer() -> Any:
    """The embedded encoder's."""
    return encoders.load_tokenizer("embedded")


@cache
def _weights() -> dict[str, Tensor]:
    torch.manual_seed(0)
    return BertModel(_shape(), add_pooling_layer=False).state_dict()


def _shape() -> BertConfig:
    return BertConfig(
        vocab_size=len(tokenizer()),
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=2,
        intermediate_size=2 * WIDTH,
        max_position_embeddings=64,
    )


def encoder() -> nn.Module:
    """A two-layer BERT, the same each time."""
    made = BertModel(_shape(), add_pooling_layer=False)
    made.load_state_dict(_weights())
    return made


def examples(task: str) -> list[Example]:
    """Eight examples whose answers stand in their texts. The first two questions are one with two answers, so that
    no loss comes to nothing."""
    if task == "squad":
        contexts = ["We know Ada or Kurt did."] * 2 + [f"We know that {name} wrote it." for name in NAMES[2:]]
        return [
            Example(f"q{n}", ("Who wrote it?", context), (Answer(name, context.index(name)),))
            for n, (name, context) in enumerate(zip(NAMES, contexts, strict=True))
        ]
    if task == "squad_v2":
        answered = examples("squad")[::2]
        return [*answered, *(Example(f"n{n}", ("Who read it?", one.inputs[1]), ()) for n, one in enumerate(answered))]
    if task == "conll2003":
        return [Example(f"t{n}", (f"We know {name} did it",), (0, 0, 1, 0, 0)) for n, name in enumerate(NAMES)]
    texts = [f"{ADJECTIVES[n % 2]}, {ADJECTIVES[n % 2]} {name}" for n, name in enumerate(NAMES)]
    if task == "copa":  # the lovely option is right, wherever it stands
        options = [("It was lovely.", "It was awful."), ("It was awful.", "It was lovely.")]
        return [Example(f"c{n}", (text, "cause", *options[n % 2]), n % 2) for n, text in enumerate(texts)]
    if task == "wic":
        return [Example(f"w{n}", (NAMES[n], text, text), n % 2) for n, text in enumerate(texts)]
    if task == "mnli":
        return [Example(f"m{n}", (text, "It was lovely."), 0 if n % 2 else 2) for n, text in enumerate(texts)]
    return [Example(f"s{n}", (text,), n % 2) for n, text in enumerate(texts)]


def model(sharing: str, tasks: tuple[str, ...] = TASKS, *, dropout: float = 0.1, **settings: Any) -> Sharing:
    """A sharing over the tiny encoder; `dropout` goes for encoder and heads."""
    method = registry.load("sharing", sharing)
    found, heads = encoder(), {}
    for part in found.modules():
        if isinstance(part, nn.Dropout):
            part.p = dropout
        elif hasattr(part, "dropout_prob"):
            part.dropout_prob = dropout
    for place, name in enumerate(tasks):
        task = registry.load("tasks", name)
        heads[name] = method.kind_of(task).head(task, HeadShape(WIDTH, dropout, tokenizer=tokenizer()))
        heads[name].renew(7 + place)
    torch.manual_seed(1)
    made: Sharing = method(found, heads, **settings)
    return made


def batch(made: Sharing, task: str) -> Batch:
    """All of a task's examples."""
    found = registry.load("tasks", task)
    encoded = made.kind_of(found).encode(found, examples(task), tokenizer(), Lengths(32, 8))
    return collate(encoded, np.arange(len(encoded.starts) - 1, dtype=np.int32), 0)


def padded(short: Batch, more: int) -> Batch:
    """The same rows, longer by so many tokens of padding."""
    parts = ("input_ids", "attention_mask", "token_type_ids", "context_mask")
    return replace(short, **{part: pad(getattr(short, part), (0, more)) for part in parts})


def loss(made: Sharing, task: str) -> Tensor:
    """A task's mean loss over all of its examples."""
    now = batch(made, task)
    return made.kind_of(registry.load("tasks", task)).loss(made(task, now), now)


def learn(made: Sharing, tasks: tuple[str, ...], steps: int = 60, rate: float = 5e-3) -> None:
    """Trains the tasks in turn."""
    optimiser = torch.optim.AdamW([p for p in made.parameters() if p.requires_grad], lr=rate)
    made.train()
    for _ in range(steps):
        for task in tasks:
            optimiser.zero_grad()
            total, penalty = loss(made, task), made.penalty((task,))
            (total if penalty is None else total + penalty).backward()
            optimiser.step()
    made.eval()


def session(**values: Any) -> Session:
    """A run over the toy tasks that is ready for its first step, without a file read or written."""
    config = parse({"batch_size": 4, "learning_rate": 1.5e-2, "warmup": 0.1, "device": "cpu", **values})
    made = model(config.sharing, config.tasks, dropout=0.0, **config.sharing_settings)
    tasks = {}
    for name in config.tasks:
        task = registry.load("tasks", name)
        split, kind = tuple(examples(name)), made.kind_of(task)
        encoded = kind.encode(task, split, tokenizer(), Lengths(32, 8))
        tasks[name] = TaskSession(task, kind, Splits(split, split, split, ()), encoded, encoded)
    return Session(
        config=config,
        device=torch.device("cpu"),
        tasks=tasks,
        order=make_order(config, dict.fromkeys(config.tasks, len(NAMES))),
        model=made,
        balancing=registry.load("balancing", config.balancing)(len(tasks), **config.balancing_settings),
        optimiser=adamw(made, config),
        tokenizer=tokenizer(),
        cache=Path(),
        distributed=Distributed(),
        teachers={},
        memory_bytes=0,
    )


def losses(ready: Session) -> dict[str, list[float]]:
    """Makes every step of the run; each task's losses in nats, in order. Raises AssertionError for an endless one."""
    found: dict[str, list[float]] = {task: [] for task in ready.tasks}
    streams = {task: ready.stream(task) for task in ready.tasks}
    progress = Progress(ready.order.draws, ready.device)
    ready.model.train()
    for number, step_plan in enumerate(ready.order.step_plans, start=1):
        set_rate(ready.optimiser, *ready.order.in_phase(number), ready.config)
        made = make_step(ready, step_plan, {task: next(streams[task]) for task in step_plan.tasks}, progress)
        assert math.isfinite(made.norm), f"the gradient of step {number} ({', '.join(step_plan.tasks)}) is {made.norm}"
        for task, loss in made.losses.items():
            assert math.isfinite(loss), f"the loss of {task} in step {number} is {loss}"
            found[task].append(loss)
    return found
