"""Rows of an own file: a table with any delimiter, quoting and encoding, or one of the forms that `files` reads.

Tables and JSON lines are read row by row, packed ones too, so that a large file is never in memory as a whole.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from mtl_core.data import files, packings
from mtl_core.errors import DataError

Row = Mapping[str, Any]
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
TABLES = ("csv", "tsv", "txt")
FORMS = ("table", "conll", "rows")
DECLARED = re.compile(r"sep=(.)", re.IGNORECASE | re.DOTALL)
LONGEST_FIELD = 16_000_000
"""Characters of one field."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read."""

    form: str = "rows"
    """`table`; `conll`, a word a line and an empty line after each sentence; `rows` for JSON, JSON lines, Parquet."""
    delimiter: str = ","
    quoted: bool = True
    """Quotation marks enclose fields, as in CSV; else they are ordinary characters."""
    encoding: str = "utf-8"
    header: bool = True
    """The first row has the names of the columns."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Reading:
        """As a definition keeps it."""
        return cls(**{name: value for name, value in values.items() if name in cls.__dataclass_fields__})

    def document(self) -> dict[str, Any]:
        """For a definition: what has no meaning in the form is left out."""
        if self.form == "table":
            return asdict(self)
        return {"form": self.form, **({"encoding": self.encoding} if self.form == "conll" else {})}


@dataclass(frozen=True, slots=True)
class Numbered:
    """A row and where it stands."""

    place: int
    row: Row


def rows(path: Path, name: str, reading: Reading) -> Iterator[Numbered]:
    """The rows of a file, which messages call `name`. Raises DataError with file and line."""
    if reading.form == "rows" and ".jsonl" in path.name:
        numbered = enumerate(lines(path, name, "utf-8"), 1)
        return (Numbered(number, files.line_row(line, name, number)) for number, line in numbered if line.strip())
    if reading.form == "rows":
        read = files.read(path, name)
        return (Numbered(place, row) for place, row in zip(read.places, _with_names(read), strict=True))
    return _conll(path, name, reading) if reading.form == "conll" else _table(path, name, reading)


def unit(path: Path, reading: Reading) -> str:
    """What places count."""
    lines = reading.form != "rows" or ".jsonl" in path.name
    return "line" if lines else "row"


def _with_names(read: files.Rows) -> Iterator[Row]:
    """Numbers of classes as their names, where the file's schema has them."""
    for row in read.rows:
        named = {column: _by_name(row[column], names) for column, names in read.names.items() if column in row}
        yield {**row, **named} if named else row


def _by_name(value: Any, names: Sequence[str]) -> Any:
    """A class's name for its number, also in a list; any other value as it is."""
    if isinstance(value, list):
        return [_by_name(one, names) for one in value]
    return names[value] if isinstance(value, int) and 0 <= value < len(names) else value


def lines(path: Path, name: str, encoding: str) -> Iterator[str]:
    """Lines with their ends, whichever they are. Raises DataError with the line that can't be decoded."""
    import io

    number = 0
    with packings.opened(path, name) as binary:
        text = io.TextIOWrapper(binary, "utf-8-sig" if encoding == "utf-8" else encoding, newline="")
        try:
            for line in text:
                number += 1
                yield line
        except UnicodeError as error:
            if isinstance(error, UnicodeDecodeError):
                number += error.object[: error.start].count(b"\n")
            raise DataError(
                f"{name}, line {number + 1:,}: the text is not {encoding} ({error}). Choose another encoding, or "
                "save the file as UTF-8."
            ) from error


def declared_delimiter(text: str) -> tuple[str, str]:
    """The delimiter that a first line `sep=;` declares for Excel, "" for none; and the text without that line."""
    line, end, rest = text.partition("\n")
    declared = DECLARED.fullmatch(line.rstrip("\r"))
    return (declared[1], rest) if declared and end else ("", text)


def _without_declaration(source: Iterator[str]) -> Iterator[str]:
    """The lines; an empty one for a first line that only declares the delimiter."""
    for first in source:
        yield "\n" if declared_delimiter(first)[0] else first
        break
    yield from source


def fields_of(path: Path, name: str, reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """The fields of each row, with the line where it begins."""
    source = _without_declaration(lines(path, name, reading.encoding))
    if not reading.quoted:
        for number, line in enumerate(source, 1):
            if text := line.rstrip("\r\n"):
                yield number, text.split(reading.delimiter)
        return
    csv.field_size_limit(LONGEST_FIELD)
    advice = " If quotation marks are ordinary characters in this file, turn quoting off."
    yield from files.quoted_rows(source, name, delimiter=reading.delimiter, advice=advice)


def _table(path: Path, name: str, reading: Reading) -> Iterator[Numbered]:
    found = fields_of(path, name, reading)
    first = next(found, None)
    if first is None:
        raise DataError(f"{name}: the file is empty. Give one with at least one row.")
    names = column_names(first[1], reading.header)
    if len(set(names)) < len(names):
        twice = next(one for one in names if names.count(one) > 1)
        raise DataError(f"{name}, line {first[0]:,}: two columns are called '{twice}'. Give each a name of its own.")
    named = max((n for n, field in enumerate(first[1], 1) if field.strip()), default=0) if reading.header else 0
    for place, row in found if reading.header else chain([first], found):
        empty = len(row) >= named > 0 and not any(map(str.strip, row[named:]))  # of columns that have no name
        fields = row[:named] + [""] * (len(names) - named) if empty else row
        if len(fields) != len(names):
            raise DataError(
                f"{name}, line {place:,}: {len(fields)} column{'s' * (len(fields) != 1)} where the header has "
                f"{len(names)}. Each row needs {', '.join(names)}."
            )
        yield Numbered(place, dict(zip(names, fields, strict=True)))


def column_names(fields: list[str], header: bool) -> list[str]:
    """The header's names, or numbers for a table that has none."""
    if header:
        return [field.strip() or f"column{number}" for number, field in enumerate(fields, 1)]
    return [f"column{number}" for number in range(1, len(fields) + 1)]


def _conll(path: Path, name: str, reading: Reading) -> Iterator[Numbered]:
    """A sentence a row: its words in the column `tokens`, the last column of its lines in `tags`."""
    words, tags, begins = list[str](), list[str](), 1
    for number, line in enumerate(chain(lines(path, name, reading.encoding), [""]), 1):
        parts = line.split()
        if parts and parts[0] != "-DOCSTART-":
            if len(parts) < 2:
                raise DataError(f"{name}, line {number:,}: a word without a label. Each line needs both.")
            begins = begins if words else number
            words.append(parts[0])
            tags.append(parts[-1])
        elif words:
            yield Numbered(begins, {"tokens": words, "tags": tags})
            words, tags = [], []
