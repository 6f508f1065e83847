"""One text or a pair of texts gets any number of labels."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from mtl_core.kinds import Kind, Task
from mtl_core.kinds._blocks import Bar, Bars, Block, Texts
from mtl_core.kinds._column import MISSING, Column
from mtl_core.kinds._guessing import MOST_LABELS, Columns, Guess, inputs_of
from mtl_core.kinds._numbered import own_labels, remarks
from mtl_core.kinds._reading import Reader, Row, indices, is_empty
from mtl_core.records import Answered, DevExample, Example, Prediction

NONE = "none"
"""The answer in a word where there is no label."""
MOST_BARS = 10
"""Labels whose probabilities are drawn: the predicted and gold ones first, then the likeliest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiLabel(Task):
    """One text, or a pair of texts, gets any number of labels, none among them."""

    kind: ClassVar[str] = "multi_label"

    labels: tuple[str, ...]
    """Names of the labels; one in the data is such a name or its index."""
    label_columns: tuple[str, ...] = ("labels", "label")
    """Names that the labels' column may have."""
    metrics: tuple[str, ...] = ("micro_f1", "macro_f1_sets", "exact_set")


class MultiLabelReader(Reader):
    """Reads texts and labels: a list, or a text with commas, semicolons or bars between them; blanks, where that gives
    the task's labels."""

    def __init__(self, task: MultiLabel) -> None:
        super().__init__(task)
        self.gold_columns = task.label_columns
        self._numbers = indices(task.labels)

    def unlabelled(self, value: Any) -> bool:
        """True for null and for NA, nan or the like: an empty text, or list, is no label, which is an answer."""
        if isinstance(value, str):
            return value.strip() in MISSING and value.strip() not in self._numbers
        return is_empty(value)

    def gold(self, value: Any, inputs: tuple[str, ...]) -> tuple[int, ...]:
        """The labels' indices, in the task's order, each once."""
        found = [str(one).strip() for one in self._named(value)]
        unknown = next((one for one in found if one not in self._numbers), None)
        if unknown is not None:
            labels = self.task.labels
            raise ValueError(
                f"unknown label '{unknown}' for {self.task.name}. "
                f"Labels are {', '.join(labels)} or their numbers 0 to {len(labels) - 1}."
            )
        return tuple(sorted({self._numbers[one] for one in found}))

    def _named(self, value: Any) -> Sequence[Any]:
        if not isinstance(value, str):
            return value if isinstance(value, (list, tuple)) else (value,)
        text = value.strip()
        if text.startswith("["):
            return _json_list(text)
        if text in self._numbers:
            return (text,)
        parts = [part for part in re.split(r"[,;|]", text) if part.strip()]
        words = text.split()
        if len(parts) == 1 and all(word in self._numbers for word in words):
            return words
        return parts


class MultiLabelKind(Kind):
    """Sets of labels: gold is their indices; an answer keeps each label's own probability."""

    name = "multi_label"
    asks = "Which labels are right, if any?"
    answers = "label sets"
    right_words = "exactly the right labels"
    right_from = 1.0
    score_title = "F1 of its labels"

    def reader(self, task: MultiLabel) -> MultiLabelReader:
        """A reader of labelled texts."""
        return MultiLabelReader(task)

    def guess(self, table: Columns) -> Guess | None:
        """A column of lists, or of texts with commas, semicolons or bars, whose parts are few and come again."""
        label = table.label(_has_labels)
        inputs = table.texts(label)
        if label is None or not inputs or not label.parts:
            return None
        if not _has_labels(label) and len(label.parts) >= label.filled > 2 and not table.labels:
            return None  # each row has its own
        weight = 0.97 if _has_labels(label) else 0.1
        return Guess(weight, {**inputs_of(inputs), "labels": sorted(label.parts), "label_columns": [label.name]})

    def with_names(self, task: MultiLabel, row: Row, names: Mapping[str, Sequence[str]]) -> Row:
        """The labels by name where the file's schema has the task's own names, as it may number them otherwise."""
        for column in task.label_columns:
            value, own = row.get(column), own_labels(names.get(column, ()), task.labels)
            if own and isinstance(value, (list, tuple)):
                return {**row, column: [own.get(one, one) if isinstance(one, int) else one for one in value]}
        return row

    def named(self, task: MultiLabel, names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        """Names that are not the task's: taken by their number, or refused."""
        return remarks(task.name, task.labels, task.label_columns, names)

    def stratum(self, task: MultiLabel, example: Example) -> str:
        """The set of labels."""
        return " + ".join(task.labels[index] for index in example.gold) or NONE

    def unanswered(self, inputs: tuple[str, ...]) -> Example:
        """Without labels."""
        return Example("typed", inputs, ())

    def show(self, task: MultiLabel, example: Example, position: int) -> DevExample:
        """Texts and labels."""
        names = [task.labels[index] for index in example.gold]
        return DevExample(
            example.id, task.name, position, example.inputs, [{"labels": names}], " + ".join(names) or NONE
        )

    def compared(
        self, task: MultiLabel, examples: Sequence[Example], predictions: Sequence[Prediction]
    ) -> tuple[list[list[int]], list[list[int]]]:
        """Lists of indices."""
        return [one.detail["chosen"] for one in predictions], [[*example.gold] for example in examples]

    def stored(self, task: MultiLabel | None, gold: list[Any]) -> list[int | str]:
        """The labels' indices; names where the task has them no more."""
        labels = task.labels if task else ()
        return [labels.index(one) if one in labels else one for one in map(str, gold[0]["labels"])]

    def recognises(self, gold: list[Any]) -> bool:
        """A gold answer is a set of labels."""
        return bool(gold) and isinstance(gold[0], dict) and "labels" in gold[0]

    def gold_blocks(self, example: DevExample) -> list[Block]:
        """The labels."""
        return [Texts("Gold labels", tuple(example.gold[0]["labels"]) or (NONE,), words=True)]

    def answer_blocks(self, example: DevExample, prediction: Prediction) -> list[Block]:
        """Every label's own probability, the gold ones marked."""
        return [_bars(prediction.detail, example.gold[0]["labels"])]

    def score_text(self, prediction: Prediction) -> str:
        """F1 of the labels."""
        return "" if prediction.correct else f"F1 of its labels {100 * prediction.score:.0f}"

    def reply_blocks(self, inputs: Sequence[str], answer: Answered) -> list[Block]:
        """Every label's own probability."""
        return [_bars(answer.detail, ())]

    def document(self, answer: Answered) -> dict[str, Any]:
        """The labels and all probabilities."""
        shares = answer.detail["probabilities"]
        return {"labels": [[*shares][place] for place in answer.detail["chosen"]], "probabilities": shares}

    def words(self, answer: Answered) -> str:
        """The labels and all probabilities in percent."""
        shares = answer.detail["probabilities"].items()
        return f"{answer.prediction}  ({', '.join(f'{label} {100 * share:.1f} %' for label, share in shares)})"


def judged(task: MultiLabel, example: Example, shares: Sequence[float]) -> Prediction:
    """All labels that are likelier than not, beside the gold ones. The score is the F1 of these labels alone, 1 where
    there are none and should be none; the confidence that in the label which is least sure."""
    chosen = [index for index, share in enumerate(shares) if share > 0.5]
    both = {*chosen} & {*example.gold}
    of = len(chosen) + len(example.gold)
    return Prediction(
        example=example.id,
        prediction=" + ".join(task.labels[index] for index in chosen) or NONE,
        correct=tuple(chosen) == tuple(example.gold),
        score=2 * len(both) / of if of else 1.0,
        confidence=min(max(share, 1 - share) for share in shares),
        detail={"chosen": chosen, "probabilities": dict(zip(task.labels, shares, strict=True))},
    )


def _bars(detail: Mapping[str, Any], golds: Collection[str]) -> Bars:
    shares: Mapping[str, float] = detail["probabilities"]
    bars = [
        Bar(label, share, label in golds, place in detail["chosen"])
        for place, (label, share) in enumerate(shares.items())
    ]
    likeliest = sorted(bars, key=lambda bar: (bar.predicted or bar.gold, bar.share))[-MOST_BARS:]
    return Bars(tuple(bar for bar in bars if bar in likeliest))


def _json_list(text: str) -> Sequence[Any]:
    """Raises ValueError for what is no list in JSON."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(
            f"'{text[:60]}' is no list of labels. Write them as JSON, or with commas between them."
        ) from error
    return found if isinstance(found, list) else (found,)


def _has_labels(column: Column) -> bool:
    """True of a column whose parts are few, short and come again, several of them in some rows."""
    few = 2 <= len(column.parts) <= min(MOST_LABELS, max(2, column.filled // 3))
    short = all(len(part.split()) <= 3 for part in column.parts)
    return few and short and not column.numeric and column.several >= max(1, column.filled / 20)
