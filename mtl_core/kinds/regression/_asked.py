"""Numbers asked as a span: pointed at where they stand in the row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mtl_core.encoders.batch import Encoded
from mtl_core.kinds._model import Floats, KindModel, Lengths
from mtl_core.kinds._options import Pointed, ask, options_of, targets
from mtl_core.kinds.regression import Regression, judged
from mtl_core.records import Example, Prediction

STEPS = 20
"""Equal steps of the scale; numbers in a row are one more."""


class NumberAsSpan(Pointed):
    """Numbers of the scale stand at the beginning of each row, and the answer is the span of the nearest one."""

    name = "number choice"

    def __init__(self, own: KindModel, task: Regression) -> None:
        super().__init__(own)
        self.numbers = np.linspace(task.low, task.high, STEPS + 1)
        self.words = tuple(f"{number:g}" for number in self.numbers)
        self.name = f"number choice {' '.join(self.words)}"  # type: ignore[misc]  # encoded texts hold these numbers

    def encode(self, task: Regression, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row an example. Raises InvalidConfig where the numbers leave no room for a text."""
        options = options_of(task, tokenizer, self.words)
        gold = np.array([example.gold for example in examples], dtype=np.float64)
        nearest = np.abs(gold[:, None] - self.numbers).argmin(axis=1).astype(np.int32)
        return ask(task, examples, tokenizer, lengths, targets=targets(options, nearest), options=options)

    def decode(
        self, task: Regression, examples: Sequence[Example], encoded: Encoded, summaries: Floats
    ) -> list[Prediction]:
        """The likeliest number of each example."""
        values = self.numbers[summaries.argmax(axis=1)].tolist()
        return [judged(task, example, value) for example, value in zip(examples, values, strict=True)]

    def ranked_by(self, summaries: Floats, prediction: Prediction) -> float:
        """The number."""
        return float(prediction.detail["value"])
