"""Answers that are spelt, token by token, up to an end token, and found again in their context."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from torch import Tensor

from mtl_core.encoders.batch import Batch, Encoded, Ints
from mtl_core.errors import EncoderError
from mtl_core.kinds._asked import Asked
from mtl_core.kinds._marks import trimmed

LONGEST_ANSWER = 30
"""Tokens of an answer at most, as in Devlin et al. 2019's code."""
UNUSED = -1
"""Stands where an answer has ended."""


class Spelt(Asked):
    """A task whose answers are spelt.

    The output begins with the gold answer's log-probabilities, (R, A), as many columns as the targets have."""

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Mean over rows of each answer's mean over its tokens: (R, A + ...), (R, A) -> ()."""
        there = batch.targets >= 0
        likelihoods = output[:, : there.shape[1]]
        return -(likelihoods.sum(dim=1) / there.sum(dim=1)).mean()


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


def text_of(context: str, encoded: Encoded, row: int, places: list[int]) -> tuple[str, tuple[int, int]]:
    """The text that tokens of a row spell, and its place in the context; (0, 0) where it is not there in one piece."""
    begin, end = encoded.starts[row], encoded.starts[row + 1]
    tokens, offsets = encoded.tokens[begin:end], encoded.offsets[begin:end]
    whole = _occurrences(tokens, offsets, tokens[places])
    if whole:
        first = min(whole, key=lambda place: abs(place - places[0]))
        start, stop = trimmed(context, int(offsets[first, 0]), int(offsets[first + len(places) - 1, 1]))
        return context[start:stop], (start, stop)
    return _put_together(context, offsets[places].tolist()), (0, 0)


def _occurrences(tokens: Ints, offsets: Ints, answer: Ints) -> list[int]:
    """Places in the row's context where the tokens stand one after the other."""
    windows = np.lib.stride_tricks.sliding_window_view(tokens, len(answer))
    inside = np.lib.stride_tricks.sliding_window_view(offsets[:, 0] >= 0, len(answer))
    places: list[int] = np.flatnonzero((windows == answer).all(axis=1) & inside.all(axis=1)).tolist()
    return places


def _put_together(context: str, ranges: list[list[int]]) -> str:
    """Pieces of the context, with a space before each that has one there, and none before the rest of a word."""
    text = ""
    for start, stop in (trimmed(context, *each) for each in ranges):
        begins_word = start == 0 or context[start - 1].isspace()
        text += (" " if text and begins_word else "") + context[start:stop]
    return text
