"""A task asked or answered in another way than its own kind does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mtl_core.encoders.batch import Encoded
from mtl_core.kinds._model import Floats, KindModel, Lengths
from mtl_core.records import Example, Prediction


class Asked(KindModel):
    """Leaves to the task's own kind what a subclass does not do otherwise.

    One that encodes otherwise needs a `name` of its own, under which encoded texts are kept.
    """

    def __init__(self, own: KindModel) -> None:
        """`own` is the model half that the task would have."""
        self.own = own
        self.windows = own.windows  # type: ignore[misc]  # an instance's own value
        self.together = own.together  # type: ignore[misc]

    def encode(self, task: Any, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """As the own kind does."""
        return self.own.encode(task, examples, tokenizer, lengths)

    def remarks(
        self, task: Any, examples: Sequence[Example], encoded: Encoded, tokenizer: Any, lengths: Lengths
    ) -> list[str]:
        """As the own kind does."""
        return self.own.remarks(task, examples, encoded, tokenizer, lengths)

    def decode(self, task: Any, examples: Sequence[Example], encoded: Encoded, summaries: Floats) -> list[Prediction]:
        """As the own kind does."""
        return self.own.decode(task, examples, encoded, summaries)

    def ranked_by(self, summaries: Floats, prediction: Prediction) -> float:
        """As the own kind does."""
        return self.own.ranked_by(summaries, prediction)
