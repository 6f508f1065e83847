"""Labels of texts in other numbers and forms than one text and a name."""

from __future__ import annotations

import pytest

from mtl_core import registry
from mtl_core.data.examples import build
from mtl_core.kinds._model import Lengths, model_of
from mtl_core.records import Example
from tests import toy

WIC = registry.load("tasks", "wic")


def where(number: int | None) -> str:
    return f"train.jsonl, line {number}"


def test_of_three_texts_the_last_is_the_second_of_the_pair() -> None:
    asked = [Example("a", ("bank", "By the bank.", "In the bank."), 0)]
    encoded = model_of(WIC).encode(WIC, asked, toy.tokenizer(), Lengths(32, 8))
    assert toy.tokenizer().decode(encoded.tokens) == "[CLS] bank [SEP] by the bank. [SEP] in the bank. [SEP]"
    assert encoded.types.tolist() == [0] * 8 + [1] * 5


@pytest.mark.parametrize(("label", "gold"), [(True, 1), (False, 0), ("same", 1), (0, 0), ("1", 1)])
def test_true_and_false_are_labels_too(label: object, gold: int) -> None:
    row = {"word": "bank", "sentence1": "a", "sentence2": "b", "label": label}
    assert build(WIC, [row], where).examples[0].gold == gold
