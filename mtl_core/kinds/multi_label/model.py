"""Labels, each by itself, from the text as a whole: encode, head, loss, decode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from mtl_core.encoders.batch import Batch, Encoded
from mtl_core.encoders.heads import HeadShape, TextHead
from mtl_core.kinds._encoding import whole_texts
from mtl_core.kinds._model import Floats, KindModel, Lengths
from mtl_core.kinds.multi_label import MultiLabel, judged
from mtl_core.records import Example, Prediction


class MultiLabelModel(KindModel):
    """One logit a label, each a yes or no of its own (binary relevance)."""

    name = "multi_label"
    choices = "values"
    never_because = "its answer is any number of labels, and not one"

    def encode(self, task: MultiLabel, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row an example; of a pair the longer text is cut first. targets: (examples, C), 0.0 or 1.0."""
        targets = np.zeros((len(examples), len(task.labels)), np.float32)
        for row, example in enumerate(examples):
            targets[row, [*example.gold]] = 1.0
        return whole_texts(examples, tokenizer, lengths, targets)

    def head(self, task: MultiLabel, shape: HeadShape) -> TextHead:
        """One output a label."""
        return TextHead(shape, len(task.labels))

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Mean over rows and labels: (R, C), (R, C) -> ()"""
        return binary_cross_entropy_with_logits(output.float(), batch.targets)

    def imitation(self, output: Tensor, teacher: Tensor) -> Tensor:
        """Mean cross-entropy with the teacher's yes or no of each label, in nats: (R, C) twice -> ()."""
        return binary_cross_entropy_with_logits(output.float(), teacher.sigmoid())

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """Each label's probability: (R, C) -> (R, C)."""
        return torch.sigmoid(output.float())

    def decode(
        self, task: MultiLabel, examples: Sequence[Example], encoded: Encoded, summaries: Floats
    ) -> list[Prediction]:
        """All labels that are likelier than not."""
        return [judged(task, *pair) for pair in zip(examples, summaries.tolist(), strict=True)]


MODEL = MultiLabelModel()
