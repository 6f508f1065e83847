"""Every sharing with tasks of every kind: it takes one, and learns it, or says why not."""

from __future__ import annotations

import pytest
import torch

from mtl_core import registry
from mtl_core.engine.checkpoints import put_weights, weights_of
from mtl_core.errors import InvalidConfig
from mtl_core.kinds._model import Lengths
from tests import toy

OTHERS = ("copa", "conll2003")
ASKED_OTHERWISE = ("span", "pointer", "coattention")


REFUSED = [(name, task) for name in ("span", "pointer") for task in ("copa", "conll2003")]
TAKEN = [(name, task) for name in registry.names("sharing") for task in OTHERS if (name, task) not in REFUSED]
TAKEN += [(name, task) for name in ASKED_OTHERWISE for task in ("squad_v2", "wic")]


@pytest.mark.parametrize(("name", "task"), TAKEN)
def test_a_task_is_learnt(name: str, task: str) -> None:
    model = toy.model(name, ("sst2", task))
    with torch.no_grad():
        before = float(toy.loss(model.eval(), task))
    toy.learn(model, ("sst2", task), steps=50, rate=2e-3)
    with torch.no_grad():
        after = float(toy.loss(model, task))
    assert after < 0.7 * before, (before, after)


@pytest.mark.parametrize(("name", "task"), REFUSED)
def test_a_task_is_refused_with_the_reason(name: str, task: str) -> None:
    with pytest.raises(InvalidConfig, match=r"can't be answered .*: it.* Use hard, or leave the task out\.$"):
        toy.model(name, ("sst2", task))


@pytest.mark.parametrize("name", ["hard", "coattention", "span"])
def test_the_chosen_number_is_stored_with_the_weights(name: str) -> None:
    task = registry.load("tasks", "squad_v2")
    model, other = toy.model(name, ("sst2", "squad_v2")), toy.model(name, ("sst2", "squad_v2"))
    for one in (model, other):
        one.make_room_for_tuned("squad_v2")
    model.keep_tuned("squad_v2", 1.5)
    put_weights(other, weights_of(model), "here")
    batch = toy.batch(model.eval(), "squad_v2")
    encoded = model.kind_of(task).encode(task, toy.examples("squad_v2"), toy.tokenizer(), Lengths(32, 8))
    with torch.no_grad():
        summaries = model.kind_of(task).summarise(model("squad_v2", batch), batch).numpy()
    said = [
        [one.prediction for one in kind.decode(task, toy.examples("squad_v2"), encoded, summaries)]
        for kind in (model.answering(task), other.answering(task), model.kind_of(task).with_tuned(1.5))
    ]
    assert said[0] == said[1] == said[2]
