"""MQAN's decoder: each step points into the context, into the question, or at a word of the answers' vocabulary."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import layer_norm, pad

from mtl_core.encoders.batch import Batch
from mtl_core.encoders.heads import NEVER, Head, HeadShape, draw

TINY = 1e-10
"""Added to probabilities before their logarithm."""


class Read(NamedTuple):
    """A batch of rows as the decoder sees it."""

    ids: Tensor
    """(R, L)"""
    context: Tensor
    question: Tensor
    """(R, L, S)"""
    in_context: Tensor
    in_question: Tensor
    """(R, L)"""


class State(NamedTuple):
    """The state that the decoder carries from step to step, for K answers a row."""

    hidden: Tensor
    cell: Tensor
    joined: Tensor
    """(R, K, S)"""


class Mixture(NamedTuple):
    """The next token's probabilities, which add up to one."""

    generated: Tensor
    """(R, K, A): gamma * p_vocabulary, of each word of the answers' vocabulary."""
    copied: Tensor
    """(R, K, L): (1 - gamma) * (lambda * p_context + (1 - lambda) * p_question), of each place in the row."""


class PointerDecoder(Head):
    """Answers in tokens. See sharing/pointer.py for its formula."""

    answers: Tensor

    def __init__(self, shape: HeadShape, *, words: int, size: int, answers: list[int], end: int) -> None:
        """`words` are a word embedding's features, `answers` the token ids that it can generate, `end` among them."""
        super().__init__()
        self.end = end
        self.dropout = nn.Dropout(shape.dropout)
        self.context, self.question = nn.Linear(shape.width, size), nn.Linear(shape.width, size)
        self.cell = nn.LSTMCell(words + size, size)
        self.to_context, self.to_question = (nn.Linear(size, size, bias=False) for _ in range(2))
        self.join_context, self.join_question = (nn.Linear(2 * size, size) for _ in range(2))
        self.vocabulary = nn.Linear(size, len(answers))
        self.generates, self.points_to_context = (nn.Linear(2 * size + words, 1) for _ in range(2))
        self.register_buffer("answers", torch.tensor(answers), persistent=False)

    def renew(self, seed: int) -> None:
        """Draws all weights again from `seed`."""
        draw(self, seed)

    def read(self, states: Tensor, batch: Batch) -> Read:
        """The encoder's states as the steps read them: (R, L, D) -> (R, L, S) twice."""
        assert batch.context_mask is not None
        before = (batch.attention_mask == 1) & (batch.context_mask.cumsum(dim=1) == 0) & (batch.input_ids != self.end)
        before[:, 0] = False
        states = self.dropout(states)
        return Read(
            batch.input_ids,
            self.context(states),
            self.question(states),
            _never_empty(batch.context_mask),
            _never_empty(before),
        )

    def begin(self, read: Read, count: int) -> State:
        """The state before the first step of `count` answers a row."""
        zeros = read.context.new_zeros(len(read.ids), count, self.cell.hidden_size)
        return State(zeros, zeros, zeros)

    def step(self, read: Read, state: State, words: Tensor) -> tuple[Mixture, State]:
        """From the previous tokens' embeddings, (R, K, E), to the next tokens' probabilities."""
        words = layer_norm(words, words.shape[-1:])
        inputs = torch.cat([words, state.joined], dim=2).flatten(0, 1)
        hidden, cell = self.cell(inputs, (state.hidden.flatten(0, 1), state.cell.flatten(0, 1)))
        hidden, cell = hidden.view_as(state.hidden), cell.view_as(state.cell)
        in_context = _attend(self.to_context(hidden), read.context, read.in_context)  # (R, K, L)
        in_question = _attend(self.to_question(hidden), read.question, read.in_question)
        joined = torch.tanh(self.join_context(torch.cat([in_context @ read.context, hidden], dim=2)))
        question = torch.tanh(self.join_question(torch.cat([in_question @ read.question, hidden], dim=2)))
        gamma = torch.sigmoid(self.generates(torch.cat([joined, hidden, words], dim=2)))  # (R, K, 1)
        into_context = torch.sigmoid(self.points_to_context(torch.cat([question, hidden, words], dim=2)))
        generated = self.vocabulary(self.dropout(joined)).softmax(dim=2)
        return mix(gamma, into_context, generated, in_context, in_question), State(hidden, cell, joined)

    def log_likelihoods(self, read: Read, tokens: Tensor, embeddings: nn.Module) -> Tensor:
        """Each token's log-probability after the ones before it, (R, K, A) -> (R, K, A); 0 where there is none (-1)."""
        state, words = self.begin(read, tokens.shape[1]), embeddings(torch.full_like(tokens[..., 0], self.end))
        log_probabilities = []
        for now in tokens[..., : int((tokens >= 0).sum(dim=2).max())].unbind(dim=2):
            mixture, state = self.step(read, state, words)
            probability = self.probability_of(mixture, read, now)
            log_probabilities.append((probability + TINY).log().masked_fill(now < 0, 0.0))
            words = embeddings(now.clamp(min=0))
        return pad(torch.stack(log_probabilities, dim=2), (0, tokens.shape[2] - len(log_probabilities)))

    def probability_of(self, mixture: Mixture, read: Read, tokens: Tensor) -> Tensor:
        """Of one token for each answer: (R, K) -> (R, K)."""
        generated = mixture.generated * (self.answers == tokens[..., None])
        copied = mixture.copied * (read.ids[:, None] == tokens[..., None])
        return generated.sum(dim=2) + copied.sum(dim=2)

    def distribution(self, mixture: Mixture, read: Read, size: int) -> Tensor:
        """Of every token id below `size`: (R, K, size)."""
        whole = mixture.copied.new_zeros(*mixture.copied.shape[:2], size)
        whole[..., self.answers] = mixture.generated
        return whole.scatter_add(2, read.ids[:, None].expand_as(mixture.copied), mixture.copied)


def mix(gamma: Tensor, into_context: Tensor, generated: Tensor, in_context: Tensor, in_question: Tensor) -> Mixture:
    """p = gamma * p_vocabulary + (1 - gamma) * (lambda * p_context + (1 - lambda) * p_question), by place."""
    pointed = into_context * in_context + (1 - into_context) * in_question
    return Mixture(gamma * generated, (1 - gamma) * pointed)


def _attend(asking: Tensor, states: Tensor, mask: Tensor) -> Tensor:
    """(R, K, S), (R, L, S), (R, L) -> (R, K, L)"""
    scores = asking @ states.transpose(1, 2)
    return scores.masked_fill(~mask[:, None], NEVER).softmax(dim=2)


def _never_empty(mask: Tensor) -> Tensor:
    """Rows without any such token get their first one: (R, L) -> (R, L)."""
    mask = mask.clone()
    mask[:, 0] |= ~mask.any(dim=1)
    return mask
