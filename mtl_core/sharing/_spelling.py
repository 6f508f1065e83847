"""Answers of span tasks spelt by a pointer decoder, token by token, and found again in their context."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from mtl_core.data.batches import Encoded, Ints
from mtl_core.kinds.span import LONGEST_ANSWER, NEVER
from mtl_core.sharing._pointer_decoder import TINY, PointerDecoder, Read

UNUSED = -1
"""What stands where an answer has ended."""


def spell(decoder: PointerDecoder, read: Read, in_context: Tensor, embeddings: nn.Embedding) -> Tensor:
    """The likeliest next token, again and again, out of the context's tokens and the end.

    (R, 2 + LONGEST_ANSWER): the score (NEVER for an empty answer), the answer's log-probability, and where in the row
    its tokens stand. The context is `in_context`, (R, L).
    """
    state, rows = decoder.begin(read, 1), len(read.ids)
    words = embeddings(torch.full_like(read.ids[:, :1], decoder.end))
    total, ended = read.context.new_zeros(rows), torch.zeros_like(in_context[:, 0])
    places = torch.full((rows, LONGEST_ANSWER + 1), UNUSED, device=read.ids.device)
    for step in range(LONGEST_ANSWER + 1):
        mixture, state = decoder.step(read, state, words)
        whole = decoder.distribution(mixture, read, embeddings.num_embeddings)[:, 0]  # (R, V)
        best, place = whole.gather(1, read.ids).masked_fill(~in_context, UNUSED).max(dim=1)
        token = read.ids.gather(1, place[:, None])  # (R, 1)
        stops = (whole[:, decoder.end] >= best) | (step == LONGEST_ANSWER)
        gained = torch.where(stops, whole[:, decoder.end], best)
        total = total + (gained + TINY).log().masked_fill(ended, 0.0)
        ended = ended | stops
        alike = in_context & (read.ids == token)
        most_pointed_at = mixture.copied[:, 0].masked_fill(~alike, UNUSED).argmax(dim=1)
        places[:, step] = most_pointed_at.masked_fill(ended, UNUSED)
        if bool(ended.all()):
            break
        words = embeddings(token)
    score = total.masked_fill(places[:, 0] == UNUSED, NEVER)
    return torch.cat([torch.stack([score, total], dim=1), places[:, :-1].to(total.dtype)], dim=1)


def text_of(context: str, encoded: Encoded, row: int, places: list[int]) -> tuple[str, tuple[int, int]]:
    """What tokens of a row spell, and where it stands in the context; (0, 0) where it does not in one piece."""
    begin, end = encoded.starts[row], encoded.starts[row + 1]
    tokens, offsets = encoded.tokens[begin:end], encoded.offsets[begin:end]
    whole = _occurrences(tokens, offsets, tokens[places])
    if whole:
        first = min(whole, key=lambda place: abs(place - places[0]))
        start, stop = int(offsets[first, 0]), int(offsets[first + len(places) - 1, 1])
        return context[start:stop], (start, stop)
    return _put_together(context, offsets[places].tolist()), (0, 0)


def _occurrences(tokens: Ints, offsets: Ints, said: Ints) -> list[int]:
    """Where in the row's context the tokens stand one after the other."""
    windows = np.lib.stride_tricks.sliding_window_view(tokens, len(said))
    inside = np.lib.stride_tricks.sliding_window_view(offsets[:, 0] >= 0, len(said))
    places: list[int] = np.flatnonzero((windows == said).all(axis=1) & inside.all(axis=1)).tolist()
    return places


def _put_together(context: str, ranges: list[list[int]]) -> str:
    """Pieces of the context, with a space before each that has one there, and none before the rest of a word."""
    text = ""
    for start, stop in ranges:
        begins_word = start == 0 or context[start - 1].isspace()
        text += (" " if text and begins_word else "") + context[start:stop]
    return text
