"""Labels asked in other ways: pointed at where they stand in the row, or spelt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from mtl_core.encoders.batch import Batch, Encoded
from mtl_core.encoders.heads import HeadShape, LaterHead, SpanHead
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.kinds._asked import Asked
from mtl_core.kinds._model import Lengths
from mtl_core.kinds._options import ask, options_of
from mtl_core.kinds._spelling import Spelt, end_of, side_by_side
from mtl_core.kinds.classification import Classification
from mtl_core.records import Example


class LabelAsSpan(Asked):
    """The labels stand at the beginning of each row, and the answer is the span of the right one.

    targets: (R, 2 + 2C), first and last token of the right label, then of every label.
    """

    name = "choice"

    def encode(self, task: Classification, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row an example. Raises InvalidConfig where the labels leave no room for a text."""
        places = np.array(options_of(task, tokenizer).places, dtype=np.int32)  # (C, 2)
        right = places[np.array([example.gold for example in examples], dtype=np.int32)]
        every = np.tile(places.flatten(), (len(examples), 1))
        return ask(task, examples, tokenizer, lengths, targets=np.concatenate([right, every], axis=1))

    def head(self, task: Classification, shape: HeadShape) -> SpanHead:
        """Two outputs a token, as for a span task."""
        return SpanHead(shape)

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Mean over first and last token, each among all tokens: (R, 2, L), (R, 2 + 2C) -> ()."""
        return cross_entropy(output.flatten(0, 1), batch.targets[:, :2].flatten())

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """The labels' probabilities, from the sums of their spans' logits: (R, 2, L) -> (R, C)."""
        places = batch.targets[:, 2:].view(len(output), -1, 2).transpose(1, 2)  # (R, 2, C)
        return torch.softmax(output.gather(2, places).sum(dim=1), dim=-1)


class LabelAsText(Spelt):
    """The answer is the label, spelt as it stands in the question. targets: (R, A) token ids, -1 after the end."""

    name = "generated label"

    def encode(self, task: Classification, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row an example. Raises InvalidConfig where the labels leave no room, or two are spelt alike."""
        answers = side_by_side(spelt_labels(task, tokenizer))
        right = answers[np.array([example.gold for example in examples], dtype=np.int32)]
        return ask(task, examples, tokenizer, lengths, targets=right, offsets=True)

    def head(self, task: Classification, shape: HeadShape) -> LaterHead:
        """The sharing makes one decoder from all tasks' labels."""
        return LaterHead(shape, spelt_labels(task, shape.tokenizer))

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """The labels' probabilities, from each one's log-likelihood: (R, A + C) -> (R, C)."""
        return torch.softmax(output[:, batch.targets.shape[1] :], dim=-1)


def spelt_labels(task: Classification, tokenizer: Any) -> tuple[tuple[int, ...], ...]:
    """Token ids of each label and the end. Raises InvalidConfig where two labels are the same to the tokenizer."""
    answers, labels, end = options_of(task, tokenizer).answers(), task.labels, end_of(tokenizer)
    for place, answer in enumerate(answers):
        if answer in answers[:place]:
            same = f"the labels '{labels[answers.index(answer)]}' and '{labels[place]}' of {task.name}"
            message = f"this encoder spells {same} alike, so no answer could tell them apart. Use another sharing."
            raise InvalidConfig([Fault("sharing", message)])
    return tuple((*answer, end) for answer in answers)
