"""Every family of encoders trains, goes on after a stop as if nothing had been, and predicts what the run said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mtl_core import encoders, registry
from mtl_core.config.run import RunConfig, parse
from mtl_core.data import guess
from mtl_core.data.batches import by_length, collate
from mtl_core.engine.events import Event, StepDone, Tested
from mtl_core.engine.loop import train
from mtl_core.inference.predictor import Predictor
from mtl_core.kinds._model import Lengths, model_of
from mtl_core.records import Example
from mtl_core.sharing import run_encoder
from mtl_core.store.tasks import refreshed
from mtl_core.store.workspace import Workspace
from tests import families

PAIRS = [
    ("It rains in Lisbon.", "It is wet."),
    ("Two men carry a piano up the stairs of an old house by the river.", "The men are musicians."),
    ("No.", "Yes."),
]


@pytest.fixture(scope="module", params=sorted(families.FAMILIES))
def family(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    return request.param, families.encoder(tmp_path_factory.mktemp(request.param), request.param)


def labelled(root: Path) -> dict[str, Any]:
    """A task of any number of labels, as a person drops it, beside one of several choices."""
    (root / "moods").mkdir(parents=True)
    names = ("calm", "glad", "sad")
    rows = [{"text": f"A day of {'rain' if n % 2 else 'sun'}, day {n}.", "labels": names[: n % 4]} for n in range(60)]
    path = root / "moods" / "moods.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = refreshed(guess.of_files(path, None).definition)
    assert found["task"]["kind"] == "multi_label"
    return {"tasks": f"{found['name']},copa,conll2003", "definitions": {found["name"]: found}}


def config(folder: Path, **values: Any) -> RunConfig:
    small = {"train_limit": 12, "eval_limit": 6, "selection_limit": 4, "batch_size": 4, "max_length": 64}
    return parse(
        {"encoder": str(folder), "tasks": "mnli,squad", "learning_rate": 1e-3, "device": "cpu", **small, **values}
    )


def losses(events: list[Event]) -> list[float]:
    return [event.step.loss for event in events if isinstance(event, StepDone)]


@pytest.mark.parametrize(
    "made", [lambda _: {}, lambda _: {"tasks": "stsb"}, labelled], ids=["mnli,squad", "stsb", "moods,copa,conll2003"]
)
def test_it_trains_goes_on_and_predicts(
    family: tuple[str, Path], made: Callable[[Path], dict[str, Any]], tmp_path: Path
) -> None:
    asked = config(family[1], **made(tmp_path / "data"))
    cache = tmp_path / "cache"
    whole = list(train(asked, tmp_path / "whole", cache=cache))
    assert len(losses(whole)) > 2
    assert np.isfinite(losses(whole)).all()

    workspace, seen = Workspace(tmp_path / "runs"), list[Event]()
    folder = workspace.run("abcdefgh")
    folder.write_json(folder.config, asked.model_dump(mode="json"))
    for event in train(asked, folder.checkpoints, cache=cache, should_stop=lambda: len(losses(seen)) >= 2):
        seen.append(event)
    rest = list(train(asked, folder.checkpoints, cache=cache))
    assert losses(seen) + losses(rest) == losses(whole)

    predictor = Predictor.load(workspace.trained_run("abcdefgh"))
    for tested in (event for event in rest if isinstance(event, Tested)):
        for example, said in zip(tested.examples, tested.predictions, strict=True):
            answer = predictor.answer(tested.task, example.inputs)
            assert answer.prediction == said.prediction
            if tested.task == "squad":
                context = example.inputs[-1]
                assert said.prediction == said.prediction.strip() == context[said.detail["start"] : said.detail["end"]]


def test_padding_changes_no_state_and_pairs_are_told_apart(family: tuple[str, Path]) -> None:
    name, folder = family
    tokenizer, model = encoders.load_tokenizer(str(folder)), encoders.load_encoder(str(folder)).eval()
    mnli = registry.load("tasks", "mnli")
    examples = [Example(str(place), pair, 0) for place, pair in enumerate(PAIRS)]
    encoded = model_of(mnli).encode(mnli, examples, tokenizer, Lengths(64, 16))
    several = (getattr(model.config, "type_vocab_size", 0) or 0) > 1
    assert bool(encoded.types.size) == several == (name in ("bert", "electra", "albert"))
    if several:
        for begin, end in zip(encoded.starts, encoded.starts[1:], strict=False):
            assert set(encoded.types[begin:end].tolist()) == {0, 1}
    [rows] = by_length(encoded, 3)
    together = collate(encoded, rows, int(tokenizer.pad_token_id))
    with torch.inference_mode():
        states = run_encoder(model, together)
        for place, row in enumerate(rows):
            alone = collate(encoded, rows[place : place + 1], int(tokenizer.pad_token_id))
            own = run_encoder(model, alone)[0]
            assert torch.allclose(states[place, : len(own)], own, atol=1e-5), row


@pytest.mark.parametrize("window", [2, 4, 16, 128])
def test_local_attention_of_any_window_stays_finite_with_dropout(window: int, tmp_path: Path) -> None:
    """Padding may look at nothing but padding there, which was 0 / 0."""
    folder = families.encoder(tmp_path / "own", "modernbert", local_attention=window, attention_dropout=0.1)
    events = list(train(config(folder, tasks="mnli"), tmp_path / "run", cache=tmp_path / "cache"))
    assert np.isfinite([event.step.gradient_norm for event in events if isinstance(event, StepDone)]).all()
