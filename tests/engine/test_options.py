"""The engine's options do what their names say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from mtl_core import encoders
from mtl_core.config.run import RunConfig, parse
from mtl_core.encoders.layers import depths, layers_of, view
from mtl_core.engine.events import Evaluated, Event, Finished, Preparing, StepDone
from mtl_core.engine.loop import train
from mtl_core.engine.model import build
from mtl_core.engine.optimiser import adamw, set_rate
from mtl_core.errors import EncoderError
from tests import toy


def config(encoder: Path, **values: Any) -> RunConfig:
    small = {"tasks": "sst2,squad", "train_limit": 32, "eval_limit": 8, "selection_limit": 6, "batch_size": 8}
    return parse({"encoder": str(encoder), "max_length": 48, "learning_rate": 1e-3, **small, **values})


def events(asked: RunConfig, folder: Path, cache: Path) -> list[Event]:
    return list(train(asked, folder, cache=cache))


def losses(found: list[Event]) -> list[float]:
    return [event.step.loss for event in found if isinstance(event, StepDone)]


def test_every_layer_has_the_rate_that_its_depth_asks_for(encoder: Path) -> None:
    asked = config(encoder, layer_decay=0.5, head_rate=0.01)
    model = build(asked, encoders.load_encoder(str(encoder)), toy.tokenizer())
    optimiser = adamw(model, asked)
    plain = set_rate(optimiser, 5, 10, asked)
    rate_of = {parameter: group["lr"] for group in optimiser.param_groups for parameter in group["params"]}
    for parameter, depth in depths(model.encoder_of("sst2")).items():
        assert rate_of[parameter] == pytest.approx(plain * 0.5 ** (2 - depth)), "two layers over the embeddings"
    for parameter in model.heads.parameters():
        assert rate_of[parameter] == pytest.approx(plain * 10), "head_rate is ten times the learning rate"
    decayed = {p for group in optimiser.param_groups if group["weight_decay"] for p in group["params"]}
    assert decayed == {p for p in model.parameters() if p.ndim > 1}


def test_frozen_layers_stay_as_they_were(encoder: Path, cache: Path, tmp_path: Path) -> None:
    events(config(encoder, freeze_layers=1), tmp_path, cache)
    before, after = load_file(encoder / "model.safetensors"), load_file(tmp_path / "best" / "model.safetensors")
    for name, tensor in before.items():
        stays = name.startswith(("embeddings.", "encoder.layer.0."))
        assert torch.equal(after[f"encoder.{name}"], tensor) == stays, name


def test_computing_layers_twice_changes_no_number(encoder: Path, cache: Path, tmp_path: Path) -> None:
    plain = events(config(encoder), tmp_path / "plain", cache)
    twice = events(config(encoder, gradient_checkpointing=True), tmp_path / "twice", cache)
    assert losses(plain) == losses(twice)
    names = [load_file(tmp_path / way / "best" / "model.safetensors") for way in ("plain", "twice")]
    assert all(torch.equal(names[0][key], names[1][key]) for key in names[0])


def test_it_ends_early_when_the_selection_split_gets_no_better(encoder: Path, cache: Path, tmp_path: Path) -> None:
    found = events(config(encoder, early_stopping=2, eval_every=1, epochs=6, learning_rate=0.02), tmp_path, cache)
    mean: dict[int, float] = {}
    for event in found:
        if isinstance(event, Evaluated):
            mean[event.step] = mean.get(event.step, 0.0) + event.scores["loss"] / 2
    last = max(mean)
    assert last < 48
    assert min(mean, key=mean.__getitem__) == last - 2
    said = [event.what for event in found if isinstance(event, Preparing)]
    assert "ending early: the validation split has not become better in 2 scores" in said
    assert isinstance(found[-1], Finished)
    assert (found[-1].state, found[-1].step) == ("finished", last)


@pytest.mark.parametrize("values", [{"head_layers": 2}, {"pooling": "mean"}])
def test_other_heads_train(encoder: Path, cache: Path, tmp_path: Path, values: dict[str, Any]) -> None:
    found = events(config(encoder, **values), tmp_path, cache)
    assert isinstance(found[-1], Finished)
    sizes = {name: tensor.shape for name, tensor in load_file(tmp_path / "best" / "model.safetensors").items()}
    hidden = [name for name, shape in sizes.items() if name.startswith("heads.") and shape == (16, 16)]
    assert len(hidden) == (2 if values.get("head_layers") == 2 else 0)


def test_mean_pooling_leaves_padding_out() -> None:
    from mtl_core.encoders.heads import pool

    model = toy.model("hard", ("sst2",))
    batch = toy.batch(model, "sst2")
    batch.attention_mask[0, 3:] = 0
    states = torch.arange(batch.input_ids.numel(), dtype=torch.float32).view(*batch.input_ids.shape, 1)
    assert pool(states, batch, "mean")[0].tolist() == [1.0]
    assert pool(states, batch, "first")[0].tolist() == [0.0]


def test_a_view_shares_weights_and_nothing_else() -> None:
    encoder = toy.encoder()
    layers = layers_of(encoder)
    other = view(encoder, own=list(layers[1].parameters()))
    mine, its = dict(encoder.named_parameters()), dict(other.named_parameters())
    assert all((mine[name] is its[name]) != name.startswith("encoder.layer.1.") for name in mine)
    assert layers_of(other)[0] is not layers[0], "its modules are its own, so they can be wrapped"


def test_an_encoder_without_a_list_of_layers_is_refused() -> None:
    encoder = toy.encoder()
    encoder.config.num_hidden_layers = 7
    words = r"^an encoder of the type 'bert' has no list of layers to work on\. Use one such as BERT\.$"
    with pytest.raises(EncoderError, match=words):
        layers_of(encoder)
