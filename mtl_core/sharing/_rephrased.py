"""A task asked or answered in another way than its own kind does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from mtl_core.data.batches import Encoded
from mtl_core.kinds import Floats, Kind, Lengths
from mtl_core.records import DevExample, Example, Prediction
from mtl_core.tasks import Task


class Rephrased(Kind):
    """Leaves to the task's own kind what a subclass does not do otherwise.

    One that encodes otherwise needs a `name` of its own, under which encoded texts are kept.
    """

    own: ClassVar[Kind]
    """The kind that the task would have."""

    def encode(self, task: Task, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """As the own kind does."""
        return self.own.encode(task, examples, tokenizer, lengths)

    def decode(self, task: Task, examples: Sequence[Example], encoded: Encoded, summaries: Floats) -> list[Prediction]:
        """As the own kind does."""
        return self.own.decode(task, examples, encoded, summaries)

    def score(self, task: Task, examples: Sequence[Example], predictions: Sequence[Prediction]) -> dict[str, float]:
        """As the own kind does."""
        return self.own.score(task, examples, predictions)

    def show(self, task: Task, example: Example, position: int) -> DevExample:
        """As the own kind does."""
        return self.own.show(task, example, position)
