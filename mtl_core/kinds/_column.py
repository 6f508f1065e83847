"""One column of a table, as one pass over its values counts it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MOST_COUNTED = 1_000
"""Different values of a column that are counted; with more they are no labels."""
PARTED = re.compile(r"[,;|]")
MOST_PARTED = 200
"""Characters of a text that is looked at for labels with commas, semicolons or bars between them."""
SHORT = 60
"""Characters of a value that may be a label."""
MISSING = frozenset(
    (
        "NA",
        "N/A",
        "n/a",
        "nan",
        "NaN",
        "-nan",
        "-NaN",
        "<NA>",
        "#N/A",
        "#NA",
        "NULL",
        "null",
        "NaT",
        "-1.#IND",
        "1.#QNAN",
    )
)
"""What programs such as pandas, R and SQL write where there is no value."""
COMMA = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]+)?")
"""A number with a decimal comma: 12,50 or 1.234,50."""


def comma_number(text: str) -> float:
    """The number that is written with a decimal comma. Raises ValueError."""
    if not COMMA.fullmatch(text.strip()):
        raise ValueError(f"'{text}' is no number with a decimal comma, such as 1.234,50")
    return float(text.strip().replace(".", "").replace(",", "."))


@dataclass(slots=True)
class Numbers:
    """Values of a column as numbers of one notation."""

    read: Callable[[str], float]
    whole: bool = True
    """Every value is one."""
    odd: tuple[int, str] | None = None
    """Place and text of the first value that is none."""
    fractions: bool = False
    low: float = math.inf
    high: float = -math.inf

    def add(self, text: str, place: int) -> None:
        """Counts one value."""
        try:
            number = self.read(text)
            if not math.isfinite(number):
                raise ValueError
        except ValueError:
            self.whole, self.odd = False, (place, text)
            return
        self.fractions |= not number.is_integer()
        self.low, self.high = min(self.low, number), max(self.high, number)


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
    points: Numbers = field(default_factory=lambda: Numbers(float))
    commas: Numbers = field(default_factory=lambda: Numbers(comma_number))
    running: bool = True
    """Every value is the one before it and 1: numbers of rows."""
    missing: int = 0
    """Rows with a word for no value."""
    structured: bool = False
    """Some value is a list or an object."""
    parts: dict[str, int] = field(default_factory=dict)
    """Rows by what stands in their lists, or between commas, semicolons or bars of their texts."""
    several: int = 0
    """Rows with more than one of these."""
    vacant: int = 0
    """Rows whose list is empty, or whose object has no text."""
    lengths: dict[int, int] = field(default_factory=dict)
    """Rows by the length of their list, or of the one under an object's `text`."""
    last: str = ""

    def add(self, value: Any, place: int = 0) -> None:
        """Counts one row's value, which stands at a place of the file."""
        if value is None or value == "" or value != value:
            return
        if isinstance(value, (list, dict)):
            self._add_structure(value)
            return
        text = str(value).strip()
        if text in MISSING:
            self.missing += 1
            return
        if not text:
            return
        self.filled += 1
        self.running = self.running and text.isdecimal() and len(text) < SHORT and self._follows(text)
        self.words += text.count(" ") + 1
        self.longest = max(self.longest, len(text))
        for numbers in (self.points, self.commas):
            if numbers.whole:
                numbers.add(text, place)
        if len(text) <= MOST_PARTED:
            self._add_parts([part.strip() for part in PARTED.split(text)])
        if self.counts is not None:
            self.counts[text] = self.counts.get(text, 0) + 1
            if len(self.counts) > MOST_COUNTED or len(text) > SHORT:
                self.counts = None

    def _add_structure(self, value: list[Any] | dict[str, Any]) -> None:
        self.structured, self.points.whole, self.commas.whole, self.counts = True, False, False, None
        self.running = False
        self.filled += 1
        within = value.get("text", value) if isinstance(value, dict) else value
        self.vacant += not within
        if isinstance(within, list):
            self.lengths[len(within)] = self.lengths.get(len(within), 0) + 1
        if isinstance(value, list) and not any(isinstance(one, (list, dict)) for one in value):
            self._add_parts([str(one).strip() for one in value])

    def _add_parts(self, parts: list[str]) -> None:
        self.several += len(parts) > 1
        for part in parts:
            if part in self.parts or len(self.parts) <= MOST_COUNTED:
                self.parts[part] = self.parts.get(part, 0) + 1

    def _follows(self, text: str) -> bool:
        before, self.last = self.last, text
        return not before or int(text) == int(before) + 1

    @property
    def numbers(self) -> Numbers:
        """Its values in the notation that all of them have, with a decimal point unless only the comma does."""
        return self.commas if self.commas.whole and not self.points.whole else self.points

    @property
    def numeric(self) -> bool:
        """Every value is a number."""
        return self.numbers.whole

    @property
    def decimal_comma(self) -> bool:
        """Every value is a number, some with a decimal comma."""
        return self.numbers is self.commas

    @property
    def fractions(self) -> bool:
        """Some number is not whole."""
        return self.numbers.fractions

    @property
    def low(self) -> float:
        """The smallest number."""
        return self.numbers.low

    @property
    def high(self) -> float:
        """The largest number."""
        return self.numbers.high

    @property
    def is_count(self) -> bool:
        """True for the numbers of rows, which are never an answer."""
        return self.running and self.filled > 2

    @property
    def mean_words(self) -> float:
        """Words of a value."""
        return self.words / self.filled if self.filled else 0.0
