"""The model half of a kind: from examples to tokens, and from states to answers. It loads torch."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from mtl_core.encoders.batch import Batch, Encoded
from mtl_core.encoders.heads import Head, HeadShape
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.kinds import Task
from mtl_core.records import Example, Prediction

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lengths:
    """The part of a text that an encoder gets to see, in tokens."""

    most: int
    """Tokens of a row, special ones included."""
    stride: int
    """Tokens that neighbouring windows share."""


class KindModel(ABC):
    """The model half: from examples to tokens, and from states to answers. Stateless."""

    name: ClassVar[str]
    """Encoded texts are kept under it: a way to encode otherwise needs a name of its own."""
    choices: ClassVar[str] = ""
    """The choices in the last dimension of a head's output: `labels`, the row's `tokens`, `values` that are none;
    "" for answers that one model can't teach another."""
    windows: ClassVar[bool] = False
    """True where long texts become several rows, instead of being cut."""
    together: ClassVar[bool] = False
    """True where an example's rows are answered together, so that they have to be in one batch."""
    never_because: ClassVar[str] = ""
    """The reason why sharings with one head for all kinds can't ask it."""

    @abstractmethod
    def encode(self, task: Any, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """Token ids and targets of all examples."""

    def remarks(
        self, task: Any, examples: Sequence[Example], encoded: Encoded, tokenizer: Any, lengths: Lengths
    ) -> list[str]:
        """What became of the training examples as they were encoded: answers out of reach, questions that were cut.

        Raises DataError where too many of them can't train."""
        return []

    @abstractmethod
    def head(self, task: Any, shape: HeadShape) -> Head:
        """New layers for one task over the encoder's states."""

    @abstractmethod
    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Mean negative log-likelihood over rows, in nats: output, (R, K) targets -> ()."""

    def imitation(self, output: Tensor, teacher: Tensor) -> Tensor:
        """Mean cross-entropy with a teacher's distributions over the last dimension, in nats: (..., C) twice -> ()."""
        return -(teacher.softmax(-1) * output.float().log_softmax(-1)).sum(-1).mean()

    @abstractmethod
    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """The part of a row's output that decoding needs, small enough to keep for a data set: (R, ...) -> (R, S)."""

    @abstractmethod
    def decode(self, task: Any, examples: Sequence[Example], encoded: Encoded, summaries: Floats) -> list[Prediction]:
        """One prediction an example from its rows' summaries, (rows, S)."""

    def ranked_by(self, summaries: Floats, prediction: Prediction) -> float:
        """The number by which the model ranks its answers to one typed input; a probability by default."""
        return float(prediction.confidence or 0.0)

    # What decoding needs beside the weights

    def tuned(self, task: Any) -> bool:
        """True where decoding needs a number that is chosen on the validation split, and stored with the model."""
        return False

    def tune(self, task: Any, examples: Sequence[Example], encoded: Encoded, summaries: Floats) -> float:
        """That number, for the examples of the validation split and their rows' summaries, (rows, S)."""
        raise NotImplementedError(f"the kind {self.name} has nothing to choose on the validation split")

    def with_tuned(self, value: float) -> KindModel:
        """The same with the number that was chosen."""
        return self

    # Other ways to ask the same: sharings that have one head for all kinds use them

    def asked_as_span(self, task: Any) -> KindModel:
        """The task as a span of its row, for one span head. Raises InvalidConfig where that can't be."""
        raise self._refused(task, "as a span of text")

    def asked_as_text(self, task: Any) -> KindModel:
        """The task as words to be spelt, for one decoder. Raises InvalidConfig where that can't be."""
        raise self._refused(task, "in words that are spelt")

    def asked_repeatedly(self, task: Any) -> KindModel:
        """The task with a head that answers several times; by default once."""
        return self

    def _refused(self, task: Any, way: str) -> InvalidConfig:
        reason = f": {self.never_because}" if self.never_because else ""
        words = f"a task of the kind {task.kind} ('{task.name}') can't be answered {way}{reason}."
        return InvalidConfig([Fault("sharing", f"{words} Use hard, or leave the task out.")])


def model_of(task: Task) -> KindModel:
    """The model half of a task's kind, in `model.py` beside the light half. Loads torch."""
    module = importlib.import_module(f"mtl_core.kinds.{task.kind}.model")
    model: KindModel = module.MODEL
    return model
