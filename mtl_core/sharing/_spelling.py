"""Answers spelt by a pointer decoder out of a context, token by token."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mtl_core.encoders.heads import NEVER
from mtl_core.kinds._spelling import LONGEST_ANSWER, UNUSED
from mtl_core.sharing._pointer_decoder import TINY, PointerDecoder, Read


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
