"""One head for all tasks: every answer is a span of the text."""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from mtl_core.encoders.heads import Head
from mtl_core.kinds import Task
from mtl_core.kinds._model import KindModel, model_of
from mtl_core.sharing import Sharing


class SpanForAll(Sharing):
    """One encoder, one head: a classification names its labels in a question and points at one.

    row = [labels as a question, second text of a pair | first text, or context]
    start, end = head(encoder(row)); P(label) = softmax over labels of start[its first token] + end[its last token]

    Source: Keskar et al. 2019, "Unifying Question Answering, Text Classification, and Regression via Span
    Extraction", section 3; the labels as a question are the idea of McCann et al. 2018, "The Natural Language
    Decathlon". Differs from it: the labels come first in the row, so that no text can push them out; a label's
    probability is taken among the labels alone; a number is one of 21, evenly apart on its scale. The head starts as
    the first task's would, and a schedule that renews one task's head renews all.
    """

    name = "span"

    def __init__(self, encoder: nn.Module, heads: Mapping[str, Head]) -> None:
        one = next(iter(heads.values()))
        super().__init__(encoder, dict.fromkeys(heads, one))
        self.encoder = encoder

    @classmethod
    def kind_of(cls, task: Task) -> KindModel:
        """Labels and numbers are spans of the row, spans stay as they are."""
        return model_of(task).asked_as_span(task)

    def encoder_of(self, task: str) -> nn.Module:
        """The one encoder."""
        return self.encoder
