"""Options from each one's text beside the stem: encode, head, loss, decode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from mtl_core.encoders.batch import Batch, Encoded
from mtl_core.encoders.heads import Head, HeadShape, pool, to_outputs
from mtl_core.kinds._encoding import rows_of_texts
from mtl_core.kinds._model import Floats, KindModel, Lengths
from mtl_core.kinds.multiple_choice import MultipleChoice, judged
from mtl_core.records import Example, Prediction


class ChoiceHead(Head):
    """Scores each option's row by one number (Devlin et al. 2019, section 4.4, for SWAG)."""

    def __init__(self, shape: HeadShape, choices: int) -> None:
        """`choices` rows after one another belong to one example."""
        super().__init__()
        self.choices, self.pooling = choices, shape.pooling
        self.layers = to_outputs(shape, 1)

    def forward(self, states: Tensor, batch: Batch) -> Tensor:
        """(R, L, D) -> (R, C): beside each row the logits of all options of its example."""
        scores: Tensor = self.layers(pool(states, batch, self.pooling))  # (R, 1)
        return scores.view(-1, self.choices).repeat_interleave(self.choices, dim=0)


class MultipleChoiceModel(KindModel):
    """Reads the stem beside each option; the options' scores are a distribution over them."""

    name = "multiple_choice"
    choices = "labels"
    together = True
    never_because = "its answer is one of texts that each example brings"

    def encode(self, task: MultipleChoice, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """A row an option; the longer text of a row is cut first. targets: (R, 1), the right option's place."""
        pairs = [
            (task.stem_of(example.inputs), option) for example in examples for option in example.inputs[-task.choices :]
        ]
        gold = np.array([example.gold for example in examples], dtype=np.int32)
        targets = np.repeat(gold, task.choices)[:, None]
        first_rows = np.arange(len(examples) + 1, dtype=np.int32) * task.choices
        return rows_of_texts(pairs, tokenizer, lengths, targets, first_rows.astype(np.int32))

    def head(self, task: MultipleChoice, shape: HeadShape) -> ChoiceHead:
        """One output a row."""
        return ChoiceHead(shape, task.choices)

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """(R, C), (R, 1) -> ()"""
        return cross_entropy(output.float(), batch.targets[:, 0])

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """The options' probabilities: (R, C) -> (R, C)."""
        return torch.softmax(output.float(), dim=-1)

    def decode(
        self, task: MultipleChoice, examples: Sequence[Example], encoded: Encoded, summaries: Floats
    ) -> list[Prediction]:
        """The likeliest option of each example."""
        each = summaries[encoded.first_rows[:-1]].tolist()
        return [judged(task, example, shares) for example, shares in zip(examples, each, strict=True)]


MODEL = MultipleChoiceModel()
