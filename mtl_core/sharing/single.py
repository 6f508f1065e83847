"""No sharing: the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy

from torch import nn

from mtl_core.encoders.heads import Head
from mtl_core.sharing import Sharing


class Single(Sharing):
    """Nothing is shared: every task has a model of its own.

    states = encoder[task](tokens); output = head[task](states)

    Source: ordinary fine-tuning, Devlin et al. 2019, section 4. Differs from it: with several tasks the models
    train side by side in one run, under one learning rate.
    """

    name = "single"
    shares = False

    def __init__(self, encoder: nn.Module, heads: Mapping[str, Head]) -> None:
        super().__init__(encoder, heads)
        first, *others = heads
        self.encoders = nn.ModuleDict({first: encoder, **{task: deepcopy(encoder) for task in others}})

    def encoder_of(self, task: str) -> nn.Module:
        """The task's own encoder."""
        return self.encoders[task]
