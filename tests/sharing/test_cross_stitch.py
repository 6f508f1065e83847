"""Streams and the weights that mix them, by hand."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from mtl_core.config.run import RunConfig, parse
from mtl_core.encoders.layers import depths
from mtl_core.engine.model import prepare_training
from mtl_core.engine.optimiser import adamw
from mtl_core.errors import EncoderError
from mtl_core.sharing.cross_stitch import CrossStitch, StitchedLayer
from tests import toy
from tests.sharing import other_encoders
from tests.toy import LAYERS, TASKS

STITCHED = {"tasks": TASKS, "sharing": "cross_stitch"}


class Times(nn.Module):
    """A layer of one number."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(factor))

    def forward(self, states: torch.Tensor, shift: float = 0.0) -> torch.Tensor:
        return states * self.factor + shift


def model(**settings: float) -> CrossStitch:
    made = toy.model("cross_stitch", dropout=0.0, **settings)
    assert isinstance(made, CrossStitch)
    return made


def test_a_layers_outputs_are_mixed_by_its_weights() -> None:
    layer = StitchedLayer({"a": Times(2.0), "b": Times(3.0)}, own=0.9)
    states = (torch.ones(1, 1, 1), torch.full((1, 1, 1), 9.0))
    first, second = layer(states, [((), {}), ((3.0,), {})])  # 2 * 1 = 2 and 3 * 9 + 3 = 30
    assert first.item() == pytest.approx(0.9 * 2 + 0.1 * 30)
    assert second.item() == pytest.approx(0.1 * 2 + 0.9 * 30)
    first.backward()
    assert layer.mixing.grad is not None
    assert layer.mixing.grad.tolist() == [[2.0, 30.0], [0.0, 0.0]]


def test_what_is_not_a_tasks_own_is_shared_out_equally() -> None:
    mixing = model().mixing()
    assert len(mixing) == LAYERS
    for weights in mixing:
        expected = [[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]]
        torch.testing.assert_close(weights.detach(), torch.tensor(expected))


@pytest.mark.parametrize("twice", [False, True])
def test_at_identity_outputs_and_gradients_are_those_of_single_models(twice: bool) -> None:
    stitched, single = model(own=1.0), toy.model("single", dropout=0.0)
    prepare_training(stitched.train(), RunConfig(tasks=TASKS, gradient_checkpointing=twice), torch.device("cpu"))
    for task in TASKS:
        batch = toy.batch(single, task)
        assert torch.equal(stitched(task, batch), single(task, batch))
        toy.loss(stitched, task).backward()
        toy.loss(single, task).backward()
    mine = dict(stitched.encoder_of("sst2").named_parameters())
    for task in TASKS:
        for path, parameter in single.encoder_of(task).named_parameters():
            stream = f"starts.{task}.{path}"
            if path.startswith("encoder.layer."):
                number, _, rest = path.removeprefix("encoder.layer.").partition(".")
                stream = f"layer.{number}.streams.{task}.{rest}"
            torch.testing.assert_close(mine[stream].grad, parameter.grad, atol=1e-7, rtol=1e-5)


def test_every_stream_learns_from_every_task() -> None:
    stitched = model()
    assert stitched.counts()["task_only"] == sum(parameter.numel() for parameter in stitched.heads.parameters())
    toy.loss(stitched, "sst2").backward()
    shared = stitched.shared_parameters()
    assert all(parameter.grad is not None for parameter in shared)
    assert all(weights.grad is not None and weights.grad[0].abs().min() > 0 for weights in stitched.mixing())


def test_a_last_layer_mixes_for_its_own_reader_alone() -> None:
    stitched = model()
    toy.loss(stitched, "mnli").backward()
    last = stitched.mixing()[-1].grad
    assert last is not None
    assert last[0].abs().sum() == last[2].abs().sum() == 0
    assert last[1].abs().min() > 0


def test_mixing_weights_are_new_and_belong_to_their_layers() -> None:
    stitched = model()
    new = set(stitched.new_parameters())
    assert {*stitched.mixing(), *stitched.heads.parameters()} == new
    depth_of = depths(stitched.encoder_of("squad"))
    assert [depth_of[weights] for weights in stitched.mixing()] == [1, 2]
    assert sum(depth == 0 for depth in depth_of.values()) == 3 * 5  # each encoder's embeddings


def test_one_task_is_its_own_stream() -> None:
    alone = toy.model("cross_stitch", ("sst2",), dropout=0.0)
    batch = toy.batch(alone, "sst2")
    assert torch.equal(alone("sst2", batch), toy.model("hard", ("sst2",), dropout=0.0)("sst2", batch))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        ("roberta-prelayernorm", "does more than its layers do, so they can't be stitched to another's"),
        ("squeezebert", "does not call its layers one after the other"),
        ("albert", "has no list of layers to work on"),
    ],
)
def test_encoders_whose_layers_can_not_be_stitched_are_refused(make: str, words: str) -> None:
    with pytest.raises(EncoderError) as caught:
        other_encoders.model("cross_stitch", make)
    assert str(caught.value) == f"an encoder of the type '{make}' {words}. Use one such as BERT."


def test_mixing_weights_have_a_rate_of_their_own() -> None:
    """Times the rate of heads; a stored config without the setting has one rate for both, as it had."""
    for asked, times in ((RunConfig.model_validate(STITCHED), 1.0), (parse(STITCHED), 100.0)):
        made = model(**asked.sharing_settings)
        optimiser = adamw(made, asked.model_copy(update={"head_rate": 2 * asked.learning_rate}))
        factors = {one: group["factor"] for group in optimiser.param_groups for one in group["params"]}
        assert {factors[one] for one in made.heads.parameters()} == {2.0}
        assert {factors[one] for one in made.mixing()} == {2.0 * times}
        assert {factors[one] for one in made.parameters()} == {1.0, 2.0, 2.0 * times}
    assert len(adamw(model(), RunConfig.model_validate(STITCHED)).param_groups) == 2, "decayed and not, as before"


def test_mixing_weights_move_with_it() -> None:
    """Forty steps on toy tasks; their rate is a hundred times the encoder's."""
    moved = {}
    for rate in (1.0, 100.0):
        ready = toy.session(
            tasks=("sst2", "mnli"), sharing="cross_stitch", sharing_settings={"mixing_rate": rate}, epochs=20,
            learning_rate=1e-4,
        )  # fmt: skip
        before = [weights.detach().clone() for weights in ready.model.mixing()]
        toy.losses(ready)
        moved[rate] = max(
            float((now.detach() - old).abs().max()) for now, old in zip(ready.model.mixing(), before, strict=True)
        )
    assert moved[1.0] < 0.01 < 0.1 < moved[100.0]
