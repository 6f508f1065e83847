"""Labels from the text as a whole: encode, head, loss, decode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from mtl_core.encoders.batch import Batch, Encoded
from mtl_core.encoders.heads import HeadShape, TextHead
from mtl_core.kinds._encoding import whole_texts
from mtl_core.kinds._model import Floats, KindModel, Lengths
from mtl_core.kinds.classification import Classification
from mtl_core.kinds.classification._asked import LabelAsSpan, LabelAsText
from mtl_core.records import Example, Prediction


class ClassificationModel(KindModel):
    """Scores labels from the text as a whole."""

    name = "classification"
    choices = "labels"

    def encode(self, task: Classification, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row an example; of a pair the longer text is cut first."""
        targets = np.array([[example.gold] for example in examples], dtype=np.int32)
        return whole_texts(examples, tokenizer, lengths, targets)

    def head(self, task: Classification, shape: HeadShape) -> TextHead:
        """One output a label."""
        return TextHead(shape, len(task.labels))

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """(R, C), (R, 1) -> ()"""
        return cross_entropy(output.float(), batch.targets[:, 0])

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """The probabilities: (R, C) -> (R, C)."""
        return torch.softmax(output.float(), dim=-1)

    def decode(
        self, task: Classification, examples: Sequence[Example], encoded: Encoded, summaries: Floats
    ) -> list[Prediction]:
        """The likeliest label of each example."""
        return [
            _prediction(task.labels, example, shares)
            for example, shares in zip(examples, summaries.tolist(), strict=True)
        ]

    def asked_as_span(self, task: Classification) -> KindModel:
        """Points at one of its labels, which stand in the row."""
        return LabelAsSpan(self)

    def asked_as_text(self, task: Classification) -> KindModel:
        """Spells one of its labels."""
        return LabelAsText(self)


def _prediction(labels: tuple[str, ...], example: Example, shares: list[float]) -> Prediction:
    best = max(range(len(labels)), key=shares.__getitem__)
    right = best == example.gold
    detail = {"probabilities": dict(zip(labels, shares, strict=True))}
    return Prediction(example.id, labels[best], right, float(right), shares[best], detail)


MODEL = ClassificationModel()
