"""Dynamic coattention for span tasks over a shared encoder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field
from torch import nn

from mtl_core.encoders.heads import Head, LaterHead
from mtl_core.kinds import Task
from mtl_core.kinds._model import KindModel, model_of
from mtl_core.sharing import Sharing
from mtl_core.sharing._coattention_head import CoattentionHead


class Coattention(Sharing):
    """One encoder; span tasks get a dynamic coattention network on top, the others a plain head.

    L = D^T Q; A^Q = softmax(L); A^D = softmax(L^T); C^Q = D A^Q; C^D = [Q; C^Q] A^D; U = BiLSTM([D; C^D]);
    then, several times: h = LSTM(h, [u_s; u_e]), s = argmax HMN_start(U, h, u_s, u_e), e = argmax HMN_end(the same)

    Source: Xiong et al. 2017, "Dynamic Coattention Networks for Question Answering", section 2. Differs from it: the
    pretrained encoder, which reads question and document in one row, stands for the word vectors and their LSTM; the
    row's first token belongs to the document, to be pointed at where a window has no answer, and is where pointing
    begins; the loss is the mean over the iterations, not their sum; always as many iterations as are set; of the last
    one's logits the best legal span is taken; smaller sizes by default.
    """

    name = "coattention"

    def __init__(
        self,
        encoder: nn.Module,
        heads: Mapping[str, Head],
        *,
        size: Annotated[int, Field(ge=4, le=1024, description="Features of its layers; 200 in the paper.")] = 100,
        pool: Annotated[int, Field(ge=1, le=32, description="Pieces that a maxout takes the best of; 16 there.")] = 4,
        iterations: Annotated[int, Field(ge=1, le=10, description="How often it points; 4 in the paper.")] = 4,
    ) -> None:
        own_heads: dict[str, Head] = {}
        for task, head in heads.items():
            own_heads[task] = head
            if isinstance(head, LaterHead):
                own_heads[task] = CoattentionHead(head.shape, size=size, pool=pool, iterations=iterations)
                own_heads[task].renew(head.seed)
        super().__init__(encoder, own_heads)
        self.encoder = encoder

    @classmethod
    def kind_of(cls, task: Task) -> KindModel:
        """Spans are pointed at several times, others stay as they are."""
        return model_of(task).asked_repeatedly(task)

    def encoder_of(self, task: str) -> nn.Module:
        """The one encoder."""
        return self.encoder
