"""What every sharing promises, over a real (tiny) encoder."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from mtl_core import registry
from mtl_core.engine.checkpoints import put_weights, weights_of
from mtl_core.sharing import Sharing
from tests import toy
from tests.toy import TASKS, WIDTH


@pytest.mark.parametrize("name", registry.names("sharing"))
class TestContract:
    def test_every_task_gives_a_finite_loss_and_a_gradient(self, name: str) -> None:
        model = toy.model(name)
        for task in TASKS:
            model.zero_grad()
            loss = toy.loss(model, task)
            loss.backward()
            assert torch.isfinite(loss)
            touched = [p for p in model.parameters_of(task) if p.grad is not None and p.grad.abs().sum() > 0]
            assert len(touched) > 10

    def test_a_step_of_one_task_leaves_the_others_layers_alone(self, name: str) -> None:
        model = toy.model(name)
        toy.loss(model, "sst2").backward()
        mine = set(model.parameters_of("sst2"))
        others = [p for p in model.parameters() if p not in mine]
        assert all(p.grad is None for p in others)

    def test_counts_add_up(self, name: str) -> None:
        model = toy.model(name)
        counts = model.counts()
        assert counts["total"] == sum(p.numel() for p in model.parameters())
        assert counts["shared"] + counts["task_only"] + counts["frozen"] == counts["total"]
        assert model.shares == (counts["shared"] > 0)
        assert all(0 <= model.encoder_share(task) <= 1 for task in TASKS)

    def test_what_is_new_is_no_pretrained_weight(self, name: str) -> None:
        model, pretrained = toy.model(name), [p for p in toy.encoder().parameters() if p.ndim > 1]
        for new in model.new_parameters():
            assert not any(new.shape == old.shape and torch.equal(new, old) for old in pretrained)

    @torch.no_grad()
    def losses(self, model: Sharing) -> list[float]:
        return [float(toy.loss(model, task)) for task in ("sst2", "squad")]

    def test_it_learns_two_toy_tasks(self, name: str) -> None:
        model = toy.model(name, ("sst2", "squad"))
        before = self.losses(model)
        toy.learn(model, ("sst2", "squad"))
        after = self.losses(model)
        assert all(b < a / 3 for a, b in zip(before, after, strict=True)), (before, after)

    def test_its_weights_come_back(self, name: str) -> None:
        model, other = toy.model(name).eval(), toy.model(name).eval()
        for parameter in model.parameters():
            nn.init.normal_(parameter, std=0.1)
        kept = {key: tensor.clone() for key, tensor in weights_of(model).items()}
        put_weights(other, kept, "here")
        for task in TASKS:
            assert torch.equal(model(task, toy.batch(model, task)), other(task, toy.batch(other, task)))


def test_hard_shares_the_encoder_and_nothing_else() -> None:
    model = toy.model("hard")
    encoder = sum(p.numel() for p in toy.encoder().parameters())
    assert model.counts() == {
        "shared": encoder,
        "task_only": (WIDTH + 1) * (2 + 3 + 2),
        "frozen": 0,
        "total": encoder + (WIDTH + 1) * (2 + 3 + 2),
    }
    assert model.encoder_share("sst2") == 1.0


def test_single_shares_nothing() -> None:
    model = toy.model("single")
    encoder = sum(p.numel() for p in toy.encoder().parameters())
    assert model.counts()["shared"] == 0
    assert model.counts()["total"] == 3 * encoder + (WIDTH + 1) * (2 + 3 + 2)


def test_all_encoders_of_single_start_alike() -> None:
    model = toy.model("single")
    states = [model.encoder_of(task).state_dict() for task in TASKS]
    assert all(torch.equal(states[0][key], other[key]) for other in states[1:] for key in other)
