"""A text gets any number of labels: the model half."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from mtl_core.kinds.any_of import AnyOf  # type: ignore[import-not-found]
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from mtl_core.encoders.batch import Batch, Encoded
from mtl_core.encoders.heads import HeadShape, TextHead
from mtl_core.kinds._encoding import whole_texts
from mtl_core.kinds._model import Floats, KindModel, Lengths
from mtl_core.records import Example, Prediction


class AnyOfModel(KindModel):
    """One logit a label."""

    name = "any_of"

    def encode(self, task: AnyOf, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row an example; targets: (examples, labels), 0.0 or 1.0."""
        targets = np.zeros((len(examples), len(task.labels)), np.float32)
        for row, example in enumerate(examples):
            targets[row, [*example.gold]] = 1.0
        return whole_texts(examples, tokenizer, lengths, targets)

    def head(self, task: AnyOf, shape: HeadShape) -> TextHead:
        """One output a label."""
        return TextHead(shape, len(task.labels))

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """(R, C), (R, C) -> ()"""
        return binary_cross_entropy_with_logits(output.float(), batch.targets)

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """Probabilities: (R, C) -> (R, C)."""
        return torch.sigmoid(output.float())

    def decode(self, task: AnyOf, examples: Sequence[Example], encoded: Encoded, summaries: Floats) -> list[Prediction]:
        """All labels that are more likely than not."""
        return [_prediction(task, *pair) for pair in zip(examples, summaries.tolist(), strict=True)]


def _prediction(task: AnyOf, example: Example, shares: list[float]) -> Prediction:
    chosen = [index for index, share in enumerate(shares) if share > 0.5]
    right = tuple(chosen) == example.gold
    detail = {"chosen": chosen, "probabilities": dict(zip(task.labels, shares, strict=True))}
    words = " + ".join(task.labels[index] for index in chosen) or "none"
    confidence = float(np.prod([max(share, 1 - share) for share in shares]))
    return Prediction(example.id, words, right, float(right), confidence, detail)


MODEL = AnyOfModel()
