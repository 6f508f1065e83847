"""Toy tasks of both kinds over a tiny real BERT: what the contract tests of methods train on, in milliseconds."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from mtl_core import encoders, registry
from mtl_core.data.batches import Batch, collate
from mtl_core.data.examples import Answer, Example
from mtl_core.kinds import HeadShape, Lengths
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
    """Eight examples whose answers stand in their texts."""
    if task == "squad":
        return [
            Example(f"q{n}", ("Who wrote it?", f"We know that {name} wrote it."), (Answer(name, 13),))
            for n, name in enumerate(NAMES)
        ]
    texts = [f"{name} saw a film so {ADJECTIVES[n % 2]}." for n, name in enumerate(NAMES)]
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
