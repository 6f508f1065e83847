"""What kinds look at to guess a task from a file: the columns of its table, as one pass over them counts them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_LABELS = 200
"""Different values of a column that may still be labels."""
MOST_COUNTED = 1_000
"""Different values of a column that are counted; with more they are no labels."""
PARTED = re.compile(r"[,;|]")
MOST_PARTED = 200
"""Characters of a text that is looked at for labels with commas, semicolons or bars between them."""
SHORT = 60
"""Characters of a value that may be a label."""
LABEL_NAMES = (
    "label",
    "labels",
    "class",
    "category",
    "target",
    "gold",
    "gold_label",
    "sentiment",
    "intent",
    "topic",
    "tag",
)
SCORE_NAMES = ("score", "rating", "similarity", "value", "stars")
ID_NAMES = ("id", "idx", "index", "uid", "guid", "uuid", "row", "pairid", "promptid", "url", "date", "timestamp")
TEXT_NAMES = (
    "text",
    "sentence",
    "body",
    "message",
    "content",
    "review",
    "question",
    "premise",
    "description",
    "comment",
)
PAIRS = (
    ("premise", "hypothesis"),
    ("sentence1", "sentence2"),
    ("text1", "text2"),
    ("question1", "question2"),
    ("text_a", "text_b"),
    ("subject", "body"),
    ("title", "body"),
    ("title", "text"),
    ("query", "document"),
    ("question", "passage"),
    ("question", "sentence"),
    ("question", "answer"),
)
"""Names of columns that make a pair of texts."""


@dataclass(slots=True)
class Column:
    """One column of a table, as one pass over its values counts them."""

    name: str
    filled: int = 0
    """Rows that have a value."""
    words: int = 0
    """Of all values together."""
    longest: int = 0
    """Characters."""
    counts: dict[str, int] | None = field(default_factory=dict)
    """Value → rows; None for more than MOST_COUNTED different ones, or long ones."""
    numeric: bool = True
    """Every value is a number."""
    fractions: bool = False
    """Some number is not whole."""
    low: float = math.inf
    high: float = -math.inf
    structured: bool = False
    """Some value is a list or an object."""
    parts: dict[str, int] = field(default_factory=dict)
    """Rows by what stands in their lists, or between commas, semicolons or bars of their texts."""
    several: int = 0
    """Rows with more than one of these."""
    vacant: int = 0
    """Rows whose list is empty, or whose object has no text."""

    def add(self, value: Any) -> None:
        """Counts one row's value."""
        if value is None or value == "" or value != value:
            return
        if isinstance(value, (list, dict)):
            self._add_structure(value)
            return
        text = str(value).strip()
        if not text:
            return
        self.filled += 1
        self.words += text.count(" ") + 1
        self.longest = max(self.longest, len(text))
        if self.numeric:
            self._add_number(text)
        if len(text) <= MOST_PARTED:
            self._add_parts([part.strip() for part in PARTED.split(text)])
        if self.counts is not None:
            self.counts[text] = self.counts.get(text, 0) + 1
            if len(self.counts) > MOST_COUNTED or len(text) > SHORT:
                self.counts = None

    def _add_structure(self, value: list[Any] | dict[str, Any]) -> None:
        self.structured, self.numeric, self.counts = True, False, None
        self.filled += 1
        within = value.get("text", value) if isinstance(value, dict) else value
        self.vacant += not within
        if isinstance(value, list) and not any(isinstance(one, (list, dict)) for one in value):
            self._add_parts([str(one).strip() for one in value])

    def _add_parts(self, parts: list[str]) -> None:
        self.several += len(parts) > 1
        for part in parts:
            if part in self.parts or len(self.parts) <= MOST_COUNTED:
                self.parts[part] = self.parts.get(part, 0) + 1

    def _add_number(self, text: str) -> None:
        try:
            number = float(text)
        except ValueError:
            self.numeric = False
            return
        if not math.isfinite(number):
            self.numeric = False
            return
        self.fractions |= not number.is_integer()
        self.low, self.high = min(self.low, number), max(self.high, number)

    @property
    def mean_words(self) -> float:
        """Words of a value."""
        return self.words / self.filled if self.filled else 0.0


@dataclass(frozen=True, slots=True)
class Guess:
    """What a kind makes of a table."""

    weight: float
    """How likely it is, 0 to 1."""
    task: dict[str, Any]
    """Fields of a task of that kind."""


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns, and what the user has said of them."""

    columns: Sequence[Column]
    rows: int
    inputs: tuple[str, ...] = ()
    """Columns of texts, if said."""
    answer: str = ""
    """The column with the answers, if said."""

    def named(self, *names: str) -> list[Column | None]:
        """Columns by name, whatever their case; None for one that is not there."""
        by_name = {column.name.lower(): column for column in self.columns}
        return [by_name.get(name) for name in names]

    def label(self, suits: Callable[[Column], bool]) -> Column | None:
        """The column that was said, or the likeliest one that suits: by its name, then the last of short values."""
        if self.answer:
            return next((column for column in self.columns if column.name == self.answer), None)
        others = [
            column for column in self.columns if column.name not in self.inputs and column.name.lower() not in ID_NAMES
        ]
        known = [column for column in others if column.filled and suits(column)]
        hinted = [column for name in (*LABEL_NAMES, *SCORE_NAMES) for column in known if column.name.lower() == name]
        return next(iter(hinted or sorted(known, key=lambda one: one.mean_words)), None)

    def texts(self, label: Column | None) -> list[Column]:
        """The columns that were said, or one or two of texts: a known pair, a known name, the longest."""
        if self.inputs:
            return [column for name in self.inputs for column in self.columns if column.name == name]
        left = [
            column
            for column in self.columns
            if column is not label and column.filled and not column.structured and not column.numeric
            if column.name.lower() not in ID_NAMES
        ]
        by_name = {column.name.lower(): column for column in left}
        pair = next((names for names in PAIRS if all(name in by_name for name in names)), None)
        if pair:
            return [by_name[name] for name in pair]
        hinted = [by_name[name] for name in TEXT_NAMES if name in by_name]
        longest = sorted(left, key=lambda column: -column.mean_words)
        return (hinted or longest)[:1]


def inputs_of(columns: Sequence[Column]) -> dict[str, Any]:
    """The fields of a task for its texts."""
    names = [column.name for column in columns]
    return {"inputs": names, "input_titles": [titled(name) for name in names]}


def titled(name: str) -> str:
    """A column's name as people read it: "Gold label" for gold_label."""
    words = name.replace("_", " ").replace("-", " ").strip() or name
    return words[:1].upper() + words[1:]
