"""What every sharing promises, over real (tiny) encoders, and what each one's source says of it."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
import torch
from torch import nn
from transformers import BertConfig, BertModel

from mtl_core import registry
from mtl_core.data.batches import Batch, Encoded, collate
from mtl_core.kinds import kind_of
from mtl_core.sharing import Sharing

TASKS = ("sst2", "mnli", "squad")
WIDTH = 16


def tiny() -> nn.Module:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50, hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32
    )
    return BertModel(config, add_pooling_layer=False)


def build(name: str, tasks: tuple[str, ...] = TASKS) -> Sharing:
    heads = {}
    for task in tasks:
        heads[task] = kind_of(registry.load("tasks", task)).head(registry.load("tasks", task), WIDTH, 0.1)
        heads[task].renew(7)
    model: Sharing = registry.load("sharing", name)(tiny(), heads)
    return model


def batch(task: str) -> Batch:
    """Eight texts of ten tokens, whose label is told by their second token."""
    draw = np.random.default_rng(1)
    tokens = draw.integers(5, 45, (8, 10)).astype(np.int32)
    labels = draw.integers(0, 2, 8)
    tokens[:, 1] = 46 + labels
    targets = np.stack([labels + 1, labels + 2], axis=1) if task == "squad" else labels[:, None]
    encoded = Encoded(
        tokens.ravel(),
        np.zeros(80, np.int32),
        np.zeros((80, 2), np.int32),
        np.arange(0, 81, 10, dtype=np.int32),
        np.arange(9, dtype=np.int32),
        targets.astype(np.int32),
    )
    return collate(encoded, np.arange(8, dtype=np.int32), 0)


def loss_of(model: Sharing, task: str) -> torch.Tensor:
    return kind_of(registry.load("tasks", task)).loss(model(task, batch(task)), batch(task))


@pytest.mark.parametrize("name", registry.names("sharing"))
class TestContract:
    def test_every_task_gives_a_finite_loss_and_a_gradient(self, name: str) -> None:
        model = build(name)
        for task in TASKS:
            model.zero_grad()
            loss = loss_of(model, task)
            loss.backward()
            assert torch.isfinite(loss)
            touched = [p for p in model.parameters_of(task) if p.grad is not None and p.grad.abs().sum() > 0]
            assert len(touched) > 10

    def test_a_step_of_one_task_leaves_the_others_layers_alone(self, name: str) -> None:
        model = build(name)
        loss_of(model, "sst2").backward()
        mine = set(model.parameters_of("sst2"))
        others = [p for p in model.parameters() if p not in mine]
        assert others
        assert all(p.grad is None for p in others)

    def test_counts_add_up(self, name: str) -> None:
        model = build(name)
        counts = model.counts()
        assert counts["total"] == sum(p.numel() for p in model.parameters())
        assert counts["shared"] + counts["task_only"] == counts["total"]
        assert build(name, ("sst2",)).counts()["shared"] == 0

    def test_it_learns_two_toy_tasks(self, name: str) -> None:
        model = build(name, ("sst2", "squad")).train()
        optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
        for _ in range(40):
            for task in ("sst2", "squad"):
                optimiser.zero_grad()
                loss_of(model, task).backward()
                optimiser.step()
        model.eval()
        assert loss_of(model, "sst2") < 0.1
        assert loss_of(model, "squad") < 0.3

    def test_its_weights_come_back(self, name: str) -> None:
        model, other = build(name).eval(), build(name).eval()
        for parameter in model.parameters():
            nn.init.normal_(parameter, std=0.1)
        other.load_state_dict(deepcopy(model.state_dict()))
        for task in TASKS:
            assert torch.equal(model(task, batch(task)), other(task, batch(task)))


def test_hard_shares_the_encoder_and_nothing_else() -> None:
    model = build("hard")
    encoder = sum(p.numel() for p in tiny().parameters())
    assert model.counts()["shared"] == encoder
    assert model.counts()["task_only"] == (WIDTH + 1) * (2 + 3 + 2)


def test_single_shares_nothing() -> None:
    model = build("single")
    encoder = sum(p.numel() for p in tiny().parameters())
    assert model.counts()["shared"] == 0
    assert model.counts()["total"] == 3 * encoder + (WIDTH + 1) * (2 + 3 + 2)


def test_all_encoders_of_single_start_alike() -> None:
    model = build("single").eval()
    states = [model.encoder_of(task).state_dict() for task in TASKS]
    assert all(torch.equal(states[0][key], other[key]) for other in states[1:] for key in other)
