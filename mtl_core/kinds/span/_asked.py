"""Spans asked in other ways: spelt, or pointed at several times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from torch import Tensor
from torch.nn.functional import cross_entropy

from mtl_core.encoders.batch import Batch, Encoded
from mtl_core.encoders.heads import NEVER, HeadShape, LaterHead
from mtl_core.kinds._asked import Asked
from mtl_core.kinds._model import Floats, Lengths
from mtl_core.kinds._spelling import LONGEST_ANSWER, UNUSED, Spelt, end_of, side_by_side, text_of
from mtl_core.kinds.span import Span, judged
from mtl_core.records import Example, Prediction


class SpanAsText(Spelt):
    """The answer's tokens, at most LONGEST_ANSWER, then the end; the end at once where a window has no answer."""

    name = "generated span"

    def encode(self, task: Span, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """The windows of a span task. targets: (R, A) token ids, -1 after the end."""
        encoded, end = self.own.encode(task, examples, tokenizer, lengths), end_of(tokenizer)
        answers = []
        for start, (first, last) in zip(encoded.starts.tolist(), encoded.targets.tolist(), strict=False):
            answer = encoded.tokens[start + first : start + last + 1].tolist() if last else []
            answers.append((*answer[:LONGEST_ANSWER], end))
        return replace(encoded, targets=side_by_side(answers))

    def head(self, task: Span, shape: HeadShape) -> LaterHead:
        """The sharing makes one decoder for all tasks."""
        return LaterHead(shape)

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """Score, log-probability and places of what was spelt: (R, A + S) -> (R, S)."""
        return output[:, batch.targets.shape[1] :]

    def decode(self, task: Span, examples: Sequence[Example], encoded: Encoded, summaries: Floats) -> list[Prediction]:
        """The likeliest answer of all windows that have one."""
        return [_best_answer(example, number, encoded, summaries) for number, example in enumerate(examples)]


class SpanRepeatedly(Asked):
    """A span task whose head points several times; the last time counts. Encoded as a span task."""

    name = "span"

    def tuned(self, task: Span) -> bool:
        """As the own kind."""
        return self.own.tuned(task)

    def tune(self, task: Span, examples: Sequence[Example], encoded: Encoded, summaries: Floats) -> float:
        """As the own kind."""
        return self.own.tune(task, examples, encoded, summaries)

    def with_tuned(self, value: float) -> SpanRepeatedly:
        """The own kind with that number."""
        return SpanRepeatedly(self.own.with_tuned(value))

    def head(self, task: Span, shape: HeadShape) -> LaterHead:
        """The sharing knows its size."""
        return LaterHead(shape)

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Mean over iterations, and first and last token: (R, I, 2, L), (R, 2) -> ()."""
        targets = batch.targets[:, None].expand(-1, output.shape[1], -1)
        return cross_entropy(output.flatten(0, 2), targets.flatten())

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """Best legal span of the last iteration: (R, I, 2, L) -> (R, 4)."""
        return self.own.summarise(output[:, -1], batch)


def _best_answer(example: Example, number: int, encoded: Encoded, summaries: Floats) -> Prediction:
    """Confidence is the probability of the answer in its window; of no answer, that of none in any window."""
    rows = range(encoded.first_rows[number], encoded.first_rows[number + 1])
    row = max(rows, key=lambda r: summaries[r, 0])
    score, likelihood, *places = summaries[row].tolist()
    if score <= NEVER:
        nowhere = float(np.exp(summaries[rows.start : rows.stop, 1].astype(np.float64).sum()))
        return judged(example, "", (0, 0), min(1.0, nowhere))
    text, place = text_of(example.inputs[1], encoded, row, [int(at) for at in places if at != UNUSED])
    return judged(example, text, place, min(1.0, float(np.exp(likelihood))))
