"""Encoding, decoding and scoring of labels."""

from __future__ import annotations

import numpy as np
import pytest
from transformers import AutoTokenizer

from mtl_core import registry
from mtl_core.engine import scoring
from mtl_core.kinds._model import Lengths
from mtl_core.kinds.classification.model import MODEL
from mtl_core.records import Example
from tests.tiny import EMBEDDED

SST2, MNLI = registry.load("tasks", "sst2"), registry.load("tasks", "mnli")


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(EMBEDDED)


def test_one_row_an_example_cut_to_the_limit(tokenizer) -> None:
    examples = [Example("a", ("a fine film",), 1), Example("b", ("dull " * 90,), 0)]
    encoded = MODEL.encode(SST2, examples, tokenizer, Lengths(16, 5))
    assert encoded.lengths().tolist() == [5, 16]
    assert tokenizer.decode(encoded.tokens[:5]) == "[CLS] a fine film [SEP]"
    assert encoded.targets.tolist() == [[1], [0]]


def test_pairs_are_told_apart_by_their_types(tokenizer) -> None:
    encoded = MODEL.encode(MNLI, [Example("a", ("it rains", "it is wet"), 2)], tokenizer, Lengths(16, 5))
    assert encoded.types.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_decode_gives_label_confidence_and_all_probabilities() -> None:
    examples = [Example("a", ("x", "y"), 2), Example("b", ("x", "z"), 0)]
    shares = np.array([[0.1, 0.2, 0.7], [0.1, 0.6, 0.3]], np.float32)
    right, wrong = MODEL.decode(MNLI, examples, None, shares)  # type: ignore[arg-type]
    assert (right.prediction, right.correct, right.score) == ("contradiction", True, 1.0)
    assert right.confidence == pytest.approx(0.7)
    assert (wrong.prediction, wrong.correct, wrong.score) == ("neutral", False, 0.0)
    assert wrong.detail["probabilities"] == pytest.approx({"entailment": 0.1, "neutral": 0.6, "contradiction": 0.3})
    assert scoring.scores(MNLI, examples, [right, wrong]) == {"accuracy": 0.5}
