"""Labels asked in other ways: pointed at where they stand in the row, or spelt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mtl_core.encoders.batch import Batch, Encoded
from mtl_core.encoders.heads import HeadShape, LaterHead
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.kinds._model import Lengths
from mtl_core.kinds._options import Pointed, ask, options_of, targets
from mtl_core.kinds._spelling import Spelt, end_of, side_by_side
from mtl_core.kinds.classification import Classification
from mtl_core.records import Example


class LabelAsSpan(Pointed):
    """The labels stand at the beginning of each row, and the answer is the span of the right one."""

    name = "choice"

    def encode(self, task: Classification, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row an example. Raises InvalidConfig where the labels leave no room for a text."""
        right = np.array([example.gold for example in examples], dtype=np.int32)
        return ask(task, examples, tokenizer, lengths, targets=targets(options_of(task, tokenizer), right))


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
