"""The dynamic coattention network over an encoder's states."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from mtl_core.encoders.batch import Batch
from mtl_core.encoders.heads import NEVER, Head, HeadShape, draw
from mtl_core.sharing._pointing_decoder import PointingDecoder


class Part(NamedTuple):
    """Chosen tokens of each row, moved together: M of L."""

    places: Tensor
    """(R, M): where in the row they stand."""
    kept: Tensor
    """(R, M): False where a row has fewer of them."""

    def of(self, states: Tensor) -> Tensor:
        """(R, L, D) -> (R, M, D)"""
        return states.gather(1, self.places[..., None].expand(-1, -1, states.shape[2]))


class CoattentionHead(Head):
    """Reads question and context against each other and points at the answer, several times over.

    The document is the context and the row's first token, which stands for "no answer here".
    """

    def __init__(self, shape: HeadShape, *, size: int, pool: int, iterations: int) -> None:
        super().__init__()
        self.to_size = nn.Sequential(nn.Dropout(shape.dropout), nn.Linear(shape.width, size))
        self.sentinels = nn.Parameter(torch.zeros(2, size))
        self.question = nn.Linear(size, size)
        self.fusion = nn.LSTM(3 * size, size, batch_first=True, bidirectional=True)
        self.decoder = PointingDecoder(size, pool, iterations)

    def renew(self, seed: int) -> None:
        """Draws all weights again from `seed`."""
        draw(self, seed)

    def forward(self, states: Tensor, batch: Batch) -> Tensor:
        """(R, L, D) -> (R, I, 2, L) logits of first and last token after each iteration, all but the document shut."""
        document, question = (together(mask) for mask in parts_of(batch))
        with torch.autocast(states.device.type, enabled=False):
            logits = self._point(states.float(), document, question)  # (R, I, 2, M)
        row = logits.new_full((*logits.shape[:3], states.shape[1]), NEVER)
        places = document.places[:, None, None].expand_as(logits)
        return row.scatter(3, places, logits)

    def _point(self, states: Tensor, document: Part, question: Part) -> Tensor:
        states = self.to_size(states)
        read = document.of(states)  # (R, M, S)
        query = torch.tanh(self.question(_with(question.of(states), self.sentinels[0])))  # (R, N + 1, S)
        seen = _with(read, self.sentinels[1])  # (R, M + 1, S)
        context = coattend(seen, query, _with_one(document.kept), _with_one(question.kept))[:, :-1]  # (R, M, 2S)
        fused = self._fuse(torch.cat([read, context], dim=2), document.kept)
        return self.decoder(fused, document.kept)  # type: ignore[no-any-return]

    def _fuse(self, joined: Tensor, kept: Tensor) -> Tensor:
        """In both directions over the document alone: (R, M, 3S) -> (R, M, 2S)."""
        lengths = kept.sum(dim=1).cpu()
        packed = pack_padded_sequence(joined, lengths, batch_first=True, enforce_sorted=False)
        return pad_packed_sequence(self.fusion(packed)[0], batch_first=True)[0]


def coattend(document: Tensor, question: Tensor, in_document: Tensor, in_question: Tensor) -> Tensor:
    """Coattention: each word of the document attends to the question and to the question's view of the document.

    L = D^T Q; A^Q = softmax(L) over the document; A^D = softmax(L^T) over the question; C^Q = D A^Q;
    C^D = [Q; C^Q] A^D.

    (R, M, S), (R, N, S) and their masks, False at padding, (R, M) and (R, N) -> (R, M, 2S)
    """
    affinity = document @ question.transpose(1, 2)  # (R, M, N)
    for_question = affinity.masked_fill(~in_document[:, :, None], NEVER).softmax(dim=1)
    for_document = affinity.masked_fill(~in_question[:, None], NEVER).softmax(dim=2)
    summaries = for_question.transpose(1, 2) @ document  # (R, N, S)
    return for_document @ torch.cat([question, summaries], dim=2)


def parts_of(batch: Batch) -> tuple[Tensor, Tensor]:
    """Masks of the document's tokens, the first one among them, and of the question's before it: (R, L) each."""
    assert batch.context_mask is not None
    document = batch.context_mask.clone()
    question = (batch.attention_mask == 1) & (batch.context_mask.cumsum(dim=1) == 0)
    document[:, 0], question[:, 0] = True, False
    return document, question


def together(mask: Tensor) -> Part:
    """The tokens of each row where the mask is True, in their order: (R, L) -> (R, M)."""
    counts = mask.sum(dim=1)
    longest = int(counts.max())
    places = torch.argsort(mask.to(torch.uint8), dim=1, descending=True, stable=True)[:, :longest]
    return Part(places, torch.arange(longest, device=mask.device) < counts[:, None])


def _with(states: Tensor, sentinel: Tensor) -> Tensor:
    """A sentinel after the last state, for words that attend to nothing: (R, N, S) -> (R, N + 1, S)."""
    return torch.cat([states, sentinel.expand(len(states), 1, -1)], dim=1)


def _with_one(kept: Tensor) -> Tensor:
    return torch.nn.functional.pad(kept, (0, 1), value=True)
