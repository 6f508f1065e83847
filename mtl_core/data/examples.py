"""Examples with stable ids, made from rows of any source and checked on the way."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mtl_core.errors import DataError
from mtl_core.tasks import Classification, Span, Task

Row = Mapping[str, Any]
Where = Callable[[int], str]
"""Says where row n (from 0) stands, for error messages: "train.tsv, line 12"."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A gold answer. `start` counts characters of the context; -1 where the text is not found in it."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled example of a task."""

    id: str
    """Sixteen characters from task and inputs alone: the same in every run, whatever seed, order or subset."""
    inputs: tuple[str, ...]
    """The task's input columns, in its order."""
    gold: int | tuple[Answer, ...]
    """Classification: index of the label. Span: every gold answer."""


@dataclass(frozen=True, slots=True)
class Split:
    """The examples of one split of one task."""

    examples: tuple[Example, ...]
    notes: tuple[str, ...] = ()
    """What the reader should know: answers that are not at their offset, for instance."""


@dataclass(frozen=True, slots=True)
class TaskData:
    """What a source gives for a task."""

    train: Split
    dev: Split


def build(task: Task, rows: Iterable[Row], where: Where) -> Split:
    """Checked examples of `rows`. Raises DataError for missing columns, unknown labels, or no rows at all."""
    if isinstance(task, Classification):
        split = _classification(task, rows, where)
    elif isinstance(task, Span):
        split = _span(task, rows, where)
    else:
        raise DataError(f"the task '{task.name}' is of a kind that no source can read yet")
    if not split.examples:
        raise DataError(f"{where(0)}: there are no examples. Give a file with at least one row.")
    return split


def _classification(task: Classification, rows: Iterable[Row], where: Where) -> Split:
    ids, examples, column = _Ids(task), [], ""
    known = _labels(task)
    for number, row in enumerate(rows):
        if not number:
            _need(task.inputs, row, where(number))
            column = _label_column(task, row, where(number))
        label = known.get(str(row[column]).strip())
        if label is None:
            raise DataError(
                f"{where(number)}: unknown label '{row[column]}' for {task.name}. "
                f"Labels are {', '.join(task.labels)} or their numbers 0 to {len(task.labels) - 1}."
            )
        inputs = tuple(_text(row[name]) for name in task.inputs)
        examples.append(Example(ids.of(inputs), inputs, label))
    return Split(tuple(examples))


def _span(task: Span, rows: Iterable[Row], where: Where) -> Split:
    ids, examples, moved, lost = _Ids(task), [], 0, 0
    for number, row in enumerate(rows):
        if not number:
            _need((*task.inputs, "answers"), row, where(number))
        inputs = tuple(_text(row[name]) for name in task.inputs)
        answers = []
        for text, start in _answers(row["answers"], where(number)):
            found = _locate(inputs[1], text, start)
            moved += found != start
            lost += found < 0
            answers.append(Answer(text, found))
        if not answers:
            raise DataError(f"{where(number)}: the question has no answer. SQuAD v1.1 has one for each.")
        examples.append(Example(ids.of(inputs), inputs, tuple(answers)))
    notes = []
    if moved:
        notes.append(
            f"{moved:,} of the gold answers are not at their offset: {moved - lost:,} were found elsewhere in "
            f"their context, {lost:,} are not in it and train nothing"
        )
    return Split(tuple(examples), tuple(notes))


def digest_of(examples: Sequence[Example]) -> str:
    """Sixteen characters that change with any example, its label or the order."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(f"{example.id}{example.gold}".encode())
    return digest.hexdigest()[:16]


class _Ids:
    """Ids from content; a repeated content gets its own id by its count."""

    def __init__(self, task: Task) -> None:
        self.task = task.name
        self.seen: Counter[str] = Counter()

    def of(self, inputs: tuple[str, ...]) -> str:
        key = "\x1f".join((self.task, *inputs))
        self.seen[key] += 1
        if self.seen[key] > 1:
            key = f"{key}\x1e{self.seen[key]}"
        return hashlib.sha256(key.encode()).hexdigest()[:16]


def _labels(task: Classification) -> dict[str, int]:
    """Names and numbers of the classes, as text, to their index."""
    return {str(key): index for index, label in enumerate(task.labels) for key in (label, index)}


def _need(columns: Iterable[str], row: Row, where: str) -> None:
    missing = [column for column in columns if column not in row]
    if missing:
        raise DataError(f"{where}: no column '{missing[0]}'. {_expected(columns, row)}")


def _label_column(task: Classification, row: Row, where: str) -> str:
    for column in task.label_columns:
        if column in row:
            return column
    raise DataError(f"{where}: no label column. {_expected((*task.inputs, ' or '.join(task.label_columns)), row)}")


def _expected(columns: Iterable[str], row: Row) -> str:
    return f"Expected {', '.join(columns)}; found {', '.join(map(str, row)) or 'nothing'}."


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _answers(value: Any, where: str) -> list[tuple[str, int]]:
    """Answers in either form that SQuAD is distributed in: a list of pairs or a pair of lists."""
    try:
        if isinstance(value, Mapping):
            return list(dict.fromkeys(zip(value["text"], map(int, value["answer_start"]), strict=True)))
        return list(dict.fromkeys((str(answer["text"]), int(answer["answer_start"])) for answer in value))
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{where}: an answer needs 'text' and 'answer_start' ({error!r}).") from error


def _locate(context: str, text: str, start: int) -> int:
    """Where the answer really starts: at its offset, at the occurrence nearest to it, or nowhere (-1)."""
    if text and context[start : start + len(text)] == text and start >= 0:
        return start
    places, place = [], context.find(text) if text else -1
    while place >= 0:
        places.append(place)
        place = context.find(text, place + 1)
    return min(places, key=lambda p: abs(p - start), default=-1)
