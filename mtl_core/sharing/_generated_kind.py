"""Tasks whose answers are spelt, token by token, up to an end token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mtl_core.data.batches import Batch, Encoded, Ints
from mtl_core.errors import EncoderError, Fault, InvalidConfig
from mtl_core.kinds import Floats, HeadShape, Lengths
from mtl_core.kinds.classification import Classification
from mtl_core.kinds.span import LONGEST_ANSWER, NEVER, Span, judged
from mtl_core.records import Example, Prediction
from mtl_core.sharing._later_head import LaterHead
from mtl_core.sharing._options import ask, labels_of, options_of
from mtl_core.sharing._rephrased import Rephrased
from mtl_core.sharing._spelling import UNUSED, text_of
from mtl_core.tasks import Task


class Generated(Rephrased):
    """The output begins with the gold answer's log-probabilities, (R, A), as many columns as the targets have."""

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Mean over rows of each answer's mean over its tokens: (R, A + ...), (R, A) -> ()."""
        there = batch.targets >= 0
        likelihoods = output[:, : there.shape[1]]
        return -(likelihoods.sum(dim=1) / there.sum(dim=1)).mean()


class GeneratedLabel(Generated):
    """The answer is the label, spelt as it stands in the question. targets: (R, A) token ids, -1 after the end."""

    name = "generated label"
    own = Classification()

    def encode(self, task: Task, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row an example. Raises InvalidConfig where the labels leave no room, or two are spelt alike."""
        answers = side_by_side(spelt_labels(task, tokenizer))
        right = answers[np.array([example.gold for example in examples], dtype=np.int32)]
        return ask(task, examples, tokenizer, lengths, targets=right, offsets=True)

    def head(self, task: Task, shape: HeadShape) -> LaterHead:
        """The sharing makes one decoder from all tasks' labels."""
        return LaterHead(shape, spelt_labels(task, shape.tokenizer))

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """The labels' probabilities, from each one's log-likelihood: (R, A + C) -> (R, C)."""
        return torch.softmax(output[:, batch.targets.shape[1] :], dim=-1)


class GeneratedSpan(Generated):
    """The answer's tokens, at most LONGEST_ANSWER, then the end; the end at once where a window has no answer."""

    name = "generated span"
    own = Span()

    def encode(self, task: Task, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """The windows of a span task. targets: (R, A) token ids, -1 after the end."""
        encoded, end = self.own.encode(task, examples, tokenizer, lengths), end_of(tokenizer)
        answers = []
        for start, (first, last) in zip(encoded.starts.tolist(), encoded.targets.tolist(), strict=False):
            found = encoded.tokens[start + first : start + last + 1].tolist() if last else []
            answers.append((*found[:LONGEST_ANSWER], end))
        return replace(encoded, targets=side_by_side(answers))

    def head(self, task: Task, shape: HeadShape) -> LaterHead:
        """The sharing makes one decoder for all tasks."""
        return LaterHead(shape)

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """Score, log-probability and places of what was spelt: (R, A + S) -> (R, S)."""
        return output[:, batch.targets.shape[1] :]

    def decode(self, task: Task, examples: Sequence[Example], encoded: Encoded, summaries: Floats) -> list[Prediction]:
        """The likeliest answer of all windows that have one."""
        return [_best_answer(example, number, encoded, summaries) for number, example in enumerate(examples)]


def spelt_labels(task: Task, tokenizer: Any) -> tuple[tuple[int, ...], ...]:
    """Token ids of each label and the end. Raises InvalidConfig where two labels are the same to the tokenizer."""
    answers, labels, end = options_of(task, tokenizer).answers(), labels_of(task), end_of(tokenizer)
    for place, answer in enumerate(answers):
        if answer in answers[:place]:
            same = f"the labels '{labels[answers.index(answer)]}' and '{labels[place]}' of {task.name}"
            message = f"this encoder spells {same} alike, so no answer could tell them apart. Use another sharing."
            raise InvalidConfig([Fault("sharing", message)])
    return tuple((*answer, end) for answer in answers)


def end_of(tokenizer: Any) -> int:
    """The token that ends an answer: the one that ends a text. Raises EncoderError where there is none."""
    end = tokenizer.sep_token_id if tokenizer.sep_token_id is not None else tokenizer.eos_token_id
    if end is None:
        raise EncoderError("this encoder has no token that ends a text, which answers need. Use another sharing.")
    return int(end)


def side_by_side(answers: Sequence[tuple[int, ...]]) -> Ints:
    """(rows, A): token ids, -1 after each row's end."""
    filled = np.full((len(answers), max(map(len, answers))), -1, dtype=np.int32)
    for row, answer in enumerate(answers):
        filled[row, : len(answer)] = answer
    return filled


def _best_answer(example: Example, number: int, encoded: Encoded, summaries: Floats) -> Prediction:
    """Confidence is the probability of the answer in its window; of no answer, that of none in any window."""
    rows = range(encoded.first_rows[number], encoded.first_rows[number + 1])
    row = max(rows, key=lambda r: summaries[r, 0])
    score, likelihood, *places = summaries[row].tolist()
    if score <= NEVER:
        nowhere = float(np.exp(summaries[rows.start : rows.stop, 1].astype(np.float64).sum()))
        return judged(example, "", (0, 0), min(1.0, nowhere))
    said, place = text_of(example.inputs[1], encoded, row, [int(at) for at in places if at != UNUSED])
    return judged(example, said, place, min(1.0, float(np.exp(likelihood))))
