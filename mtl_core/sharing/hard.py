"""Hard parameter sharing."""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from mtl_core.encoders.heads import Head
from mtl_core.sharing import Sharing


class Hard(Sharing):
    """One encoder for all tasks, a head for each.

    states = encoder(tokens); output = head[task](states)

    Source: Caruana 1998, "Multitask Learning"; the same-domain method of Sharma, "Understanding Multitask
    Learning with Transfer Learning". Differs from it: nothing; the task that a batch belongs to picks the head.
    """

    name = "hard"

    def __init__(self, encoder: nn.Module, heads: Mapping[str, Head]) -> None:
        super().__init__(encoder, heads)
        self.encoder = encoder

    def encoder_of(self, task: str) -> nn.Module:
        """The one encoder."""
        return self.encoder
