"""Numbers asked as a span: pointed at where they stand in the row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from mtl_core.encoders.batch import Batch, Encoded
from mtl_core.encoders.heads import HeadShape, SpanHead
from mtl_core.kinds._asked import Asked
from mtl_core.kinds._model import Floats, KindModel, Lengths
from mtl_core.kinds._options import ask, options_of
from mtl_core.kinds.regression import Regression, judged
from mtl_core.records import Example, Prediction

STEPS = 20
"""Equal steps of the scale; numbers in a row are one more."""


class NumberAsSpan(Asked):
    """Numbers of the scale stand at the beginning of each row, and the answer is the span of the nearest one.

    targets: (R, 2 + 2C), first and last token of the nearest number, then of every number.
    """

    name = "number choice"

    def __init__(self, own: KindModel, task: Regression) -> None:
        super().__init__(own)
        self.numbers = np.linspace(task.low, task.high, STEPS + 1)
        self.words = tuple(f"{number:g}" for number in self.numbers)
        self.name = f"number choice {' '.join(self.words)}"  # type: ignore[misc]  # encoded texts hold these numbers

    def encode(self, task: Regression, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row an example. Raises InvalidConfig where the numbers leave no room for a text."""
        options = options_of(task, tokenizer, self.words)
        places = np.array(options.places, dtype=np.int32)  # (C, 2)
        gold = np.array([example.gold for example in examples], dtype=np.float64)
        right = places[np.abs(gold[:, None] - self.numbers).argmin(axis=1)]
        targets = np.concatenate([right, np.tile(places.flatten(), (len(examples), 1))], axis=1)
        return ask(task, examples, tokenizer, lengths, targets=targets, options=options)

    def head(self, task: Regression, shape: HeadShape) -> SpanHead:
        """Two outputs a token, as for a span task."""
        return SpanHead(shape)

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Mean over first and last token, each among all tokens: (R, 2, L), (R, 2 + 2C) -> ()."""
        return cross_entropy(output.flatten(0, 1), batch.targets[:, :2].flatten())

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """The numbers' probabilities, from the sums of their spans' logits: (R, 2, L) -> (R, C)."""
        places = batch.targets[:, 2:].view(len(output), -1, 2).transpose(1, 2)  # (R, 2, C)
        return torch.softmax(output.gather(2, places).sum(dim=1), dim=-1)

    def decode(
        self, task: Regression, examples: Sequence[Example], encoded: Encoded, summaries: Floats
    ) -> list[Prediction]:
        """The likeliest number of each example."""
        values = self.numbers[summaries.argmax(axis=1)].tolist()
        return [judged(task, example, value) for example, value in zip(examples, values, strict=True)]

    def ranked_by(self, summaries: Floats, prediction: Prediction) -> float:
        """The number."""
        return float(prediction.detail["value"])
