"""Any number of labels: reading, loss, decoding, scores, and how they are shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from mtl_core import registry
from mtl_core.data.batches import collate
from mtl_core.data.examples import build
from mtl_core.display import blocks
from mtl_core.engine import scoring
from mtl_core.errors import DataError, InvalidConfig
from mtl_core.kinds._blocks import Bars, Texts
from mtl_core.kinds._model import Lengths, model_of
from mtl_core.kinds.multi_label import MultiLabel, MultiLabelKind
from mtl_core.records import Answered, Example
from tests import toy

MOODS = MultiLabel(
    name="moods",
    title="Moods",
    question="Which moods does the text name?",
    hub=("nobody/moods", None),
    folder="moods/{split}",
    inputs=("text",),
    input_titles=("Text",),
    labels=("glad", "sad", "very calm"),
    source="made for a test",
)
KIND, MODEL = MultiLabelKind(), model_of(MOODS)
READ = [Example("a", ("we laughed",), (0, 2)), Example("b", ("nothing",), ()), Example("c", ("we wept",), (1,))]


def where(number: int | None) -> str:
    return f"moods.csv, line {number}"


@pytest.mark.parametrize(
    ("value", "gold"),
    [
        (["glad", "very calm"], (0, 2)),
        ([2, 0, 0], (0, 2)),
        ("very calm, glad", (0, 2)),
        ("glad;sad", (0, 1)),
        ("glad|very calm", (0, 2)),
        ("glad sad", (0, 1)),
        ("very calm", (2,)),
        ('["glad", "sad"]', (0, 1)),
        ("1", (1,)),
        (1, (1,)),
        ("", ()),
        ("[]", ()),
        ([], ()),
    ],
)
def test_rows_become_sets(value: object, gold: tuple[int, ...]) -> None:
    [example] = build(MOODS, [{"text": "x", "labels": value}], where).examples
    assert example.gold == gold


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("glad, mad", "unknown label 'mad' for moods. Labels are glad, sad, very calm or their numbers 0 to 2."),
        ([3], "unknown label '3' for moods. Labels are glad, sad, very calm or their numbers 0 to 2."),
        ("[glad", "'[glad' is no list of labels. Write them as JSON, or with commas between them."),
    ],
)
def test_labels_that_are_none_are_refused_with_their_place(value: object, message: str) -> None:
    with pytest.raises(DataError) as caught:
        build(MOODS, [{"text": "x", "labels": value}], where)
    assert str(caught.value) == f"moods.csv, line 0: {message}"


def test_null_is_a_row_without_an_answer() -> None:
    split = build(MOODS, [{"text": "x", "labels": None}, {"text": "y", "labels": ""}], where)
    assert [example.inputs for example in split.examples] == [("y",)]
    assert split.notes == ("1 of 2 rows have no label and are left out",)


def test_labels_that_are_numbers_go_by_their_names() -> None:
    years = replace(MOODS, labels=("1", "2"))
    assert build(years, [{"text": "x", "labels": "1 2"}], where).examples[0].gold == (0, 1)
    with pytest.raises(DataError, match=r"unknown label '0' for moods"):
        build(years, [{"text": "x", "labels": "0"}], where)


def test_numbered_labels_go_by_the_names_of_their_schema() -> None:
    row = KIND.with_names(MOODS, {"text": "x", "labels": [0]}, {"labels": ["sad", "very calm", "glad"]})
    assert row["labels"] == ["sad"]


def test_loss_is_of_each_label_by_itself() -> None:
    encoded = MODEL.encode(MOODS, READ, toy.tokenizer(), Lengths(16, 5))
    batch = collate(encoded, np.arange(3, dtype=np.int32), 0)
    assert batch.targets.tolist() == [[1, 0, 1], [0, 0, 0], [0, 1, 0]]
    assert float(MODEL.loss(torch.zeros(3, 3), batch)) == pytest.approx(np.log(2))
    teacher = torch.tensor([[0.0, 3.0, -3.0]])
    assert float(MODEL.imitation(teacher, teacher)) < float(MODEL.imitation(-teacher, teacher))


def test_labels_that_are_likelier_than_not_are_chosen() -> None:
    shares = np.array([[0.9, 0.1, 0.4], [0.2, 0.3, 0.1], [0.6, 0.8, 0.2]], np.float32)
    first, second, third = MODEL.decode(MOODS, READ, None, shares)  # type: ignore[arg-type]
    assert (first.prediction, first.correct, first.score) == ("glad", False, pytest.approx(2 / 3))
    assert (second.prediction, second.correct, second.score) == ("none", True, 1.0)
    assert (third.prediction, third.score) == ("glad + sad", pytest.approx(2 / 3))
    assert first.confidence == pytest.approx(0.6)
    assert scoring.scores(MOODS, READ, [first, second, third]) == {
        "micro_f1": pytest.approx(2 * 2 / (3 + 3)),
        "macro_f1_sets": pytest.approx((2 / 3 + 1 + 0) / 3),
        "exact_set": pytest.approx(1 / 3),
    }
    kept = scoring.with_contributions(MOODS, READ, [first, second, third])
    assert np.mean([one.contribution for one in kept]) == pytest.approx(2 / 3)


def test_a_data_set_without_any_label_is_scored() -> None:
    nothing = [Example("a", ("x",), ()), Example("b", ("y",), ())]
    said = MODEL.decode(MOODS, nothing, None, np.zeros((2, 3), np.float32))  # type: ignore[arg-type]
    assert scoring.scores(MOODS, nothing, said) == {"micro_f1": 0.0, "macro_f1_sets": 0.0, "exact_set": 1.0}


def test_answers_are_shown_with_every_label() -> None:
    [answer] = MODEL.decode(MOODS, READ[:1], None, np.array([[0.9, 0.7, 0.4]], np.float32))  # type: ignore[arg-type]
    shown = KIND.show(MOODS, READ[0], 0)
    assert (shown.label, KIND.gold_blocks(shown)) == (
        "glad + very calm",
        [Texts("Gold labels", ("glad", "very calm"), words=True)],
    )
    drawn = blocks.html(KIND.answer_blocks(shown, answer))
    assert drawn.count("class='gold'") == 2
    assert drawn.count("fill said") == 2
    assert KIND.score_text(answer) == "F1 of its labels 50"
    assert KIND.recognises(shown.gold)
    typed = Answered(answer.prediction, answer.confidence, answer.detail, 0.9, 0.1, ())
    assert KIND.document(typed)["labels"] == ["glad", "sad"]
    assert KIND.words(typed).startswith("glad + sad  (glad 90.0 %, sad 70.0 %")


def test_of_many_labels_those_are_drawn_that_matter() -> None:
    shares = {f"label{n}": 0.01 * n for n in range(30)} | {"label0": 0.9}
    [drawn] = KIND.reply_blocks(("x",), Answered("label0", 0.7, {"chosen": [0], "probabilities": shares}, 0.9, 0.1, ()))
    assert isinstance(drawn, Bars)
    assert [bar.label for bar in drawn.bars] == ["label0", *(f"label{n}" for n in range(21, 30))]


@pytest.mark.parametrize(("sharing", "way"), [("span", "as a span of text"), ("pointer", "in words that are spelt")])
def test_other_ways_to_ask_are_refused_with_the_reason(sharing: str, way: str) -> None:
    with pytest.raises(InvalidConfig) as caught:
        registry.load("sharing", sharing).kind_of(MOODS)
    assert str(caught.value) == (
        f"sharing: a task of the kind multi_label ('moods') can't be answered {way}: its answer is any number of "
        "labels, and not one. Use hard, or leave the task out."
    )
