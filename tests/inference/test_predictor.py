"""Predictions for typed texts: the same as in the run, and words for texts that can't be answered."""

from __future__ import annotations

import pytest

from mtl_core.config.run import parse
from mtl_core.engine.events import Tested
from mtl_core.engine.loop import train
from mtl_core.errors import PredictionError
from mtl_core.inference.predictor import Predictor
from mtl_core.store.workspace import Workspace
from tests import tiny


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, list[Tested]]:
    workspace = Workspace(tmp_path_factory.mktemp("runs"))
    encoder = tiny.encoder(workspace.path / "tiny")
    config = parse(
        {
            "tasks": "sst2,mnli,squad",
            "encoder": str(encoder),
            "train_limit": 32,
            "eval_limit": 6,
            "max_length": 64,
            "selection_limit": 8,
        }
    )
    folder = workspace.run("abcdefgh")
    folder.write_json(folder.config, config.model_dump(mode="json"))
    events = list(train(config, folder.checkpoints, cache=workspace.cache))
    for file in encoder.iterdir():
        file.unlink()  # the run's folder must be enough
    return workspace, [event for event in events if isinstance(event, Tested)]


@pytest.fixture(scope="module")
def predictor(run: tuple[Workspace, list[Tested]]) -> Predictor:
    return Predictor.load(run[0].trained_run("abcdefgh"))


def test_it_says_what_the_run_said(predictor: Predictor, run: tuple[Workspace, list[Tested]]) -> None:
    for tested in run[1]:
        for example, said in zip(tested.examples, tested.predictions, strict=True):
            answer = predictor.answer(tested.task, example.inputs)
            assert answer.prediction == said.prediction
            assert answer.confidence == pytest.approx(said.confidence, abs=1e-4)


def test_labels_come_with_all_probabilities(predictor: Predictor) -> None:
    answer = predictor.answer("mnli", ("It rains.", "It is wet."))
    assert set(answer.detail["probabilities"]) == {"entailment", "neutral", "contradiction"}
    assert sum(answer.detail["probabilities"].values()) == pytest.approx(1)
    assert answer.confidence == max(answer.detail["probabilities"].values()) == answer.score
    assert "start" not in answer.detail


def test_answers_come_with_their_place(predictor: Predictor) -> None:
    context = "The treaty was signed in Lisbon. " * 20
    answer = predictor.answer("squad", ("Where was it signed?", context))
    assert context[answer.detail["start"] : answer.detail["end"]] == answer.prediction != ""
    assert answer.notes[0].startswith("the context was read in ")
    assert answer.notes[0].endswith(" overlapping windows of 64 tokens")


def test_notes_say_what_was_cut_and_what_is_unknown(predictor: Predictor) -> None:
    assert predictor.answer("sst2", ("good " * 200,)).notes == (
        "the text was cut to the 64 tokens that the model was trained on",
    )
    [note] = predictor.answer("sst2", ("🙂 🙃 🙂 🙃 🙂",)).notes
    assert note.endswith("of the words; it may have learned another script")
    assert predictor.answer("sst2", ("a fine film",)).notes == ()


@pytest.mark.parametrize(
    ("task", "inputs", "words"),
    [
        ("sst2", ("  \n",), "the sentence is empty. Type one."),
        ("mnli", ("It rains.", ""), "the hypothesis is empty. Type one."),
        ("squad", ("", "Ada did."), "the question is empty. Type one."),
        ("sst2", ("a" * 100_001,), "the sentence has 100,001 characters; 100,000 are the most."),
        ("sst2", ("a", "b"), "sst2 needs sentence."),
        ("mrpc", ("a",), "no task in this run called 'mrpc'. Choose from mnli, squad, sst2."),
    ],
)
def test_what_can_not_be_answered(predictor: Predictor, task: str, inputs: tuple[str, ...], words: str) -> None:
    with pytest.raises(PredictionError) as caught:
        predictor.answer(task, inputs)
    assert str(caught.value) == words


def test_a_run_without_a_checkpoint(run: tuple[Workspace, list[Tested]], workspace: Workspace) -> None:
    folder = workspace.run("zzzzzzzz")
    trained = run[0].run("abcdefgh")
    folder.write_json(folder.config, trained.read_json(trained.config))
    with pytest.raises(PredictionError) as caught:
        Predictor.load(workspace.trained_run("zzzzzzzz"))
    assert str(caught.value) == "the run zzzzzzzz has no checkpoint yet. Wait for its first one."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a \ud83d", "the premise holds half a character (a lone surrogate). Type it again."),
        ("a\0b", "the premise holds a NUL character. Take it out."),
    ],
)
def test_a_text_that_is_none(predictor: Predictor, text: str, words: str) -> None:
    with pytest.raises(PredictionError) as caught:
        predictor.answer("mnli", (text, "It is wet."))
    assert str(caught.value) == words
