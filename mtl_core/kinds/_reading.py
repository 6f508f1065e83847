"""Rows of any source become examples with stable ids, checked on the way."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from mtl_core.kinds._clusters import ClusterReader
from mtl_core.kinds._column import MISSING
from mtl_core.records import Example

Row = Mapping[str, Any]


class Unlabelled(Exception):
    """A row that has no answer: left out and counted."""


def is_empty(value: Any) -> bool:
    """True for a label that is none: null, NaN, "", the "-" of MNLI and SNLI, or what programs write for no value."""
    return value is None or value != value or (isinstance(value, str) and value.strip() in ("", "-", *MISSING))


def indices(labels: Sequence[str]) -> dict[str, int]:
    """Each label's index by its name; by its number too, unless labels are numbers: "2" is the label of that name."""
    found = {label: index for index, label in enumerate(labels)}
    if not any(label.lstrip("-").isdigit() for label in labels):
        found |= {str(index): index for index in range(len(labels))}
    return found


class Reader(ABC):
    """Makes examples of one task's rows. It counts as it goes: one reader a split."""

    gold_columns: tuple[str, ...]
    """Names that the column with the answer may have."""

    def __init__(self, task: Any) -> None:
        self.task = task
        self.seen: Counter[str] = Counter()
        self._null = self._nan = 0
        self._names = frozenset(getattr(task, "labels", ()))
        self._places = indices(getattr(task, "labels", ()))
        self.clusters = ClusterReader(task.levels, task.inputs)

    def example(self, row: Row) -> Example:
        """Raises KeyError for a missing column, ValueError with what is wrong with the row: UnicodeEncodeError, which
        is one, for a text with half a character, as no database or file takes it. Raises Unlabelled for a row without
        an answer."""
        inputs = self.inputs(row)
        value = row[next((name for name in self.gold_columns if name in row), self.gold_columns[0])]
        _need_whole_characters([*inputs, value])
        if self.unlabelled(value):
            raise Unlabelled
        gold = self.gold(value, inputs)
        return Example(self._id_of(inputs), inputs, gold, self.clusters.of(row, inputs))

    @abstractmethod
    def gold(self, value: Any, inputs: tuple[str, ...]) -> Any:
        """The answer in the kind's form. Raises ValueError with what is wrong with it."""

    def unlabelled(self, value: Any) -> bool:
        """True for what data sets write in the answer's place where there is none: such rows are left out."""
        return False

    def numbered(self, row: Row) -> bool | None:
        """True for an answer that is the number of a label, False for a label's name, None for any other."""
        if not self._names:
            return None
        value = row.get(next((name for name in self.gold_columns if name in row), ""))
        texts = [str(one).strip() for one in (value if isinstance(value, (list, tuple)) else [value])]
        if any(text in self._names for text in texts):
            return False
        return True if texts and all(text in self._places for text in texts) else None

    def inputs(self, row: Row) -> tuple[str, ...]:
        """The texts, by the names that these data have for them, without blanks around them."""
        return tuple([text.strip() for text in self.texts(row)])

    @property
    def needs(self) -> tuple[tuple[str, ...], ...]:
        """The columns that hold the texts, by each name they may have."""
        return (self.task.inputs, self.task.hub_inputs)

    def texts(self, row: Row) -> list[str]:
        """The texts as they are."""
        names = self.task.inputs if self.task.inputs[0] in row else self.task.hub_inputs or self.task.inputs
        values = [row[name] for name in names]
        self._null += None in values
        self._nan += any(value != value for value in values)
        return ["" if value is None else str(value) for value in values]

    def notes(self) -> tuple[str, ...]:
        """Remarks once all rows are read."""
        counted = (
            (self._null, "examples have a null in the place of a text, which is read as an empty one"),
            (self._nan, "examples have a NaN in the place of a text, which is read as the word nan"),
        )
        return tuple(f"{count:,} {words}" for count, words in counted if count)

    def _id_of(self, inputs: tuple[str, ...]) -> str:
        """An id from content; a repeated content gets its own by its count."""
        key = "\x1f".join((self.task.name, *inputs))
        self.seen[key] += 1
        if self.seen[key] > 1:
            key = f"{key}\x1e{self.seen[key]}"
        return hashlib.sha256(key.encode()).hexdigest()[:16]


def _need_whole_characters(value: Any) -> None:
    """Raises UnicodeEncodeError where a text in the value has half a character, ValueError where it has a NUL."""
    if isinstance(value, str):
        value.encode()
        if "\0" in value:
            raise ValueError("a text holds a NUL character, which ends a text for many programs. Take it out.")
    elif isinstance(value, Mapping):
        _need_whole_characters([*value.values()])
    elif isinstance(value, (list, tuple)):
        for one in value:
            _need_whole_characters(one)
