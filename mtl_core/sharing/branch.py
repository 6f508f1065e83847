"""Shared lower layers, own upper ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field
from torch import nn

from mtl_core.encoders.heads import Head
from mtl_core.encoders.layers import depths, view
from mtl_core.sharing import Sharing


class Branch(Sharing):
    """One trunk for all tasks; above it each has layers of its own.

    states = upper[task](lower(tokens)); output = head[task](states). `lower` is the embeddings and the first k layers,
    `upper` a copy of the rest for each task; all copies start alike.

    Source: hard parameter sharing that keeps several layers a task, Ruder 2017, "An Overview of Multi-Task Learning in
    Deep Neural Networks", section 3, arxiv.org/abs/1706.05098. Differs from it: nothing; k is set by hand. k = 0 is
    `single`, k = all layers is `hard`.
    """

    name = "branch"
    needs_layers = True

    def __init__(
        self,
        encoder: nn.Module,
        heads: Mapping[str, Head],
        *,
        layers: Annotated[
            int,
            Field(ge=0, description="Lowest layers that are shared, embeddings with them. 0: none; too many: all."),
        ] = 3,
    ) -> None:
        """Raises EncoderError for an encoder without a list of layers."""
        super().__init__(encoder, heads)
        own = [parameter for parameter, depth in depths(encoder).items() if depth > layers or layers == 0]
        first, *others = heads
        self.encoders = nn.ModuleDict({first: encoder, **{task: view(encoder, own) for task in others}})

    def encoder_of(self, task: str) -> nn.Module:
        """The trunk with the task's own upper layers."""
        return self.encoders[task]
