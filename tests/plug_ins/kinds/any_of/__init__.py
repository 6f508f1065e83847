"""A text gets any number of labels: the light half."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from mtl_core.kinds import Kind, Task
from mtl_core.kinds._blocks import Bar, Bars, Block
from mtl_core.kinds._reading import Reader
from mtl_core.records import Answered, DevExample, Example, Prediction


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf(Task):
    """A text gets any number of labels."""

    kind: ClassVar[str] = "any_of"

    labels: tuple[str, ...]
    metrics: tuple[str, ...] = ("overlap",)


class AnyOfReader(Reader):
    """Reads a text and its labels, with blanks between them."""

    gold_columns = ("labels",)

    def gold(self, value: Any, inputs: tuple[str, ...]) -> tuple[int, ...]:
        """Indices of the labels."""
        unknown = [name for name in str(value).split() if name not in self.task.labels]
        if unknown:
            raise ValueError(f"unknown label '{unknown[0]}' for {self.task.name}.")
        return tuple(sorted(self.task.labels.index(name) for name in str(value).split()))


class AnyOfKind(Kind):
    """Sets of labels."""

    name = "any_of"
    answers = "label lists"
    right_words = "exactly the right labels"

    def reader(self, task: AnyOf) -> AnyOfReader:
        """A reader of labelled texts."""
        return AnyOfReader(task)

    def unanswered(self, inputs: tuple[str, ...]) -> Example:
        """Without labels."""
        return Example("typed", inputs, ())

    def show(self, task: AnyOf, example: Example, position: int) -> DevExample:
        """Text and labels."""
        names = [task.labels[index] for index in example.gold]
        return DevExample(example.id, task.name, position, example.inputs, [names], " + ".join(names) or "none")

    def compared(
        self, task: AnyOf, examples: Sequence[Example], predictions: Sequence[Prediction]
    ) -> tuple[list[list[int]], list[list[int]]]:
        """Lists of indices."""
        return [one.detail["chosen"] for one in predictions], [[*example.gold] for example in examples]

    def recognises(self, gold: list[Any]) -> bool:
        """A list of names."""
        return bool(gold) and isinstance(gold[0], list)

    def answer_blocks(self, example: DevExample, prediction: Prediction) -> list[Block]:
        """Every label's probability."""
        shares, chosen = prediction.detail["probabilities"], prediction.prediction.split(" + ")
        return [
            Bars(tuple(Bar(name, share, name in example.gold[0], name in chosen) for name, share in shares.items()))
        ]

    def reply_blocks(self, inputs: Sequence[str], answer: Answered) -> list[Block]:
        """Every label's probability."""
        return [_bars(answer.detail, answer.prediction, [])]

    def document(self, answer: Answered) -> dict[str, Any]:
        """All probabilities."""
        return {"labels": answer.prediction, "probabilities": answer.detail["probabilities"]}

    def words(self, answer: Answered) -> str:
        """The labels."""
        return answer.prediction


def _bars(detail: dict[str, Any], predicted: str, gold: Sequence[str]) -> Bars:
    chosen = predicted.split(" + ")
    return Bars(
        tuple(Bar(name, share, name in gold, name in chosen) for name, share in detail["probabilities"].items())
    )
