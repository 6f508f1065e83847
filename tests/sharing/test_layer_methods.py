"""What all methods promise that work on an encoder's layers: on any make of encoder, and without a memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from mtl_core import registry
from mtl_core.config.run import RunConfig
from mtl_core.encoders.layers import depths, layers_of
from mtl_core.engine import methods
from mtl_core.engine.model import prepare_training
from mtl_core.sharing import Sharing
from tests import toy
from tests.sharing import other_encoders
from tests.toy import TASKS

METHODS: dict[str, dict[str, Any]] = {
    "branch": {"layers": 1},
    "soft": {"layers": 1},
    "cross_stitch": {"own": 1.0},
    "pal": {"size": 12, "attention_heads": 3},
    "adapter": {},
}
ENCODERS = ("roberta", "distilbert", "electra", "mpnet")


@pytest.mark.parametrize("make", ENCODERS)
@pytest.mark.parametrize("name", METHODS)
class TestOtherEncoders:
    @torch.no_grad()
    def test_a_run_starts_as_plain_fine_tuning(self, name: str, make: str) -> None:
        model, plain = other_encoders.model(name, make, **METHODS[name]), other_encoders.model("hard", make)
        for task in TASKS:
            batch = toy.batch(model, task)
            assert torch.equal(model.eval()(task, batch), plain.eval()(task, batch))

    def test_a_step_moves_every_layer(self, name: str, make: str) -> None:
        model = other_encoders.model(name, make, **METHODS[name])
        toy.loss(model, "sst2").backward()
        encoder = model.encoder_of("sst2")
        assert len(layers_of(encoder)) == other_encoders.LAYERS
        moved = {
            depth
            for parameter, depth in depths(encoder).items()
            if parameter.grad is not None and parameter.grad.isfinite().all() and parameter.grad.abs().sum() > 0
        }
        assert moved == {0, 1, 2, 3}

    @torch.no_grad()
    def test_padding_is_shut_out(self, name: str, make: str) -> None:
        model = other_encoders.model(name, make, **METHODS[name]).eval()
        for parameter in model.new_parameters():
            nn.init.normal_(parameter, std=0.1)
        batch = toy.batch(model, "squad")
        fill = model.encoder_of("squad").config.pad_token_id
        wider = replace(
            batch,
            input_ids=padded(batch.input_ids, fill),
            attention_mask=padded(batch.attention_mask, 0),
            token_type_ids=None if batch.token_type_ids is None else padded(batch.token_type_ids, 0),
        )
        states, length = model.states("squad", batch), batch.input_ids.shape[1]
        torch.testing.assert_close(model.states("squad", wider)[:, :length], states, atol=1e-5, rtol=1e-5)


def padded(tensor: Tensor, fill: int) -> Tensor:
    return torch.cat([tensor, tensor.new_full((len(tensor), 5), fill)], dim=1)


@pytest.mark.parametrize("name", METHODS)
def test_all_tasks_may_go_forward_before_any_goes_back_each_layer_computed_twice(name: str) -> None:
    one_by_one, together = toy.model(name), toy.model(name)
    for model in (one_by_one, together):
        move_what_starts_at_zero(model)
    prepare_training(one_by_one.train(), RunConfig(tasks=TASKS), torch.device("cpu"))
    prepare_training(together.train(), RunConfig(tasks=TASKS, gradient_checkpointing=True), torch.device("cpu"))
    torch.manual_seed(5)
    for task in TASKS:
        toy.loss(one_by_one.train(), task).backward()
    torch.manual_seed(5)
    torch.stack([toy.loss(together, task) for task in TASKS]).sum().backward()
    pairs = zip(one_by_one.parameters(), together.parameters(), strict=True)
    for left, right in pairs:
        assert (left.grad is None) == (right.grad is None)
        if left.grad is not None:
            torch.testing.assert_close(left.grad, right.grad, atol=1e-6, rtol=1e-4)


@torch.no_grad()
def move_what_starts_at_zero(model: Sharing) -> None:
    draws = torch.Generator().manual_seed(3)
    for parameter in model.new_parameters():
        parameter += torch.randn(parameter.shape, generator=draws) * 0.1


@pytest.mark.parametrize(
    ("name", "layers", "linked"),
    [
        ("branch", (1, 1, 1, 1, 0, 0, 0), False),
        ("soft", (0,) * 7, True),
        ("cross_stitch", (0,) * 7, True),
        ("pal", (1, 0.94, 0.98, 0.98, 0.98, 0.98, 0.98), False),
        ("adapter", (1,) * 7, False),
    ],
)
def test_what_the_form_draws_as_shared(name: str, layers: tuple[float, ...], linked: bool) -> None:
    drawn = methods.drawing(registry.load("sharing", name))
    assert tuple(round(part, 2) for part in drawn["layers"]) == layers
    assert drawn["linked"] == linked
