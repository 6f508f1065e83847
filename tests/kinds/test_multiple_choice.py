"""One of several texts: reading, a row an option, batches of whole examples, answers and how they are shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from mtl_core import registry
from mtl_core.data.batches import by_length, collate, rows_of
from mtl_core.data.examples import build
from mtl_core.display import blocks
from mtl_core.encoders.heads import HeadShape
from mtl_core.engine import scoring
from mtl_core.errors import DataError, InvalidConfig
from mtl_core.kinds import kind_of
from mtl_core.kinds._model import Lengths, model_of
from mtl_core.records import Answered, Example
from tests import toy

COPA = registry.load("tasks", "copa")
KIND, MODEL = kind_of(COPA), model_of(COPA)
ASKED = [
    Example("a", ("It rained.", "effect", "The street was wet.", "The clock stood still."), 0),
    Example("b", ("He fell over a stone.", "cause", "He slept.", "He was not looking at the way at all."), 1),
    Example("c", ("She laughed.", "cause", "It was sad.", "It was fun."), 1),
]


def row(label: object) -> dict[str, object]:
    return {"premise": "It rained.", "question": "effect", "choice1": "Wet.", "choice2": "Dry.", "label": label}


def where(number: int | None) -> str:
    return f"train.jsonl, line {number}"


@pytest.mark.parametrize("label", [1, "1"])
def test_rows_become_options(label: object) -> None:
    [example] = build(COPA, [row(label)], where).examples
    assert example.inputs == ("It rained.", "effect", "Wet.", "Dry.")
    assert example.gold == 1


def test_numbers_may_begin_with_one() -> None:
    [example] = build(replace(COPA, first_choice=1), [row(1)], where).examples
    assert example.gold == 0


def test_rows_without_a_label_are_left_out() -> None:
    split = build(COPA, [row(0), row(-1), row(None), row("-")], where)
    assert len(split.examples) == 1
    assert split.notes == ("3 of 4 rows have no label and are left out",)


@pytest.mark.parametrize("label", [2, -2, "first"])
def test_a_label_that_is_no_option_is_refused_with_its_place(label: object) -> None:
    with pytest.raises(DataError) as caught:
        build(COPA, [row(0), row(label)], where)
    words = "Options are numbered 0 to 1, or A to B, or given by their text."
    assert str(caught.value) == f"train.jsonl, line 1: '{label}' is no option of copa. {words}"


def test_each_option_is_read_beside_the_stem() -> None:
    encoded = MODEL.encode(COPA, ASKED[:1], toy.tokenizer(), Lengths(32, 8))
    rows = [
        toy.tokenizer().decode(encoded.tokens[a:b]) for a, b in zip(encoded.starts, encoded.starts[1:], strict=False)
    ]
    stem = "[CLS] it rained. what was the effect of this? [SEP]"
    assert rows == [f"{stem} the street was wet. [SEP]", f"{stem} the clock stood still. [SEP]"]
    assert encoded.first_rows.tolist() == [0, 2]
    assert encoded.targets.tolist() == [[0], [0]]


def test_without_a_stem_of_its_own_the_texts_follow_each_other() -> None:
    assert replace(COPA, stem="").stem_of(ASKED[0].inputs) == "It rained. effect"
    assert COPA.stem_of(("a {brace}", "cause", "x", "y")) == "a {brace} What was the cause of this?"


@pytest.mark.parametrize("size", [1, 2, 3, 4, 32])
def test_batches_keep_an_example_s_options_together(size: int) -> None:
    encoded = MODEL.encode(COPA, ASKED, toy.tokenizer(), Lengths(32, 8))
    batches = [batch.tolist() for batch in by_length(encoded, size, together=True)]
    assert sorted(place for batch in batches for place in batch) == list(range(6))
    for batch in batches:
        assert len(batch) <= max(size, 2)
        assert all(a % 2 == 0 and b == a + 1 for a, b in zip(batch[::2], batch[1::2], strict=True))


def test_the_options_of_an_example_are_a_distribution() -> None:
    encoded = MODEL.encode(COPA, ASKED, toy.tokenizer(), Lengths(32, 8))
    batch = collate(encoded, rows_of(encoded, np.arange(3, dtype=np.int32)), 0)
    head = MODEL.head(COPA, HeadShape(1, dropout=0.0))
    with torch.no_grad():
        head.layers[-1].weight.fill_(1.0)
        head.layers[-1].bias.zero_()
    states = torch.tensor([1.0, 3.0, 0.0, 0.0, 2.0, 0.0])[:, None, None].expand(6, batch.input_ids.shape[1], 1)
    output = head(states, batch).detach()
    assert output.tolist() == [[1, 3], [1, 3], [0, 0], [0, 0], [2, 0], [2, 0]]
    softmax = [1 / (1 + np.exp(2.0)), 0.5, 1 / (1 + np.exp(2.0))]  # of the right options
    assert float(MODEL.loss(output, batch)) == pytest.approx(-np.log(softmax).mean())
    said = MODEL.decode(COPA, ASKED, encoded, MODEL.summarise(output, batch).numpy())
    assert [one.detail["choice"] for one in said] == [1, 0, 0]
    assert said[0].confidence == pytest.approx(1 - softmax[0])
    assert said[0].prediction == "The clock stood still."
    assert scoring.scores(COPA, ASKED, said) == {"accuracy": 0.0}


def test_answers_are_shown_with_all_options() -> None:
    encoded = MODEL.encode(COPA, ASKED, toy.tokenizer(), Lengths(32, 8))
    shares = np.repeat(np.array([[0.2, 0.8], [0.3, 0.7], [0.6, 0.4]], np.float32), 2, axis=0)
    wrong, right, _ = MODEL.decode(COPA, ASKED, encoded, shares)
    shown = KIND.show(COPA, ASKED[0], 0)
    assert (shown.label, wrong.correct, right.correct) == ("The street was wet.", False, True)
    drawn = blocks.html(KIND.answer_blocks(shown, wrong))
    assert "<mark class='gold'>The street was wet.</mark>" in drawn
    assert "fill said' style='width:80.0%'" in drawn
    assert [one.text for one in KIND.passages(COPA.input_titles, shown)] == ["It rained.", "effect"]
    assert KIND.recognises(shown.gold)
    assert not registry.load("kinds", "span")().recognises(shown.gold)


def test_answers_to_typed_texts() -> None:
    answer = Answered("Dry.", 0.75, {"choice": 1, "probabilities": [0.25, 0.75]}, 0.75, 0.1, ())
    other = replace(answer, detail={"choice": 0, "probabilities": [0.75, 0.25]})
    assert KIND.words(answer) == "2. Dry.  (25.0 %, 75.0 %)"
    assert KIND.document(answer) == {"choice": 2, "text": "Dry.", "probabilities": [0.25, 0.75]}
    assert KIND.agree([answer, answer])
    assert not KIND.agree([answer, other]), "two options with one text are two answers"


@pytest.mark.parametrize(("sharing", "way"), [("span", "as a span of text"), ("pointer", "in words that are spelt")])
def test_other_ways_to_ask_are_refused_with_the_reason(sharing: str, way: str) -> None:
    with pytest.raises(InvalidConfig) as caught:
        registry.load("sharing", sharing).kind_of(COPA)
    assert str(caught.value) == (
        f"sharing: a task of the kind multiple_choice ('copa') can't be answered {way}: its answer is one of texts "
        "that each example brings. Use hard, or leave the task out."
    )
