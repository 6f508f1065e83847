"""The trunk that tasks share, counted by hand."""

from __future__ import annotations

import pytest
import torch

from mtl_core.encoders.layers import depths
from mtl_core.errors import EncoderError
from tests import toy
from tests.sharing import other_encoders
from tests.toy import LAYERS, TASKS, WIDTH

HEADS = (WIDTH + 1) * (2 + 3 + 2)
EMBEDDINGS = (30522 + 64 + 2 + 2) * WIDTH
"""Words, positions, types; scale and shift of the normalisation."""
ATTENTION = 4 * (WIDTH + 1) * WIDTH + 2 * WIDTH
FEED_FORWARD = (WIDTH + 1) * 2 * WIDTH + (2 * WIDTH + 1) * WIDTH + 2 * WIDTH
LAYER = ATTENTION + FEED_FORWARD


def test_one_layer_and_the_embeddings_are_shared_and_no_more() -> None:
    model = toy.model("branch", layers=1)
    counts = {"shared": EMBEDDINGS + LAYER, "task_only": 3 * LAYER + HEADS, "frozen": 0}
    assert model.counts() == {**counts, "total": EMBEDDINGS + 4 * LAYER + HEADS}
    trunks = [set(model.encoder_of(task).parameters()) for task in TASKS]
    assert {depths(model.encoder_of("mnli"))[one] for one in set.intersection(*trunks)} == {0, 1}


def test_no_layer_is_single() -> None:
    model, single = toy.model("branch", layers=0, dropout=0.0), toy.model("single", dropout=0.0)
    assert model.counts() == single.counts()
    assert model.counts()["shared"] == 0
    toy.learn(model, TASKS, steps=2)
    toy.learn(single, TASKS, steps=2)
    for task in TASKS:
        pairs = zip(model.parameters_of(task), single.parameters_of(task), strict=True)
        assert all(torch.equal(mine, its) for mine, its in pairs)


@pytest.mark.parametrize("layers", [LAYERS, LAYERS + 10])
def test_all_layers_are_hard(layers: int) -> None:
    model, hard = toy.model("branch", layers=layers, dropout=0.0), toy.model("hard", dropout=0.0)
    assert model.counts() == hard.counts()
    toy.learn(model, TASKS, steps=2)
    toy.learn(hard, TASKS, steps=2)
    for task in TASKS:
        pairs = zip(model.parameters_of(task), hard.parameters_of(task), strict=True)
        assert all(torch.equal(mine, its) for mine, its in pairs)


def test_copies_start_alike() -> None:
    states = [toy.model("branch", layers=1).encoder_of(task).state_dict() for task in TASKS]
    assert all(torch.equal(states[0][key], other[key]) for other in states[1:] for key in other)


def test_a_step_of_one_task_moves_the_trunk_and_its_own_branch() -> None:
    model = toy.model("branch", layers=1)
    toy.loss(model, "sst2").backward()
    for task, above in (("sst2", True), ("mnli", False)):
        for parameter, depth in depths(model.encoder_of(task)).items():
            assert (parameter.grad is not None) == (above or depth < 2)


def test_positions_that_all_layers_read_belong_to_the_trunk() -> None:
    model = other_encoders.model("branch", "mpnet", layers=1)
    tables = [model.encoder_of(task).encoder.relative_attention_bias.weight for task in TASKS]
    assert tables[0] is tables[1] is tables[2]


def test_an_encoder_without_a_list_of_layers_is_refused() -> None:
    with pytest.raises(EncoderError) as caught:
        other_encoders.model("branch", "albert")
    words = "an encoder of the type 'albert' has no list of layers to work on. Use one such as BERT."
    assert str(caught.value) == words
