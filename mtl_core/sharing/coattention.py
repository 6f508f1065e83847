"""Dynamic coattention for span tasks over a shared encoder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from mtl_core import kinds
from mtl_core.data.batches import Batch
from mtl_core.kinds import Head, HeadShape, Kind
from mtl_core.kinds.span import Span
from mtl_core.sharing import Sharing
from mtl_core.sharing._coattention_head import CoattentionHead
from mtl_core.sharing._later_head import LaterHead
from mtl_core.sharing._rephrased import Rephrased
from mtl_core.tasks import Task


class Iterated(Rephrased):
    """A span task whose head points several times; the last time counts. Encoded as a span task."""

    name = "span"
    own = Span()

    def head(self, task: Task, shape: HeadShape) -> LaterHead:
        """The sharing knows its size."""
        return LaterHead(shape)

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Mean over iterations, and first and last token: (R, I, 2, L), (R, 2) -> ()."""
        targets = batch.targets[:, None].expand(-1, output.shape[1], -1)
        return cross_entropy(output.flatten(0, 2), targets.flatten())

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """Best legal span of the last iteration: (R, I, 2, L) -> (R, 4)."""
        return self.own.summarise(output[:, -1], batch)


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
        made: dict[str, Head] = {}
        for task, head in heads.items():
            made[task] = head
            if isinstance(head, LaterHead):
                made[task] = CoattentionHead(head.shape, size=size, pool=pool, iterations=iterations)
                made[task].renew(head.seed)
        super().__init__(encoder, made)
        self.encoder = encoder

    @classmethod
    def kind_of(cls, task: Task) -> Kind:
        """Span tasks are pointed at several times, others stay as they are."""
        return Iterated() if task.kind == "span" else kinds.kind_of(task)

    def encoder_of(self, task: str) -> nn.Module:
        """The one encoder."""
        return self.encoder
