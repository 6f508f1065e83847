"""Heads: layers over an encoder's states that only one task uses."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from mtl_core.encoders.batch import Batch

NEVER = -1e4
"""A logit of what must not be chosen."""


@dataclass(frozen=True, slots=True)
class HeadShape:
    """The measures that heads of a run are made from."""

    width: int
    """Features of a state."""
    dropout: float = 0.1
    """Share of features that training drops, 0 to 1."""
    layers: int = 1
    """1: a linear layer; 2: one more before it, of the states' width, with tanh."""
    pooling: str = "first"
    """Way to one state a text: the `first` token's, or the `mean` over tokens."""
    tokenizer: Any = None
    """The encoder's, for heads that answer in tokens."""


class Head(nn.Module, ABC):
    """Layers that only one task uses."""

    def renew(self, seed: int) -> None:
        """Draws all weights again from `seed`: normal, 0.02 wide (Devlin et al. 2019), biases zero."""
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                else:
                    fresh = torch.randn(parameter.shape, generator=generator) * 0.02
                    parameter.copy_(fresh)


class TextHead(Head):
    """One or two layers over the text's one state (Devlin et al. 2019, section 4.1: the first token's)."""

    def __init__(self, shape: HeadShape, outputs: int) -> None:
        super().__init__()
        self.pooling = shape.pooling
        self.layers = to_outputs(shape, outputs)

    def forward(self, states: Tensor, batch: Batch) -> Tensor:
        """(R, L, D) -> (R, outputs)."""
        return self.layers(pool(states, batch, self.pooling))  # type: ignore[no-any-return]


class SpanHead(Head):
    """Scores each token as first and as last of the answer (Devlin et al. 2019, section 4.2: one linear layer)."""

    def __init__(self, shape: HeadShape) -> None:
        super().__init__()
        self.layers = to_outputs(replace(shape, dropout=0.0), 2)

    def forward(self, states: Tensor, batch: Batch) -> Tensor:
        """(R, L, D) -> (R, 2, L) logits, padding shut out."""
        logits = self.layers(states).float().transpose(1, 2)
        return logits.masked_fill(batch.attention_mask[:, None] == 0, NEVER)  # type: ignore[no-any-return]


class LaterHead(Head):
    """Stands for a head until the sharing makes it: keeps its shape, and the seed to draw it from."""

    def __init__(self, shape: HeadShape, answers: tuple[tuple[int, ...], ...] = ()) -> None:
        """`answers` are the token ids of each option, where a head answers in tokens."""
        super().__init__()
        self.shape, self.answers, self.seed = shape, answers, 0

    def renew(self, seed: int) -> None:
        """Keeps the seed for the head to come."""
        self.seed = seed


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


def draw(module: nn.Module, seed: int) -> None:
    """Draws all weights again from `seed`, as wide as Glorot & Bengio 2010 advise for tanh; biases are zero."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.ndim == 1:
                parameter.zero_()
            else:
                parameter.copy_(nn.init.xavier_uniform_(torch.empty(parameter.shape), generator=generator))
