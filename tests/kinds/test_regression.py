"""Numbers as answers: reading, encoding, loss, decoding, scoring, and how they are shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from mtl_core import registry
from mtl_core.data.batches import collate
from mtl_core.data.examples import build
from mtl_core.encoders.heads import HeadShape
from mtl_core.engine import scoring
from mtl_core.errors import DataError, InvalidConfig
from mtl_core.kinds import kind_of
from mtl_core.kinds._blocks import Scale
from mtl_core.kinds._model import Lengths, model_of
from mtl_core.records import Answered, Example
from tests import toy

STSB = registry.load("tasks", "stsb")
KIND, MODEL = kind_of(STSB), model_of(STSB)
PAIRS = [Example("a", ("a b", "c"), 5.0), Example("b", ("d", "e"), 1.5)]


def place(number: int | None) -> str:
    return f"train.tsv, line {number}"


def row(score: object) -> dict[str, object]:
    return {"sentence1": "one ", "sentence2": "two", "score": score}


def test_rows_become_numbers() -> None:
    [example] = build(STSB, [row("3.80")], place).examples
    assert example.inputs == ("one", "two")
    assert example.gold == 3.8


@pytest.mark.parametrize("score", ["high", "5.1", "-0.1", 10**400, float("inf"), [3]])
def test_a_score_that_is_none_is_refused_with_its_place(score: object) -> None:
    with pytest.raises(DataError) as caught:
        build(STSB, [row("1"), row(score)], place)
    assert str(caught.value) == (
        f"train.tsv, line 1: '{score}' is not a score for stsb. Scores are numbers from 0 to 5."
    )


def test_rows_without_a_score_are_left_out_and_counted() -> None:
    split = build(STSB, [row("1"), row("nan"), row("2")], place)
    assert [example.gold for example in split.examples] == [1.0, 2.0]
    assert split.notes == ("1 of 3 rows have no label and are left out",)


def test_targets_and_loss_are_real_numbers() -> None:
    encoded = MODEL.encode(STSB, PAIRS, toy.tokenizer(), Lengths(16, 5))
    batch = collate(encoded, np.array([0, 1], np.int32), 0)
    assert batch.targets.tolist() == [[5.0], [1.5]]
    assert float(MODEL.loss(torch.tensor([[4.0], [1.0]]), batch)) == pytest.approx(0.5 * (1.0 + 0.25) / 2)


def test_the_head_has_one_output() -> None:
    encoded = MODEL.encode(STSB, PAIRS, toy.tokenizer(), Lengths(16, 5))
    batch = collate(encoded, np.array([0, 1], np.int32), 0)
    assert MODEL.head(STSB, HeadShape(8))(torch.zeros(2, batch.input_ids.shape[1], 8), batch).shape == (2, 1)


def test_answers_are_scored_by_their_distance() -> None:
    near, far = MODEL.decode(STSB, PAIRS, None, np.array([[4.6], [4.0]], np.float32))  # type: ignore[arg-type]
    assert (near.prediction, near.correct, near.confidence) == ("4.60", True, None)
    assert near.score == pytest.approx(0.92)
    assert (far.correct, far.score) == (False, pytest.approx(0.5))
    scores = scoring.scores(STSB, PAIRS, [near, far])
    assert scores == {"pearson": pytest.approx(1.0), "spearman": pytest.approx(1.0)}


def test_contributions_are_kept_where_the_metric_is_no_mean() -> None:
    examples = [Example(str(n), ("a", "b"), float(n % 5)) for n in range(12)]
    values = np.array([[n % 5 + 0.3 * (n % 2)] for n in range(12)], np.float32)
    predictions = MODEL.decode(STSB, examples, None, values)  # type: ignore[arg-type]
    kept = scoring.with_contributions(STSB, examples, predictions)
    each = [one.contribution for one in kept]
    assert None not in each
    assert np.mean(each) == pytest.approx(scoring.scores(STSB, examples, predictions)["pearson"])


def test_other_ways_to_ask_are_refused_with_the_reason() -> None:
    with pytest.raises(InvalidConfig) as caught:
        registry.load("sharing", "pointer").kind_of(STSB)
    assert str(caught.value) == (
        "sharing: a task of the kind regression ('stsb') can't be answered in words that are spelt: its answer is any "
        "number of a scale. Use hard, or leave the task out."
    )


def test_a_number_is_pointed_at_among_those_of_its_scale() -> None:
    """Keskar et al. 2019: the scale's steps stand in the row, and the nearest one is the answer."""
    asked = registry.load("sharing", "span").kind_of(STSB)
    encoded = asked.encode(STSB, PAIRS, toy.tokenizer(), Lengths(128, 42))
    rows = [encoded.tokens[a:b] for a, b in zip(encoded.starts, encoded.starts[1:], strict=False)]
    said = toy.tokenizer().decode(rows[0])
    assert said.startswith("[CLS] 0, 0. 25, 0. 5,")
    assert said.endswith("4. 75 or 5? c [SEP] a b [SEP]")
    for row, (first, last), number in zip(rows, encoded.targets[:, :2].tolist(), ("5", "1. 5"), strict=True):
        assert toy.tokenizer().decode(row[first : last + 1]) == number
    batch = collate(encoded, np.array([0, 1], np.int32), 0)
    logits = torch.zeros(2, 2, batch.input_ids.shape[1])
    for row, (first, last) in enumerate(encoded.targets[:, :2].tolist()):
        logits[row, 0, first] = logits[row, 1, last] = 9.0
    summaries = asked.summarise(logits, batch)
    assert summaries.shape == (2, 21)
    answers = asked.decode(STSB, PAIRS, encoded, summaries.numpy())
    assert [one.detail["value"] for one in answers] == [5.0, 1.5]
    with pytest.raises(InvalidConfig, match="leaves no room for a text"):
        asked.encode(STSB, PAIRS, toy.tokenizer(), Lengths(64, 21))


def test_answers_are_shown_on_their_scale() -> None:
    [answer] = MODEL.decode(STSB, PAIRS[:1], None, np.array([[4.6]], np.float32))  # type: ignore[arg-type]
    example = KIND.show(STSB, PAIRS[0], 0)
    assert KIND.answer_blocks(example, answer) == [Scale(0.0, 5.0, answer.detail["value"], 5.0)]
    assert KIND.score_text(answer) == "off by 0.40"
    assert KIND.recognises(example.gold)


def test_models_agree_where_their_numbers_are_near() -> None:
    def answered(value: float) -> Answered:
        return Answered(f"{value:.2f}", None, {"value": value, "low": 0.0, "high": 5.0}, value, 0.1, ())

    assert KIND.agree([answered(3.0), answered(3.4)])
    assert not KIND.agree([answered(3.0), answered(3.6)])
    assert KIND.words(answered(3.0)) == "3.00  (on a scale from 0 to 5)"


def test_a_metric_of_other_answers_is_refused() -> None:
    with pytest.raises(InvalidConfig) as caught:
        replace(STSB, metrics=("accuracy",))
    assert str(caught.value) == (
        "metrics: the metric 'accuracy' compares labels, and answers to 'stsb' are numbers. Name another metric."
    )
    with pytest.raises(InvalidConfig):
        replace(STSB, metrics=())
