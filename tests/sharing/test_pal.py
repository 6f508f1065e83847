"""Projected attention layers: what they add, how many numbers they have, and that at zero they are not there."""

from __future__ import annotations

import math
from typing import cast

import pytest
import torch
from torch import nn

from mtl_core.config.run import RunConfig
from mtl_core.encoders.layers import layers_of
from mtl_core.engine.model import build, prepare_training
from mtl_core.errors import EncoderError, InvalidConfig
from mtl_core.sharing import Sharing
from mtl_core.sharing.pal import LayerWithPal, SmallAttention
from tests import toy
from tests.sharing import other_encoders
from tests.toy import LAYERS, TASKS, WIDTH

SIZE = 12
SMALL = {"size": SIZE, "attention_heads": 3}


def layer_of(model: Sharing, task: str, place: int) -> LayerWithPal:
    return cast(LayerWithPal, layers_of(model.encoder_of(task))[place])


@pytest.mark.parametrize("twice", [False, True])
def test_at_zero_outputs_and_gradients_are_those_of_hard(twice: bool) -> None:
    model, hard = toy.model("pal", dropout=0.0, **SMALL), toy.model("hard", dropout=0.0)
    prepare_training(model.train(), RunConfig(tasks=TASKS, gradient_checkpointing=twice), torch.device("cpu"))
    for task in TASKS:
        assert layer_of(model, task, 0).up.weight.abs().sum() == 0
        assert torch.equal(model(task, toy.batch(model, task)), hard(task, toy.batch(hard, task)))
        toy.loss(model, task).backward()
        toy.loss(hard, task).backward()
    own, theirs = (dict(one.named_parameters()) for one in (cast(nn.Module, model.encoder), hard.encoder_of("sst2")))
    for path, parameter in theirs.items():
        torch.testing.assert_close(own[path].grad, parameter.grad)


def test_a_task_adds_two_projections_and_three_small_matrices_a_layer() -> None:
    model, hard = toy.model("pal", **SMALL), toy.model("hard").counts()
    each = 2 * WIDTH * SIZE + LAYERS * 3 * SIZE**2
    assert model.counts() == {
        "shared": hard["shared"],
        "task_only": hard["task_only"] + 3 * each,
        "frozen": 0,
        "total": hard["total"] + 3 * each,
    }
    assert sum(parameter.numel() for parameter in model.new_parameters()) == hard["task_only"] + 3 * each


def test_projections_are_the_same_at_all_layers_and_a_tasks_own() -> None:
    model = toy.model("pal", **SMALL)
    lower, upper, other = layer_of(model, "sst2", 0), layer_of(model, "sst2", 1), layer_of(model, "mnli", 0)
    assert lower.down.weight is upper.down.weight
    assert lower.up.weight is upper.up.weight
    assert lower.attention.query.weight is not upper.attention.query.weight
    assert lower.down.weight is not other.down.weight
    assert lower.layer.output.dense.weight is other.layer.output.dense.weight


def test_attention_by_hand() -> None:
    """Two tokens, two heads of one feature, all matrices the identity."""
    attention = SmallAttention(2, heads=2)
    for part in (attention.query, attention.key, attention.value):
        nn.init.eye_(part.weight)
    states = torch.tensor([[[1.0, 0.0], [2.0, 1.0]]])
    first = math.exp(1.0 * 2.0) / (math.exp(1.0 * 1.0) + math.exp(1.0 * 2.0))  # token 1 looks at token 2, head 1
    expected = [(1 - first) * 1.0 + first * 2.0, 0.5 * 0.0 + 0.5 * 1.0]
    assert attention(states, None)[0, 0].tolist() == pytest.approx(expected)
    shut = torch.tensor([[[[True, False]]]])
    assert attention(states, shut)[0, 0].tolist() == pytest.approx([1.0, 0.0])


@torch.no_grad()
def test_it_is_added_before_the_layers_last_normalisation() -> None:
    model = toy.model("pal", **SMALL).eval()
    beside = layer_of(model, "sst2", 0)
    nn.init.normal_(beside.up.weight)
    states = torch.randn(2, 5, WIDTH)
    bert = beside.layer
    attended, _ = bert.attention(states, None)
    added = beside.up(beside.attention(beside.down(states), None))
    expected = bert.output.LayerNorm(bert.output.dense(bert.intermediate(attended)) + attended + added)
    torch.testing.assert_close(beside(states, None), expected)
    assert not torch.allclose(expected, bert(states, None))  # and the layer itself is left as it was


def test_what_one_task_adds_another_does_not_feel() -> None:
    model = toy.model("pal", **SMALL).eval()
    batches = {task: toy.batch(model, task) for task in ("sst2", "mnli")}
    before = {task: model(task, batch) for task, batch in batches.items()}
    with torch.no_grad():
        nn.init.normal_(layer_of(model, "sst2", 0).up.weight)
    assert not torch.allclose(model("sst2", batches["sst2"]), before["sst2"])
    assert torch.equal(model("mnli", batches["mnli"]), before["mnli"])


def test_heads_that_do_not_divide_the_size_are_refused() -> None:
    words = "size is 100, which 12 heads can't share out equally. Use 96."
    with pytest.raises(ValueError, match=f"^{words}$"):
        toy.model("pal", size=100)
    config = RunConfig(tasks=TASKS, sharing="pal", sharing_settings={"size": 100})
    with pytest.raises(InvalidConfig) as caught:
        build(config, toy.encoder(), toy.tokenizer())
    assert str(caught.value) == f"sharing_settings: {words}"


@pytest.mark.parametrize("make", ["roberta-prelayernorm", "deberta"])
def test_encoders_whose_layers_end_in_something_else_are_refused(make: str) -> None:
    with pytest.raises(EncoderError) as caught:
        other_encoders.model("pal", make)
    words = "has layers that do not end in a LayerNorm, where this method adds its own. Use one such as BERT."
    assert str(caught.value) == f"an encoder of the type '{make}' {words}"
