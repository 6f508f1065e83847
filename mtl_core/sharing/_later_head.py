"""Heads whose settings a sharing knows and a kind does not."""

from __future__ import annotations

import torch
from torch import nn

from mtl_core.kinds import Head, HeadShape


class LaterHead(Head):
    """Stands for a head until the sharing makes it: what it is to be made from, and the seed to draw it from."""

    def __init__(self, shape: HeadShape, answers: tuple[tuple[int, ...], ...] = ()) -> None:
        """`answers` are the token ids of each label, where a head answers in tokens."""
        super().__init__()
        self.shape, self.answers, self.seed = shape, answers, 0

    def renew(self, seed: int) -> None:
        """Keeps the seed for the head to come."""
        self.seed = seed


def draw(module: nn.Module, seed: int) -> None:
    """Draws all weights anew from `seed`, as wide as Glorot & Bengio 2010 advise for tanh; biases are zero."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.ndim == 1:
                parameter.zero_()
            else:
                parameter.copy_(nn.init.xavier_uniform_(torch.empty(parameter.shape), generator=generator))
