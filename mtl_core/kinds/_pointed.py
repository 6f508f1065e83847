"""Tasks with few possible answers, which stand at the beginning of each row and are pointed at."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from mtl_core.encoders.batch import Batch, Ints
from mtl_core.encoders.heads import HeadShape, SpanHead
from mtl_core.kinds._asked import Asked
from mtl_core.kinds._options import Options


class Pointed(Asked):
    """The answer is the span of the right option.

    targets: (R, 2 + 2C), first and last token of the right option, then of every option.
    """

    def head(self, task: Any, shape: HeadShape) -> SpanHead:
        """Two outputs a token, as for a span task."""
        return SpanHead(shape)

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Mean over first and last token, each among all tokens: (R, 2, L), (R, 2 + 2C) -> ()."""
        return cross_entropy(output.flatten(0, 1), batch.targets[:, :2].flatten())

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """The options' probabilities, from the sums of their spans' logits: (R, 2, L) -> (R, C)."""
        places = batch.targets[:, 2:].view(len(output), -1, 2).transpose(1, 2)  # (R, 2, C)
        return torch.softmax(output.gather(2, places).sum(dim=1), dim=-1)


def targets(options: Options, right: Ints) -> Ints:
    """Targets of rows whose right options are `right`, (R,): (R, 2 + 2C)."""
    places = np.array(options.places, dtype=np.int32)  # (C, 2)
    return np.concatenate([places[right], np.tile(places.flatten(), (len(right), 1))], axis=1)
