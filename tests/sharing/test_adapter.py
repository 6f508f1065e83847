"""Low-rank adapters: what they change, how many numbers they have, and what a frozen encoder means."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from mtl_core.config.run import RunConfig
from mtl_core.engine.model import build
from mtl_core.errors import EncoderError, InvalidConfig
from mtl_core.sharing import Sharing
from tests import toy
from tests.sharing import other_encoders
from tests.toy import LAYERS, TASKS, WIDTH

HEADS = (WIDTH + 1) * (2 + 3 + 2)


def query_of(model: Sharing, task: str) -> Any:
    return model.encoder_of(task).encoder.layer[0].attention.self.query


@torch.no_grad()
def test_a_run_starts_as_hard() -> None:
    model, hard = toy.model("adapter").eval(), toy.model("hard").eval()
    for task in TASKS:
        assert torch.equal(model(task, toy.batch(model, task)), hard(task, toy.batch(hard, task)))


@pytest.mark.parametrize(
    ("where", "a_layer"),
    [
        ("attention", 2 * (2 * WIDTH)),  # queries and values: a row and a column of the width each
        ("all", 4 * (2 * WIDTH) + 2 * (WIDTH + 2 * WIDTH)),  # and keys and outputs, and both of the feed-forward part
    ],
)
def test_adapters_counted_by_hand(where: str, a_layer: int) -> None:
    model, encoder = toy.model("adapter", where=where, rank=8), toy.model("hard").counts()["shared"]
    adapters = 3 * LAYERS * 8 * a_layer
    assert model.counts() == {
        "shared": encoder,
        "task_only": adapters + HEADS,
        "frozen": 0,
        "total": encoder + adapters + HEADS,
    }
    assert sum(parameter.numel() for parameter in model.new_parameters()) == adapters + HEADS


@torch.no_grad()
def test_a_matrix_is_changed_by_the_product_of_two_thin_ones() -> None:
    model = toy.model("adapter", rank=4, alpha=8.0).eval()
    changed = query_of(model, "sst2")
    down, up = changed.lora_A["default"].weight, changed.lora_B["default"].weight
    nn.init.normal_(up)
    assert (down.shape, up.shape) == ((4, WIDTH), (WIDTH, 4))
    states = torch.randn(3, WIDTH)
    expected = changed.base_layer(states) + 8.0 / 4 * states @ (up @ down).T
    torch.testing.assert_close(changed(states), expected)
    assert torch.equal(query_of(model, "mnli")(states), changed.base_layer(states))
    assert query_of(model, "mnli").base_layer.weight is changed.base_layer.weight


def test_a_frozen_encoder_gets_no_gradient() -> None:
    model, hard = toy.model("adapter", train_encoder=False), toy.model("hard").counts()
    counts, adapters = model.counts(), 3 * LAYERS * 8 * 4 * WIDTH
    assert counts == {
        "shared": 0,
        "task_only": adapters + HEADS,
        "frozen": hard["shared"],
        "total": hard["total"] + adapters,
    }
    toy.loss(model, "sst2").backward()
    assert all(parameter.grad is None for parameter in model.encoder.parameters())  # type: ignore[union-attr]
    moved = [parameter for parameter in model.parameters_of("sst2") if parameter.grad is not None]
    assert len(moved) == LAYERS * 2 * 2 + 2
    assert model.encoder_share("sst2") == pytest.approx(adapters / 3 / (adapters / 3 + hard["shared"]))


def test_a_frozen_encoder_stays_as_it_was_while_its_adapters_learn() -> None:
    model = toy.model("adapter", ("sst2", "squad"), train_encoder=False)
    before = toy.loss(model, "sst2").item()
    kept = [parameter.clone() for parameter in model.encoder.parameters()]  # type: ignore[union-attr]
    toy.learn(model, ("sst2",), steps=15, rate=2e-2)
    assert toy.loss(model, "sst2").item() < before
    assert all(map(torch.equal, kept, model.encoder.parameters()))  # type: ignore[union-attr, arg-type]


def test_what_was_frozen_before_stays_frozen() -> None:
    encoder = toy.encoder()
    encoder.embeddings.requires_grad_(False)
    config = RunConfig(tasks=TASKS, sharing="adapter", freeze_layers=1)
    model = build(config, encoder, toy.tokenizer())
    assert not any(parameter.requires_grad for parameter in encoder.embeddings.parameters())
    assert query_of(model, "sst2").lora_A["default"].weight.requires_grad  # new, in a frozen layer
    assert not query_of(model, "sst2").base_layer.weight.requires_grad


def test_a_balancing_of_gradients_needs_something_shared_that_learns() -> None:
    config = RunConfig(
        tasks=TASKS, sharing="adapter", sharing_settings={"train_encoder": False}, schedule="joint", balancing="pcgrad"
    )
    with pytest.raises(InvalidConfig) as caught:
        build(config, toy.encoder(), toy.tokenizer())
    assert str(caught.value) == (
        "balancing: 'pcgrad' weighs the gradients of shared parameters, and here no task trains another's. "
        "Let the tasks share and train more, or use sum."
    )


def test_other_encoders_call_their_matrices_otherwise() -> None:
    with pytest.raises(EncoderError) as caught:
        other_encoders.model("adapter", "deberta")
    assert str(caught.value) == (
        "an encoder of the type 'deberta' has no queries and values of a known name. "
        "Use 'all' for where, or an encoder such as BERT."
    )
    assert other_encoders.model("adapter", "deberta", where="all").counts()["task_only"] > HEADS
    with pytest.raises(EncoderError) as caught:
        other_encoders.model("adapter", "squeezebert")
    assert str(caught.value) == (
        "an encoder of the type 'squeezebert' has no linear layers, which adapters change. Use one such as BERT."
    )
