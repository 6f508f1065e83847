"""One decoder for all tasks: every answer is spelt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, cast

import torch
from pydantic import Field
from torch import Tensor, nn

from mtl_core.encoders.batch import Batch
from mtl_core.encoders.heads import Head, LaterHead
from mtl_core.kinds import Task
from mtl_core.kinds._model import KindModel, model_of
from mtl_core.kinds._spelling import end_of, side_by_side
from mtl_core.sharing import Sharing
from mtl_core.sharing._pointer_decoder import PointerDecoder, Read
from mtl_core.sharing._spelling import spell


class Pointer(Sharing):
    """One encoder and one decoder: every task is question, context and answer, and the answer is spelt.

    h, cell = LSTM([word before; c], h, cell); p_C = softmax(C W2 h), p_Q = softmax(Q W3 h);
    c = tanh(W4 [C^T p_C; h]), q = tanh(W5 [Q^T p_Q; h]); p_V = softmax(W_v c) over the words of all tasks' labels;
    gamma = sigmoid(W_pv [c; h; word before]), lambda = sigmoid(W_cq [q; h; word before]);
    p(next token) = gamma p_V + (1 - gamma) (lambda p_C + (1 - lambda) p_Q); loss = -log p of the gold answer's tokens.

    A label's probability is its share of all labels' likelihoods; a span task's answer is the likeliest next token
    of its context, again and again until the end.

    Source: McCann et al. 2018, "The Natural Language Decathlon: Multitask Learning as Question Answering", section 3
    (MQAN). Differs from it: a pretrained encoder reads question and context in one row in place of its own encoder of
    LSTMs, coattention and self-attention; the decoder has no self-attention over the answer; the vocabulary is that
    of the labels alone; labels are compared, not spelt freely; span tasks spell with their context's tokens alone;
    the loss is a mean over the answer's tokens, not a sum. A schedule that renews one task's head renews all.
    """

    name = "pointer"

    def __init__(
        self,
        encoder: nn.Module,
        heads: Mapping[str, Head],
        *,
        size: Annotated[int, Field(ge=4, le=1024, description="Features of the decoder.")] = 128,
    ) -> None:
        later_heads = {task: cast(LaterHead, head) for task, head in heads.items()}
        first = next(iter(later_heads.values()))
        end = end_of(first.shape.tokenizer)
        words = {end, *(token for head in later_heads.values() for answer in head.answers for token in answer)}
        width = cast(nn.Embedding, encoder.get_input_embeddings()).embedding_dim  # type: ignore[operator]
        decoder = PointerDecoder(first.shape, words=width, size=size, answers=sorted(words), end=end)
        decoder.renew(first.seed)
        super().__init__(encoder, dict.fromkeys(heads, decoder))
        self.encoder = encoder
        for task, head in later_heads.items():
            labels = torch.from_numpy(side_by_side(head.answers)).long() if head.answers else None  # (C, A)
            self.register_buffer(_labels(task), labels, persistent=False)

    @classmethod
    def kind_of(cls, task: Task) -> KindModel:
        """Labels and spans are spelt, each in its way."""
        return model_of(task).asked_as_text(task)

    def encoder_of(self, task: str) -> nn.Module:
        """The one encoder."""
        return self.encoder

    def forward(self, task: str, batch: Batch) -> Tensor:
        """(R, A): the gold answer's log-probabilities; out of training, what the task answers from follows:
        its labels' log-likelihoods, or what was spelt."""
        decoder = cast(PointerDecoder, self.head(task))
        embeddings = cast(nn.Embedding, self.encoder.get_input_embeddings())  # type: ignore[operator]
        states = self.states(task, batch)
        with torch.autocast(states.device.type, enabled=False):
            read = decoder.read(states.float(), batch)
            gold = decoder.log_likelihoods(read, batch.targets[:, None], embeddings)[:, 0]
            if self.training:
                return gold
            return torch.cat([gold, self._answers(task, decoder, read, batch, embeddings)], dim=1)

    def _answers(
        self, task: str, decoder: PointerDecoder, read: Read, batch: Batch, embeddings: nn.Embedding
    ) -> Tensor:
        """(R, C) for labels, (R, S) for spans."""
        labels: Tensor | None = getattr(self, _labels(task))
        if labels is None:
            assert batch.context_mask is not None
            return spell(decoder, read, batch.context_mask, embeddings)
        every = labels.expand(len(batch.targets), -1, -1)
        return decoder.log_likelihoods(read, every, embeddings).sum(dim=2)


def _labels(task: str) -> str:
    """Name of the buffer that holds a task's labels."""
    return f"labels_of_{task}"
