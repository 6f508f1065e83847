"""Sharings that ask and answer otherwise than a task's own kind, from training to a typed text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import AutoModel, DistilBertConfig, ElectraConfig

from mtl_core import registry
from mtl_core.config.run import parse
from mtl_core.engine.events import Finished, Tested
from mtl_core.engine.loop import train
from mtl_core.inference.predictor import Predictor
from mtl_core.store.workspace import Workspace
from tests import tiny, toy


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.encoder(tmp_path_factory.mktemp("tiny"), width=16)


ASKED_OTHERWISE = ["span", "coattention", "pointer"]


@pytest.mark.parametrize("sharing", ASKED_OTHERWISE)
def test_heads_answer_in_fp32_under_bf16(sharing: str) -> None:
    model = toy.model(sharing)
    for task in toy.TASKS:
        batch, kind = toy.batch(model, task), model.kind_of(registry.load("tasks", task))
        with torch.autocast("cpu", torch.bfloat16):
            assert model.states(task, batch).dtype in (torch.bfloat16, torch.float32)
            output = model.train()(task, batch)
            summaries = kind.summarise(model.eval()(task, batch), batch)
        loss = kind.loss(output, batch)
        loss.backward()
        assert (loss.dtype, summaries.dtype) == (torch.float32, torch.float32)
        assert all(p.grad.isfinite().all() for p in model.parameters_of(task) if p.grad is not None)


SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
OTHERS = {
    "words narrower than states": ElectraConfig(embedding_size=8, **SMALL),
    "no token types": DistilBertConfig(dim=16, n_layers=1, n_heads=2, hidden_dim=16),
}


@pytest.mark.parametrize("sharing", ASKED_OTHERWISE)
@pytest.mark.parametrize("other", OTHERS)
def test_other_encoders(sharing: str, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toy, "encoder", lambda: AutoModel.from_config(OTHERS[other]))
    model = toy.model(sharing)
    for task in toy.TASKS:
        now, kind = toy.batch(model, task), model.kind_of(registry.load("tasks", task))
        if other == "no token types":
            now = replace(now, token_type_ids=None)
        loss = kind.loss(model(task, now), now)
        loss.backward()
        assert loss.isfinite()


@pytest.mark.parametrize("sharing", ASKED_OTHERWISE)
def test_a_typed_text_gets_the_runs_own_answer(sharing: str, encoder: Path, workspace: Workspace) -> None:
    sizes = {"train_limit": 16, "eval_limit": 4, "selection_limit": 4, "batch_size": 8, "max_length": 64}
    config = parse({"tasks": "sst2,mnli,squad", "encoder": str(encoder), "sharing": sharing, **sizes})
    folder = workspace.run("abcdefgh")
    folder.write_json(folder.config, config.model_dump(mode="json"))
    events = list(train(config, folder.checkpoints, cache=workspace.cache))
    assert isinstance(events[-1], Finished)
    predictor = Predictor.load(workspace.trained_run("abcdefgh"))
    for tested in (event for event in events if isinstance(event, Tested)):
        for example, said in zip(tested.examples, tested.predictions, strict=True):
            answer = predictor.answer(tested.task, example.inputs)
            assert answer.prediction == said.prediction
            assert answer.confidence == pytest.approx(said.confidence, abs=1e-4)
            if tested.task == "squad":
                assert (answer.detail["start"], answer.detail["end"]) == (said.detail["start"], said.detail["end"])
            else:
                assert answer.detail["probabilities"] == pytest.approx(said.detail["probabilities"], abs=1e-4)
                assert sum(answer.detail["probabilities"].values()) == pytest.approx(1, abs=1e-4)
