"""Examples with stable ids, made from rows of any source and checked on the way."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mtl_core.errors import DataError
from mtl_core.records import Example
from mtl_core.tasks import Classification, Span, Task

Row = Mapping[str, Any]
Where = Callable[[int | None], str]
"""Says where row n (from 0) stands, for error messages: "train.tsv, line 12". None: all of them, "train.tsv"."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A gold answer. `start` counts characters of the context; -1 where the text is not found in it."""

    text: str
    start: int


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
    reader = _reader(task)
    examples: list[Example] = []
    for number, row in enumerate(rows):
        if not number:
            _need_columns(task, reader.others, row, where(None))
        try:
            examples.append(reader.example(row))
        except KeyError as error:
            raise DataError(f"{where(number)}: the row has no {error}.") from error
        except UnicodeEncodeError as error:
            raise DataError(f"{where(number)}: a text holds half a character (a lone surrogate).") from error
        except ValueError as error:
            raise DataError(f"{where(number)}: {error}") from error
    if not examples:
        raise DataError(f"{where(None)}: there are no examples. Give at least one.")
    return Split(tuple(examples), reader.notes())


def digest_of(examples: Sequence[Example]) -> str:
    """Sixteen characters that change with any example, its label or the order."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(f"{example.id}{example.gold}".encode())
    return digest.hexdigest()[:16]


class _Reader:
    """Makes examples of one task's rows."""

    others: tuple[str, ...]
    """Names that the column beside the inputs may have."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.seen: Counter[str] = Counter()

    def example(self, row: Row) -> Example:
        """Raises KeyError for a missing column, ValueError with what is wrong with the row."""
        raise NotImplementedError

    def notes(self) -> tuple[str, ...]:
        """What is to be told once all rows are read."""
        return ()

    def texts(self, row: Row) -> list[str]:
        """The inputs, by the names that these data have for them."""
        names = self.task.inputs if self.task.inputs[0] in row else self.task.hub_inputs or self.task.inputs
        return ["" if (value := row[name]) is None else str(value) for name in names]

    def id_of(self, inputs: tuple[str, ...]) -> str:
        """An id from content; a repeated content gets its own by its count."""
        key = "\x1f".join((self.task.name, *inputs))
        self.seen[key] += 1
        if self.seen[key] > 1:
            key = f"{key}\x1e{self.seen[key]}"
        return hashlib.sha256(key.encode()).hexdigest()[:16]


class _ClassificationReader(_Reader):
    def __init__(self, task: Classification) -> None:
        super().__init__(task)
        self.others = task.label_columns
        self.labels = task.labels
        self.known = {str(key): index for index, label in enumerate(task.labels) for key in (label, index)}

    def example(self, row: Row) -> Example:
        inputs = tuple([text.strip() for text in self.texts(row)])
        label = row[next((name for name in self.others if name in row), self.others[0])]
        gold = self.known.get(str(label).strip())
        if gold is None:
            raise ValueError(
                f"unknown label '{label}' for {self.task.name}. "
                f"Labels are {', '.join(self.labels)} or their numbers 0 to {len(self.labels) - 1}."
            )
        return Example(self.id_of(inputs), inputs, gold)


class _SpanReader(_Reader):
    others = ("answers",)

    def __init__(self, task: Span) -> None:
        super().__init__(task)
        self.moved = self.lost = 0

    def example(self, row: Row) -> Example:
        inputs = tuple(self.texts(row))
        given = _answers(row["answers"])
        answers = tuple([Answer(text, _locate(inputs[1], text, start)) for text, start in given])
        self.moved += sum(answer.start != start for answer, (_, start) in zip(answers, given, strict=True))
        self.lost += sum(answer.start < 0 for answer in answers)
        return Example(self.id_of(inputs), inputs, answers)

    def notes(self) -> tuple[str, ...]:
        if not self.moved:
            return ()
        return (
            f"{self.moved:,} of the gold answers are not at their offset: {self.moved - self.lost:,} were found "
            f"elsewhere in their context, {self.lost:,} are not in it and train nothing",
        )


def _reader(task: Task) -> _Reader:
    if isinstance(task, Classification):
        return _ClassificationReader(task)
    if isinstance(task, Span):
        return _SpanReader(task)
    raise DataError(f"the task '{task.name}' is of a kind that no source can read yet")


def _need_columns(task: Task, others: Sequence[str], row: Row, where: str) -> None:
    inputs_there = any(names and set(names) <= set(row) for names in (task.inputs, task.hub_inputs))
    missing = [] if inputs_there else [f"'{name}'" for name in task.inputs if name not in row]
    if not set(others) & set(row):
        missing.append(f"'{others[0]}'")
    if missing:
        expected = ", ".join((*task.inputs, " or ".join(others)))
        raise DataError(
            f"{where}: no column {' and no column '.join(missing)}. "
            f"Expected {expected}; found {', '.join(map(str, row)) or 'nothing'}."
        )


def _answers(value: Any) -> list[tuple[str, int]]:
    """Answers in either form that SQuAD is distributed in: a list of pairs or a pair of lists."""
    try:
        if isinstance(value, Mapping):
            pairs = list(zip(map(str, value["text"]), map(int, value["answer_start"]), strict=True))
        else:
            pairs = [(str(answer["text"]), int(answer["answer_start"])) for answer in value]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("an answer needs 'text' and 'answer_start', a whole number.") from error
    if not pairs:
        raise ValueError("the question has no answer. SQuAD v1.1 has one for each.")
    return list(dict.fromkeys(pairs))


def _locate(context: str, text: str, start: int) -> int:
    """Where the answer really starts: at its offset, at the occurrence nearest to it, or nowhere (-1)."""
    if text and context[start : start + len(text)] == text and start >= 0:
        return start
    places, place = [], context.find(text) if text else -1
    while place >= 0:
        places.append(place)
        place = context.find(text, place + 1)
    return min(places, key=lambda p: abs(p - start), default=-1)
