"""Labels asked for in the text: where they stand, that nothing cuts them, and what their spans' logits come to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from mtl_core import registry
from mtl_core.data import encoding
from mtl_core.data.batches import collate
from mtl_core.encoders.batch import Encoded
from mtl_core.errors import InvalidConfig
from mtl_core.kinds._model import Lengths
from mtl_core.kinds._options import options_of
from mtl_core.kinds.classification._asked import LabelAsSpan
from mtl_core.kinds.classification.model import MODEL
from mtl_core.kinds.span.model import SpanModel
from mtl_core.records import Example
from tests import toy

SST2, MNLI, SQUAD = (registry.load("tasks", name) for name in ("sst2", "mnli", "squad"))
LONG = "the film was so very long " * 40


def encode(task: Any, texts: tuple[str, ...], gold: int, most: int = 64) -> Encoded:
    return LabelAsSpan(MODEL).encode(task, [Example("x", texts, gold)], toy.tokenizer(), Lengths(most, most // 3))


def read(tokens: Any) -> str:
    return toy.tokenizer().decode(tokens)


@pytest.mark.parametrize(
    ("task", "texts", "row"),
    [
        (SST2, ("A fine film.",), "[CLS] negative or positive? [SEP] a fine film. [SEP]"),
        (
            MNLI,
            ("It rains.", "It is wet."),
            "[CLS] entailment, neutral or contradiction? it is wet. [SEP] it rains. [SEP]",
        ),
    ],
)
def test_a_row_asks_with_its_labels_and_the_answer_is_the_right_one(task: Any, texts: Any, row: str) -> None:
    for gold, label in enumerate(task.labels):
        encoded = encode(task, texts, gold)
        assert read(encoded.tokens) == row
        first, last, *every = encoded.targets[0].tolist()
        assert read(encoded.tokens[first : last + 1]) == label
        places = zip(every[::2], every[1::2], strict=True)
        assert tuple(read(encoded.tokens[a : b + 1]) for a, b in places) == task.labels
    second = np.flatnonzero(encoded.tokens == 102)[0] + 1
    assert encoded.types.tolist() == [0] * second + [1] * (len(encoded.tokens) - second)


@pytest.mark.parametrize("most", [16, 40])
@pytest.mark.parametrize(
    ("task", "texts"), [(SST2, (LONG,)), (MNLI, (LONG, LONG)), (MNLI, ("Short.", LONG)), (MNLI, (LONG, "Short."))]
)
def test_long_texts_never_cut_the_labels(task: Any, texts: tuple[str, ...], most: int) -> None:
    encoded = encode(task, texts, 1, most)
    assert len(encoded.tokens) == most
    first, last = encoded.targets[0, :2]
    assert read(encoded.tokens[first : last + 1]) == task.labels[1]
    assert read(encoded.tokens).startswith("[CLS] " + read(options_of(task, toy.tokenizer()).tokens))


def test_rows_with_other_labels_are_not_taken_for_these(tmp_path: Path) -> None:
    asked = {"tokenizer_print": "x", "lengths": Lengths(64, 20), "cache": tmp_path}
    rows = [
        encoding.encode(LabelAsSpan(MODEL), task, [Example("x", ("A fine film.",), 1)], toy.tokenizer(), **asked)
        for task in (SST2, replace(SST2, labels=("bad", "good")))
    ]
    assert [read(found.tokens[1:4]) for found in rows] == ["negative or positive", "bad or good"]


def test_labels_that_leave_no_room_say_so() -> None:
    with pytest.raises(InvalidConfig) as caught:
        encode(MNLI, ("It rains.", "It is wet."), 0, most=12)
    assert str(caught.value) == (
        "max_length: 12 leaves no room for a text beside the 8 tokens that name the labels of mnli. "
        "Use 13 or more, or another sharing."
    )


def test_probabilities_are_the_labels_share_of_the_summed_logits() -> None:
    encoded = encode(SST2, ("A fine film.",), 0)  # [CLS] negative or positive? ...: the labels at 1 and 3
    batch = collate(encoded, np.array([0]), 0)
    output = torch.full((1, 2, len(encoded.tokens)), 9.0)
    output[0, :, 1] = torch.tensor([0.5, 0.25])
    output[0, :, 3] = torch.tensor([1.0, 0.75])
    ratio = np.exp(0.5 + 0.25 - 1.0 - 0.75)  # e^-1
    expected = [ratio / (1 + ratio), 1 / (1 + ratio)]
    assert LabelAsSpan(MODEL).summarise(output, batch)[0].tolist() == pytest.approx(expected)


def test_the_loss_is_that_of_a_span_task() -> None:
    batch = collate(encode(SST2, ("A fine film.",), 1), np.array([0]), 0)
    output = torch.randn(1, 2, batch.input_ids.shape[1])
    shares = output.log_softmax(-1)[0]
    assert float(LabelAsSpan(MODEL).loss(output, batch)) == pytest.approx(-float(shares[0, 3] + shares[1, 3]) / 2)


def test_everything_is_shared_and_span_tasks_stay_as_they_are() -> None:
    model = toy.model("span")
    encoder = sum(p.numel() for p in toy.encoder().parameters())
    assert model.counts() == {
        "shared": encoder + (toy.WIDTH + 1) * 2,
        "task_only": 0,
        "frozen": 0,
        "total": encoder + (toy.WIDTH + 1) * 2,
    }
    assert model.head("sst2") is model.head("squad")
    assert isinstance(model.kind_of(SQUAD), SpanModel)


def test_labels_are_found_by_a_tokenizer_of_bytes_without_token_types() -> None:
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.train_from_iterator(
        ["entailment, neutral or contradiction? a film"] * 3,
        trainers.BpeTrainer(special_tokens=["<s>", "</s>"], vocab_size=300, show_progress=False),
    )
    made.post_processor = processors.RobertaProcessing(("</s>", 1), ("<s>", 0))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=made, bos_token="<s>", sep_token="</s>", model_input_names=["input_ids", "attention_mask"]
    )
    encoded = LabelAsSpan(MODEL).encode(MNLI, [Example("x", ("a film", "a film"), 2)], tokenizer, Lengths(64, 20))
    row = "<s> entailment , Ġneutral Ġor Ġcontradiction ? a Ġfilm </s> </s> a Ġfilm </s>"
    assert tokenizer.convert_ids_to_tokens(encoded.tokens.tolist()) == row.split()
    places = encoded.targets[0, 2:].reshape(-1, 2)
    assert [row.split()[a : b + 1] for a, b in places] == [["entailment"], ["Ġneutral"], ["Ġcontradiction"]]
    assert encoded.types.size == 0
