"""What kinds look at to guess a task from a file: the columns of its table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mtl_core.kinds._column import Column

MOST_LABELS = 200
"""Different values of a column that may still be labels."""
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


USUAL_NAMES = frozenset(
    (*LABEL_NAMES, *SCORE_NAMES, *ID_NAMES, *TEXT_NAMES, *(name for pair in PAIRS for name in pair))
)
"""Names that columns usually have, in small letters."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a kind makes of a table."""

    weight: float
    """How likely it is, 0 to 1."""
    task: dict[str, Any]
    """Fields of a task of that kind."""
    notes: tuple[str, ...] = ()
    """What to say of it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns, and what the user has said of them."""

    columns: Sequence[Column]
    rows: int
    inputs: tuple[str, ...] = ()
    """Columns of texts, if said."""
    answer: str = ""
    """The column with the answers, if said."""
    labels: tuple[str, ...] = ()
    """Labels in their order, if said."""

    def named(self, *names: str) -> list[Column | None]:
        """Columns by name, whatever their case; None for one that is not there."""
        by_name = {column.name.lower(): column for column in self.columns}
        return [by_name.get(name) for name in names]

    def label(self, suits: Callable[[Column], bool]) -> Column | None:
        """The column that was said, or the likeliest one that suits: by its name, then the last of short values."""
        if self.answer:
            return next((column for column in self.columns if column.name == self.answer), None)
        others = [
            column
            for column in self.columns
            if column.name not in self.inputs and column.name.lower() not in ID_NAMES and not column.is_count
        ]
        filled = [column for column in others if column.filled]
        known = [column for column in filled if suits(column)]
        hinted = [column for name in (*LABEL_NAMES, *SCORE_NAMES) for column in filled if column.name.lower() == name]
        fitting = [column for column in hinted if suits(column)]
        if fitting or any(column.name.lower() in LABEL_NAMES for column in hinted):
            return next(iter(fitting), None)
        return min(known, key=lambda one: one.mean_words, default=None)

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
