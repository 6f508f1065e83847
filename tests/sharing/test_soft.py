"""The tie between encoders, by hand."""

from __future__ import annotations

import pytest
import torch

from mtl_core.encoders.layers import depths
from mtl_core.errors import EncoderError
from mtl_core.sharing import Sharing
from tests import toy
from tests.sharing import other_encoders
from tests.toy import TASKS, WIDTH


def moved(**settings: float) -> Sharing:
    """sst2's encoder stands 0.5 away from the others in each of its embeddings' shifts."""
    model = toy.model("soft", **settings)
    with torch.no_grad():
        model.encoder_of("sst2").embeddings.LayerNorm.bias.add_(0.5)
    return model


def penalty(model: Sharing, *tasks: str) -> float:
    found = model.penalty(tasks)
    assert found is not None
    return found.item()


def test_the_penalty_is_the_weighted_squared_distance_from_all_others() -> None:
    model = moved(weight=0.01)
    distance = WIDTH * 0.5**2
    assert penalty(model, "sst2") == pytest.approx(0.01 * 2 * distance)  # from mnli and from squad
    assert penalty(model, "mnli") == pytest.approx(0.01 * distance)
    assert penalty(model, "sst2", "mnli") == pytest.approx(0.01 * 3 * distance)


def test_it_pulls_a_steps_tasks_and_holds_the_others_still() -> None:
    model = moved(weight=0.01)
    found = model.penalty(("sst2",))
    assert found is not None
    found.backward()
    pull = model.encoder_of("sst2").embeddings.LayerNorm.bias.grad
    torch.testing.assert_close(pull, torch.full((WIDTH,), 0.01 * 2 * 0.5 * 2))
    for other in ("mnli", "squad"):
        assert all(parameter.grad is None for parameter in model.encoder_of(other).parameters())


def test_both_tasks_of_a_step_move_as_if_their_distance_counted_once() -> None:
    model = moved(weight=0.01)
    found = model.penalty(("sst2", "mnli"))
    assert found is not None
    found.backward()
    pull = model.encoder_of("mnli").embeddings.LayerNorm.bias.grad
    torch.testing.assert_close(pull, torch.full((WIDTH,), -0.01 * 2 * 0.5))


def test_all_encoders_start_at_no_distance() -> None:
    assert penalty(toy.model("soft"), *TASKS) == 0.0


def test_the_lower_layers_alone_can_be_tied() -> None:
    model = toy.model("soft", weight=1.0, layers=1)
    with torch.no_grad():
        for parameter, depth in depths(model.encoder_of("sst2")).items():
            parameter.add_(0.5 if depth == 2 else 0.0)
    assert penalty(model, "sst2") == 0.0
    with torch.no_grad():
        model.encoder_of("sst2").encoder.layer[0].output.LayerNorm.bias.add_(0.5)
    assert penalty(model, "sst2") == pytest.approx(2 * WIDTH * 0.5**2)


def test_weight_0_is_single() -> None:
    model, single = toy.model("soft", weight=0.0, dropout=0.0), toy.model("single", dropout=0.0)
    assert model.penalty(TASKS) is None
    assert model.counts() == single.counts()
    toy.learn(model, TASKS, steps=2)
    toy.learn(single, TASKS, steps=2)
    assert all(torch.equal(mine, its) for mine, its in zip(model.parameters(), single.parameters(), strict=True))


def test_one_task_has_nobody_to_be_near() -> None:
    assert toy.model("soft", ("sst2",)).penalty(("sst2",)) is None


def test_a_stronger_tie_keeps_encoders_nearer() -> None:
    distances = []
    for weight in (0.0, 1.0):
        model = toy.model("soft", ("sst2", "mnli"), weight=weight, dropout=0.0)
        plain = torch.optim.SGD(model.parameters(), lr=0.1)
        for step in range(10):
            task = ("sst2", "mnli")[step % 2]
            plain.zero_grad()
            penalty = model.penalty((task,))
            (toy.loss(model, task) + (0.0 if penalty is None else penalty)).backward()
            plain.step()
        pairs = zip(model.encoder_of("sst2").parameters(), model.encoder_of("mnli").parameters(), strict=True)
        distances.append(sum((a - b).square().sum().item() for a, b in pairs))
    assert distances[1] < distances[0] / 2


def test_the_whole_of_any_encoder_can_be_tied_but_layers_must_be_there() -> None:
    assert other_encoders.model("soft", "albert").penalty(("sst2",)) is not None
    with pytest.raises(EncoderError) as caught:
        other_encoders.model("soft", "albert", layers=1)
    words = "an encoder of the type 'albert' has no list of layers to work on. Use one such as BERT."
    assert str(caught.value) == words
