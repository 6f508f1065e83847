"""A classification answered by pointing at one of its labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from mtl_core.data.batches import Batch, Encoded
from mtl_core.kinds import HeadShape, Lengths
from mtl_core.kinds.classification import Classification
from mtl_core.kinds.span import SpanHead
from mtl_core.records import Example
from mtl_core.sharing._options import ask, options_of
from mtl_core.sharing._rephrased import Rephrased
from mtl_core.tasks import Task


class Choice(Rephrased):
    """The labels stand at the beginning of each row, and the answer is the span of the right one.

    targets: (R, 2 + 2C), first and last token of the right label, then of every label.
    """

    name = "choice"
    own = Classification()

    def encode(self, task: Task, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row an example. Raises InvalidConfig where the labels leave no room for a text."""
        places = np.array(options_of(task, tokenizer).places, dtype=np.int32)  # (C, 2)
        right = places[np.array([example.gold for example in examples], dtype=np.int32)]
        every = np.tile(places.flatten(), (len(examples), 1))
        return ask(task, examples, tokenizer, lengths, targets=np.concatenate([right, every], axis=1))

    def head(self, task: Task, shape: HeadShape) -> SpanHead:
        """Two outputs a token, as for a span task."""
        return SpanHead(shape)

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Mean over first and last token, each among all tokens: (R, 2, L), (R, 2 + 2C) -> ()."""
        return cross_entropy(output.flatten(0, 1), batch.targets[:, :2].flatten())

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """The labels' probabilities, from the sums of their spans' logits: (R, 2, L) -> (R, C)."""
        places = batch.targets[:, 2:].view(len(output), -1, 2).transpose(1, 2)  # (R, 2, C)
        return torch.softmax(output.gather(2, places).sum(dim=1), dim=-1)
