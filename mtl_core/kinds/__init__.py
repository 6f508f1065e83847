"""What a kind of task does: encode, head, loss, decode, score. One file a kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mtl_core import registry
from mtl_core.data.batches import Batch, Encoded
from mtl_core.records import DevExample, Example, Prediction
from mtl_core.tasks import Task

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lengths:
    """How much of a text an encoder gets to see, in tokens."""

    most: int
    """Tokens of a row, special ones included."""
    stride: int
    """Tokens that neighbouring windows share."""


@dataclass(frozen=True, slots=True)
class HeadShape:
    """What heads of a run are made from."""

    width: int
    """Features of a state."""
    dropout: float = 0.1
    """Share of features that training drops, 0 to 1."""
    layers: int = 1
    """1: a linear layer; 2: one more before it, of the states' width, with tanh."""
    pooling: str = "first"
    """How a text's states become one: `first` token, or `mean` over tokens."""
    tokenizer: Any = None
    """The encoder's, for heads that answer in tokens."""


class Kind(ABC):
    """The behaviour of all tasks of one kind. Stateless."""

    name: ClassVar[str]
    choices: ClassVar[str] = ""
    """What the last dimension of a head's output chooses among: `labels`, the row's `tokens`, or nothing such."""

    @abstractmethod
    def encode(self, task: Task, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """Token ids and targets of all examples."""

    @abstractmethod
    def head(self, task: Task, shape: HeadShape) -> Head:
        """New layers for one task over the encoder's states."""

    @abstractmethod
    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Mean cross-entropy over rows, in nats: output, (R, K) targets -> ()."""

    @abstractmethod
    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """What decoding needs of each row, small enough to keep for a whole data set: (R, ...) -> (R, S)."""

    @abstractmethod
    def decode(self, task: Task, examples: Sequence[Example], encoded: Encoded, summaries: Floats) -> list[Prediction]:
        """One prediction an example from its rows' summaries, (rows, S)."""

    @abstractmethod
    def score(self, task: Task, examples: Sequence[Example], predictions: Sequence[Prediction]) -> dict[str, float]:
        """The task's metrics over a data set, as shares of 1."""

    @abstractmethod
    def show(self, task: Task, example: Example, position: int) -> DevExample:
        """The example as people read it."""


def kind_of(task: Task) -> Kind:
    """The behaviour of a task."""
    kind: Kind = registry.load("kinds", task.kind)()
    return kind


class Head(nn.Module, ABC):
    """Layers that only one task uses."""

    def renew(self, seed: int) -> None:
        """Draws all weights anew from `seed`: normal, 0.02 wide (Devlin et al. 2019), biases zero."""
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                else:
                    fresh = torch.randn(parameter.shape, generator=generator) * 0.02
                    parameter.copy_(fresh)


def to_outputs(shape: HeadShape, outputs: int) -> nn.Sequential:
    """From states to `outputs` numbers, by one or two layers: (..., D) -> (..., outputs)."""
    hidden = [nn.Linear(shape.width, shape.width), nn.Tanh()] if shape.layers == 2 else []
    return nn.Sequential(*hidden, nn.Dropout(shape.dropout), nn.Linear(shape.width, outputs))


def pool(states: Tensor, batch: Batch, pooling: str) -> Tensor:
    """One state a row: (R, L, D) -> (R, D)."""
    if pooling == "first":
        return states[:, 0]
    mask = batch.attention_mask[..., None].to(states.dtype)
    return (states * mask).sum(1) / mask.sum(1)
