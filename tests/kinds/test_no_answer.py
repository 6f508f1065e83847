"""Questions that may have no answer: targets, the threshold against hand-worked cases, official scores, and stored."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from mtl_core import metrics, registry
from mtl_core.config.run import parse
from mtl_core.data.batches import collate
from mtl_core.data.sample import SAMPLE
from mtl_core.encoders.batch import Encoded
from mtl_core.engine import checkpoints
from mtl_core.engine.events import Tested
from mtl_core.engine.loop import train
from mtl_core.inference.predictor import Predictor
from mtl_core.kinds import kind_of
from mtl_core.kinds._blocks import Texts
from mtl_core.kinds._model import Lengths, model_of
from mtl_core.kinds.span import Answer
from mtl_core.kinds.span.model import NULL, best_threshold
from mtl_core.records import Example
from mtl_core.store.workspace import Workspace
from tests import tiny, toy
from tests.data.test_layouts import ANSWERED, UNANSWERED, squad

TASK = registry.load("tasks", "squad_v2")
KIND, MODEL = kind_of(TASK), model_of(TASK)
CONTEXT = "We know that Ada wrote it."
ASKED = [
    Example("yes", ("Who wrote it?", CONTEXT), (Answer("Ada", 13),)),
    Example("no", ("Who read it?", CONTEXT), ()),
]


def encoded() -> Encoded:
    return MODEL.encode(TASK, ASKED, toy.tokenizer(), Lengths(32, 8))


def summaries(null: float, ada: float) -> np.ndarray:
    """Both questions find Ada with this score, and no answer with that."""
    batch = collate(encoded(), np.arange(2), 0)
    logits = torch.full((2, 2, batch.input_ids.shape[1]), -20.0)
    place = int(encoded().targets[0, 0])
    logits[:, :, 0], logits[:, :, place] = null / 2, ada / 2
    return MODEL.summarise(logits, batch).numpy()


def test_a_question_without_an_answer_points_at_the_first_token() -> None:
    assert encoded().targets[1].tolist() == [0, 0]
    assert encoded().targets[0].tolist() != [0, 0]
    assert KIND.trainable(ASKED[1])
    assert [KIND.stratum(TASK, example) for example in ASKED] == ["answer", "no answer"]


def test_the_score_of_no_answer_is_kept() -> None:
    assert summaries(3.0, 5.0)[:, NULL].tolist() == [3.0, 3.0]


@pytest.mark.parametrize(
    ("threshold", "answers"), [(0.0, ["Ada", "Ada"]), (1.9, ["Ada", "Ada"]), (2.0, ["", ""]), (5.0, ["", ""])]
)
def test_an_answer_needs_a_margin_over_none(threshold: float, answers: list[str]) -> None:
    said = MODEL.with_tuned(threshold).decode(TASK, ASKED, encoded(), summaries(3.0, 5.0))
    assert [one.prediction for one in said] == answers
    right = [True, False] if answers[0] else [False, True]
    assert [one.correct for one in said] == right
    assert [one.score for one in said] == [float(one) for one in right]


def test_probabilities_are_among_spans_and_none() -> None:
    answered = MODEL.decode(TASK, ASKED, encoded(), summaries(3.0, 5.0))[0]
    silent = MODEL.with_tuned(9.0).decode(TASK, ASKED, encoded(), summaries(3.0, 5.0))[0]
    assert answered.confidence == pytest.approx(1 / (1 + np.exp(-2.0)), abs=1e-3)
    assert silent.confidence == pytest.approx(1 / (1 + np.exp(2.0)), abs=1e-3)
    begin, end, share = silent.detail["following"][0]
    assert (CONTEXT[begin:end], share) == ("Ada", pytest.approx(answered.confidence, abs=1e-5))


def test_of_several_windows_the_lowest_score_of_none_counts() -> None:
    """As in Devlin et al.'s code: one window that is sure of an answer is enough."""
    two = [Example("x", ("Who wrote it?", f"{'Nobody knows. ' * 20}{CONTEXT}"), (Answer("Ada", 293),))]
    rows = MODEL.encode(TASK, two, toy.tokenizer(), Lengths(32, 8))
    count = len(rows.starts) - 1
    assert count > 2
    values = np.zeros((count, NULL + 1), np.float32)
    values[:, NULL] = np.arange(count) + 1.0
    values[:, :4] = [1.5, *rows.targets.max(axis=0), 1.5]
    values[: count - 1, 0] = -9.0
    [said] = MODEL.decode(TASK, two, rows, values)
    assert said.prediction != ""
    values[:, NULL] += 1.0
    assert MODEL.decode(TASK, two, rows, values)[0].prediction == ""


@pytest.mark.parametrize(
    ("margins", "answered", "silent", "threshold"),
    [
        ([3.0, 1.0, -1.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0], 0.0),  # between the second and the third
        ([3.0, 2.0], [1.0, 0.0], [0.0, 1.0], 2.5),
        ([3.0, 2.0], [0.0, 0.0], [1.0, 1.0], 4.0),  # above all: never answer
        ([3.0, 2.0], [1.0, 1.0], [0.0, 0.0], 1.0),  # below all: always answer
        ([2.0, 2.0], [1.0, 0.0], [0.0, 1.0], 1.0),  # a tie can't be parted: both ways are as good
        ([3.0, -2.0], [0.5, 0.5], [0.5, 0.5], 0.5),  # all the same: the nearest to 0
    ],
)
def test_the_threshold_with_the_best_f1(
    margins: list[float], answered: list[float], silent: list[float], threshold: float
) -> None:
    assert best_threshold(margins, answered, silent) == threshold


def test_no_other_threshold_is_better() -> None:
    drawn = np.random.default_rng(3)
    margins, answered = drawn.normal(size=60), drawn.uniform(size=60)
    silent = (drawn.uniform(size=60) < 0.5).astype(float)

    def score(threshold: float) -> float:
        return float(np.where(margins > threshold, answered, silent).mean())

    found = score(best_threshold(margins.tolist(), answered.tolist(), silent.tolist()))
    edges = np.sort(margins)
    assert found == pytest.approx(max(score(t) for t in [-9.0, *map(np.mean, pairwise(edges)), 9.0]))


def test_official_scores() -> None:
    """Two questions with an answer, two without; worked by hand after evaluate-v2.0.py."""
    gold = [["Denver Broncos", "Broncos"], ["1889"], [], []]
    predicted = ["Denver", "", "", "Paris"]
    expected = {
        "f1": (2 / 3 + 0 + 1 + 0) / 4,
        "exact_match": (0 + 0 + 1 + 0) / 4,
        "has_answer_f1": (2 / 3 + 0) / 2,
        "has_answer_exact_match": 0.0,
        "no_answer_accuracy": 1 / 2,
    }
    assert {name: metrics.load(name).value(predicted, gold) for name in TASK.metrics} == pytest.approx(expected)


def test_both_are_shown() -> None:
    shown = [KIND.show(TASK, example, place) for place, example in enumerate(ASKED)]
    assert [one.label for one in shown] == ["Ada", "(no answer)"]
    assert KIND.gold_blocks(shown[1]) == [Texts("Gold answers", ("(no answer)",))]
    said = MODEL.with_tuned(9.0).decode(TASK, ASKED, encoded(), summaries(3.0, 5.0))
    assert KIND.answer_blocks(shown[1], said[1])[0].quote == "(no answer)"  # type: ignore[union-attr]


@pytest.mark.parametrize("sharing", ["hard", "coattention", "span", "pointer"])
def test_the_threshold_is_chosen_once_and_stored_with_the_model(
    sharing: str, tmp_path: Path, workspace: Workspace
) -> None:
    (tmp_path / "data" / "SQuAD").mkdir(parents=True)
    for split, count in (("train", 40), ("dev", 6)):
        asked = [{**one, "question": f"{one['question']} {n}"} for n in range(count) for one in (ANSWERED, UNANSWERED)]
        paragraphs = [squad(*asked[at : at + 4]) for at in range(0, len(asked), 4)]
        articles = [json.loads(one)["data"][0] for one in paragraphs]
        for number, article in enumerate(articles):
            article["paragraphs"][0]["context"] = f"{article['paragraphs'][0]['context']} Part {number}."
        (tmp_path / "data" / "SQuAD" / f"{split}-v2.0.json").write_text(json.dumps({"data": articles}))
    shutil.copytree(SAMPLE / "SST-2", tmp_path / "data" / "SST-2")
    encoder = tiny.encoder(tmp_path / "encoder", width=16)
    values = {"source": "folder", "data": str(tmp_path / "data"), "encoder": str(encoder), "sharing": sharing}
    sizes = {"train_limit": 80, "eval_limit": 12, "batch_size": 8, "max_length": 48, "epochs": 1.0, "device": "cpu"}
    config = parse({"tasks": "squad_v2,sst2", **values, **sizes})
    folder = workspace.run("abcdefgh")
    folder.write_json(folder.config, config.model_dump(mode="json"))
    events = list(train(config, folder.checkpoints, cache=workspace.cache))
    tested = next(event for event in events if isinstance(event, Tested) and event.task == "squad_v2")
    predictor = Predictor.load(workspace.trained_run("abcdefgh"))
    for example, said in zip(tested.examples, tested.predictions, strict=True):
        assert predictor.answer("squad_v2", example.inputs).prediction == said.prediction
    stored = checkpoints.weights_of(predictor.model)
    if sharing == "pointer":  # spells nothing where there is no answer
        assert "tuned_for_squad_v2" not in stored
        return
    chosen = predictor.model.answering(TASK)
    assert getattr(chosen, "threshold", getattr(getattr(chosen, "own", None), "threshold", None)) == pytest.approx(
        float(stored["tuned_for_squad_v2"])
    )
    assert float(stored["tuned_for_squad_v2"]) != 0.0
