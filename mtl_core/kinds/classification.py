"""One text or a pair of texts gets one of a few labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from mtl_core.data.batches import Batch, Encoded
from mtl_core.kinds import Floats, Head, HeadShape, Kind, Lengths, pool, to_outputs
from mtl_core.records import DevExample, Example, Prediction
from mtl_core.tasks import Classification as ClassificationTask
from mtl_core.tasks import Task


class LabelHead(Head):
    """One or two layers over the text's one state (Devlin et al. 2019, section 4.1: the first token's)."""

    def __init__(self, shape: HeadShape, labels: int) -> None:
        super().__init__()
        self.pooling = shape.pooling
        self.layers = to_outputs(shape, labels)

    def forward(self, states: Tensor, batch: Batch) -> Tensor:
        """(R, L, D) -> (R, C) logits."""
        return self.layers(pool(states, batch, self.pooling))  # type: ignore[no-any-return]


class Classification(Kind):
    """Scores labels from the text as a whole."""

    name = "classification"
    choices = "labels"

    def encode(self, task: Task, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row an example; of a pair the longer text is cut first."""
        columns = [list(column) for column in zip(*(example.inputs for example in examples), strict=True)]
        found = tokenizer(*columns, truncation=True, max_length=lengths.most, return_attention_mask=False)
        sizes = [len(row) for row in found["input_ids"]]
        return Encoded(
            tokens=np.fromiter((t for row in found["input_ids"] for t in row), np.int32),
            types=np.fromiter((t for row in found.get("token_type_ids", []) for t in row), np.int32),
            offsets=np.empty((0, 2), np.int32),
            starts=np.cumsum([0, *sizes], dtype=np.int32),
            first_rows=np.arange(len(examples) + 1, dtype=np.int32),
            targets=np.array([[example.gold] for example in examples], dtype=np.int32),
        )

    def head(self, task: Task, shape: HeadShape) -> LabelHead:
        """One output a label."""
        return LabelHead(shape, len(_labels(task)))

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """(R, C), (R, 1) -> ()"""
        return cross_entropy(output.float(), batch.targets[:, 0])

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """The probabilities: (R, C) -> (R, C)."""
        return torch.softmax(output.float(), dim=-1)

    def decode(self, task: Task, examples: Sequence[Example], encoded: Encoded, summaries: Floats) -> list[Prediction]:
        """The likeliest label of each example."""
        labels = _labels(task)
        return [
            _prediction(labels, example, shares) for example, shares in zip(examples, summaries.tolist(), strict=True)
        ]

    def score(self, task: Task, examples: Sequence[Example], predictions: Sequence[Prediction]) -> dict[str, float]:
        """Accuracy."""
        from mtl_core.metrics import Accuracy

        labels = {label: index for index, label in enumerate(_labels(task))}
        said = [labels[prediction.prediction] for prediction in predictions]
        scores: dict[str, float] = Accuracy().compute(predictions=said, references=[e.gold for e in examples])
        return scores

    def show(self, task: Task, example: Example, position: int) -> DevExample:
        """Texts and label."""
        label = _labels(task)[_gold(example)]
        return DevExample(example.id, task.name, position, example.inputs, [label], label)


def _labels(task: Task) -> tuple[str, ...]:
    assert isinstance(task, ClassificationTask)
    return task.labels


def _gold(example: Example) -> int:
    assert isinstance(example.gold, int)
    return example.gold


def _prediction(labels: tuple[str, ...], example: Example, shares: list[float]) -> Prediction:
    best = max(range(len(labels)), key=shares.__getitem__)
    right = best == example.gold
    detail = {"probabilities": dict(zip(labels, shares, strict=True))}
    return Prediction(example.id, labels[best], right, float(right), shares[best], detail)
