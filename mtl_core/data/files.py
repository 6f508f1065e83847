"""Rows of one file: TSV, CSV, JSON lines, JSON, Parquet, CoNLL, each as it is or packed by gzip or xz."""

from __future__ import annotations

import codecs
import csv
import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from mtl_core.data import conll, parquet
from mtl_core.data.packings import MIB, unpacked
from mtl_core.disk.json_text import parsed
from mtl_core.errors import DataError
from mtl_core.kinds._layout import FORMS
from mtl_core.kinds._reading import Row

MOST_JSON = 512 * MIB
"""Bytes of a JSON document, which is read as a whole and takes many times its size in memory."""

Numbered = Iterator[tuple[int, list[str]]]
"""Each row of a table with the line where it begins."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A file's rows and where each of them stands in it."""

    name: str
    """The file's name in messages."""
    rows: Sequence[Row]
    places: Sequence[int]
    """The line of each row, from 1; or which row it is, where the form has no lines."""
    unit: str = "line"
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Names of numbered answers by column, where the file's schema has them."""
    notes: tuple[str, ...] = ()
    """Remarks on how the file was read."""

    def where(self, number: int | None) -> str:
        """The place of row `number`, from 0; the file where it is None."""
        return self.name if number is None else f"{self.name}, {self.unit} {self.places[number]:,}"


def read(path: Path, name: str, columns: Sequence[str] = (), *, torn: bool = False, form: str = "") -> Rows:
    """All rows of the file, which messages call `name`. Its `form` is told by its ending unless it is given.

    A table without a header line has the names in `columns`. Of a `torn` table, rows with another number of columns
    are left out. Raises DataError with file and line for what is broken."""
    form = form or next(one for one in FORMS if path.name.removesuffix(".gz").removesuffix(".xz").endswith(one))
    if form == ".json":
        _need_small(name, path.stat().st_size if path.is_file() else 0)
    data = unpacked(path, name)
    if form == ".json":
        _need_small(name, len(data))
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        raise DataError(f"{name}: the file is empty. Give one with at least one row.")
    if form == ".parquet":
        found, names = parquet.read(data, name)
        rows = Rows(name, found, range(1, len(found) + 1), "row", names)
    elif form in (".conll", ".txt"):
        rows = Rows(name, *conll.sentences(_decoded(data, name), name, columns))
    else:
        rows = _of_text(_decoded(data, name), form, name, columns, torn=torn)
    if not rows.rows:
        raise DataError(f"{name}: the file has columns and no row. Give one with at least one row.")
    return rows


def _of_text(text: str, form: str, name: str, columns: Sequence[str], *, torn: bool = False) -> Rows:
    if "\n" not in text and "\r" in text.rstrip("\r"):
        rows = _of_text(text.replace("\r", "\n"), form, name, columns, torn=torn)
        return replace(rows, notes=(*rows.notes, "its lines end with a carriage return alone, as on old Macs"))
    if form in (".tsv", ".csv"):
        return _table((_tsv if form == ".tsv" else _csv)(text, name), name, columns, quoted=form == ".csv", torn=torn)
    return (_json_lines if form == ".jsonl" else _json)(text, name)


def _decoded(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, byte = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise DataError(
            f"{name}, line {line:,}: byte {byte:,} of the line (0x{error.object[error.start]:02x}) is not valid UTF-8. "
            "Save the file as UTF-8."
        ) from error
    nul = text.find("\0")
    if nul >= 0:
        line, place = text.count("\n", 0, nul) + 1, nul - text.rfind("\n", 0, nul)
        raise DataError(
            f"{name}, line {line:,}: character {place:,} of the line is a NUL, which no text has. "
            "If the file is UTF-16, save it as UTF-8; else take the NUL out."
        )
    return text


def _tsv(text: str, name: str) -> Numbered:
    """Tabs separate, line ends end, and quotation marks are ordinary characters, as GLUE has it."""
    lines = text.replace("\r\n", "\n").split("\n")
    return ((number, line.split("\t")) for number, line in enumerate(lines, 1) if line)


def _csv(text: str, name: str) -> Numbered:
    """Quoted as RFC 4180 has it; a row's line is where it begins."""
    csv.field_size_limit(sys.maxsize)  # a field of a megabyte is a long text, no fault
    return quoted_rows(io.StringIO(text, newline=""), name)


def quoted_rows(lines: Iterable[str], name: str, *, delimiter: str = ",", advice: str = "") -> Numbered:
    """The fields of each row that has some, with the line where it begins. Raises DataError, which ends with `advice`,
    where quotation marks are out of place."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begins = 1
    try:
        for fields in reader:
            if fields:
                yield begins, fields
            begins = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{name}, line {begins:,}: the row is not valid CSV ({error}).{advice}") from error


def _table(numbered: Numbered, name: str, columns: Sequence[str], *, quoted: bool, torn: bool) -> Rows:
    """Rows by the names of the header line; by `columns` where the file begins with a row. `quoted`: the form knows
    quotation marks, so that none are left around a field. `torn`: rows of another length are left out."""
    first = next(numbered)
    header = [column.strip() for column in first[1]]
    if columns and len(set(columns) & set(header)) < 2:
        header, numbered = [*columns], chain([first], numbered)
    _need_own_names(header, f"{name}, line {first[0]:,}")
    width, in_quotes, left_out = len(header), 0, 0
    rows, places = [], []
    for place, fields in numbered:
        if len(fields) != width and torn:
            left_out += 1
            continue
        if len(fields) != width:
            raise DataError(
                f"{name}, line {place:,}: {_columns(len(fields))} where the header has {width}. "
                f"Each row needs {', '.join(header)}."
            )
        rows.append(dict(zip(header, fields, strict=True)))
        places.append(place)
        in_quotes += 0 if quoted else sum(map(_in_quotes, fields))
    words = (
        f"{in_quotes:,} fields stand in quotation marks and have others doubled inside, as pandas writes them. "
        "In a .tsv they are kept as they are: save the file as .csv to have them read"
    )
    parts = f"{left_out:,} lines with parts of rows, as the official file has them, are left out"
    return Rows(name, rows, places, notes=(*[words] * bool(in_quotes), *[parts] * bool(left_out)))


def _need_own_names(header: Sequence[str], where: str) -> None:
    """Raises DataError where two columns have one name: the last would win without a word."""
    twice = [column for column, count in Counter(header).items() if column and count > 1]
    if twice:
        raise DataError(f"{where}: two columns are called '{twice[0]}'. Give each column a name of its own.")


def _in_quotes(field: str) -> bool:
    """True for `"so ""called"" art"`."""
    return len(field) > 3 and field[0] == field[-1] == '"' and '""' in field[1:-1]


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _need_small(name: str, size: int) -> None:
    if size > MOST_JSON:
        raise DataError(
            f"{name}: a JSON document of {size / MIB:,.0f} MiB is too large to be read as a whole (at most "
            f"{MOST_JSON // MIB:,} MiB). Save it as JSON lines (.jsonl), a row a line, which are read one by one."
        )


def line_row(line: str, name: str, number: int) -> dict[str, Any]:
    """The row in a line of JSON. Raises DataError with file and line."""
    return _row(_parsed(line, name, number), f"{name}, line {number:,}")


def _json_lines(text: str, name: str) -> Rows:
    rows, places = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            rows.append(line_row(line, name, number))
            places.append(number)
    return Rows(name, rows, places)


def _json(text: str, name: str) -> Rows:
    """A list of rows, or SQuAD's articles of paragraphs of questions."""
    document = _parsed(text, name)
    if isinstance(document, dict):
        document = document.get("data")
    if not isinstance(document, list):
        raise DataError(f"{name}: the document is neither a list of rows nor SQuAD's 'data'.")
    if not document:
        raise DataError(f"{name}: the list of rows is empty. Give at least one row.")
    if isinstance(document[0], dict) and "paragraphs" in document[0]:
        rows = list(_questions(document, name))
        return Rows(name, rows, range(1, len(rows) + 1), "question")
    rows = [_row(row, f"{name}, row {number:,}") for number, row in enumerate(document, 1)]
    return Rows(name, rows, range(1, len(rows) + 1), "row")


def _questions(articles: list[Any], name: str) -> Iterator[dict[str, Any]]:
    try:
        for number, article in enumerate(articles, 1):
            for paragraph in article["paragraphs"]:
                for question in paragraph["qas"]:
                    yield {
                        "context": paragraph["context"],
                        "question": question["question"],
                        "answers": question["answers"],
                        "title": article.get("title") or f"article {number}",
                    }
    except (KeyError, TypeError) as error:
        raise DataError(
            f"{name}: an article is not in SQuAD's form ({error}). "
            "Articles have paragraphs; these have context and qas; these have question and answers."
        ) from error


def _parsed(text: str, name: str, line: int | None = None) -> Any:
    try:
        return parsed(text)
    except JSONDecodeError as error:
        place = f"line {line or error.lineno:,}, column {error.colno:,}"
        raise DataError(f"{name}, {place}: the JSON is broken ({error.msg}).") from error


def _row(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DataError(f"{where}: a row must be an object with a value for each column, not {type(value).__name__}.")
    return value
