"""One text or a pair of texts gets one of a few labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from mtl_core.kinds import Kind, Task
from mtl_core.kinds._blocks import Bar, Bars, Block
from mtl_core.kinds._guessing import LABEL_NAMES, MOST_LABELS, Columns, Guess, inputs_of
from mtl_core.kinds._numbered import own_labels, remarks
from mtl_core.kinds._reading import Reader, Row, indices, is_empty
from mtl_core.records import Answered, DevExample, Example, Prediction


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification(Task):
    """One text, or a pair of texts, gets one of a few labels."""

    kind: ClassVar[str] = "classification"

    labels: tuple[str, ...]
    """Names of the classes; a label in the data is such a name or its index."""
    label_columns: tuple[str, ...] = ("label", "gold_label")
    """Names that the label's column may have."""
    metrics: tuple[str, ...] = ("accuracy",)


class ClassificationReader(Reader):
    """Reads texts and a label, by name or by number."""

    def __init__(self, task: Classification) -> None:
        super().__init__(task)
        self.gold_columns = task.label_columns
        self._numbers = indices(task.labels)

    def unlabelled(self, value: Any) -> bool:
        """True for no label, "-", and the -1 of the hub's data sets, unless the task has a label of that name."""
        return str(value).strip() not in self._numbers and (is_empty(value) or str(value).strip() in ("-1", "-1.0"))

    def gold(self, value: Any, inputs: tuple[str, ...]) -> int:
        """The label's index. JSON's true and false are labels of that name, or else the second and the first."""
        text = str(value).strip()
        number = self._numbers.get(text, self._numbers.get(text.removesuffix(".0")))  # pandas: 1.0 beside a null
        if number is None and isinstance(value, bool) and len(self.task.labels) == 2:
            number = self._numbers.get(text.lower(), int(value))
        if number is None:
            labels = self.task.labels
            raise ValueError(
                f"unknown label '{value}' for {self.task.name}. "
                f"Labels are {', '.join(labels)} or their numbers 0 to {len(labels) - 1}."
            )
        return number


class ClassificationKind(Kind):
    """Labels: gold is a label's index; an answer keeps the probabilities of all labels."""

    name = "classification"
    asks = "Which label is the right one?"
    answers = "labels"
    right_words = "the right label"

    def reader(self, task: Classification) -> ClassificationReader:
        """A reader of labelled texts."""
        return ClassificationReader(task)

    def guess(self, table: Columns) -> Guess | None:
        """A column with few different values beside one or two texts."""
        label = table.label(lambda column: 2 <= len(column.counts or ()) <= MOST_LABELS)
        inputs = table.texts(label)
        if label is None or not inputs or label.counts is None or len(label.counts) < 2:
            return None
        points, own = label.points, len(label.counts) / label.filled
        nearly = points.odd is not None and points.low <= points.high and own > 0.5  # numbers, and something else
        if (own == 1 or nearly) and label.filled > 2 and not table.labels:
            return None  # each row has its own
        named, numbers = label.name.lower() in LABEL_NAMES, label.fractions
        weight = 0.7 + 0.2 * named - 0.5 * numbers - 0.3 * (len(label.counts) > label.filled / 3)
        labels = sorted(label.counts, key=lambda one: (label.numbers.read(one) if label.numeric else 0.0, one))
        return Guess(weight, {**inputs_of(inputs), "labels": labels, "label_columns": [label.name]})

    def with_names(self, task: Classification, row: Row, names: Mapping[str, Sequence[str]]) -> Row:
        """The label by name where the file's schema has the task's own names, as it may number them otherwise."""
        for column in task.label_columns:
            value, own = row.get(column), own_labels(names.get(column, ()), task.labels)
            if isinstance(value, int) and value in own:
                return {**row, column: own[value]}
        return row

    def named(self, task: Classification, names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        """Names that are not the task's: taken by their number, or refused."""
        return remarks(task.name, task.labels, task.label_columns, names)

    def stratum(self, task: Classification, example: Example) -> str:
        """The label."""
        return task.labels[int(example.gold)]

    def unanswered(self, inputs: tuple[str, ...]) -> Example:
        """With the first label as a placeholder."""
        return Example("typed", inputs, 0)

    def show(self, task: Classification, example: Example, position: int) -> DevExample:
        """Texts and label."""
        label = task.labels[example.gold]
        return DevExample(example.id, task.name, position, example.inputs, [label], label)

    def compared(
        self, task: Classification, examples: Sequence[Example], predictions: Sequence[Prediction]
    ) -> tuple[list[int], list[int]]:
        """Indices of labels."""
        numbers = {label: index for index, label in enumerate(task.labels)}
        return [numbers[one.prediction] for one in predictions], [example.gold for example in examples]

    def stored(self, task: Classification | None, gold: list[Any]) -> int | str:
        """The label's index; its name where the task has it no more."""
        label = str(gold[0])
        return task.labels.index(label) if task and label in task.labels else label

    def recognises(self, gold: list[Any]) -> bool:
        """A label is a text."""
        return all(isinstance(one, str) for one in gold)

    def options(self, task: Classification) -> tuple[str, ...]:
        """The labels."""
        return task.labels

    def has_options(self) -> bool:
        """Yes: labels."""
        return True

    def answer_blocks(self, example: DevExample, prediction: Prediction) -> list[Block]:
        """Every label's probability, the gold one marked."""
        return [_bars(prediction.detail, prediction.prediction, example.label)]

    def reply_blocks(self, inputs: Sequence[str], answer: Answered) -> list[Block]:
        """Every label's probability."""
        return [_bars(answer.detail, answer.prediction, None)]

    def document(self, answer: Answered) -> dict[str, Any]:
        """The label and all probabilities."""
        return {"label": answer.prediction, "probabilities": answer.detail["probabilities"]}

    def words(self, answer: Answered) -> str:
        """The label and all probabilities in percent."""
        shares = answer.detail["probabilities"].items()
        return f"{answer.prediction}  ({', '.join(f'{label} {100 * share:.1f} %' for label, share in shares)})"


def _bars(detail: Mapping[str, Any], predicted: str, gold: str | None) -> Bars:
    shares: Mapping[str, float] = detail.get("probabilities", {})
    return Bars(tuple(Bar(label, share, label == gold, label == predicted) for label, share in shares.items()))
