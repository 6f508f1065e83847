"""Rows of one file: TSV, CSV, JSON lines, JSON, Parquet, CoNLL, each as it is or packed by gzip or xz."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import lzma
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from mtl_core.data import conll
from mtl_core.errors import DataError
from mtl_core.kinds._layout import FORMS
from mtl_core.kinds._reading import Row

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


def read(path: Path, name: str, columns: Sequence[str] = (), *, torn: bool = False) -> Rows:
    """All rows of the file, which messages call `name`.

    A table without a header line has the names in `columns`. Of a `torn` table, rows with another number of columns
    are left out. Raises DataError with file and line for what is broken."""
    form = next(form for form in FORMS if path.name.removesuffix(".gz").removesuffix(".xz").endswith(form))
    data = _unpacked(path, name)
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        raise DataError(f"{name}: the file is empty. Give one with at least one row.")
    if form in (".tsv", ".csv"):
        numbered = (_tsv if form == ".tsv" else _csv)(data, name)
        rows = _table(numbered, name, columns, torn=torn)
    elif form in (".conll", ".txt"):
        rows = Rows(name, *conll.sentences(_decoded(data, name), name, columns))
    else:
        rows = {".jsonl": _json_lines, ".json": _json, ".parquet": _parquet}[form](data, name)
    if not rows.rows:
        raise DataError(f"{name}: the file has columns and no row. Give one with at least one row.")
    return rows


def _unpacked(path: Path, name: str) -> bytes:
    try:
        data = path.read_bytes()
        if path.suffix == ".gz":
            return gzip.decompress(data) if data else data
        return lzma.decompress(data) if path.suffix == ".xz" and data else data
    except (gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError) as error:
        raise DataError(f"{name}: the file can't be unpacked ({error}). Download it again.") from error
    except OSError as error:
        raise DataError(f"{name}: the file can't be read ({error.strerror}).") from error


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, byte = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise DataError(
            f"{name}, line {line:,}: byte {byte:,} of the line (0x{error.object[error.start]:02x}) is not valid UTF-8. "
            "Save the file as UTF-8."
        ) from error


def _tsv(data: bytes, name: str) -> Numbered:
    """Tabs separate, line ends end, and quotation marks are ordinary characters, as GLUE has it."""
    lines = _decoded(data, name).replace("\r\n", "\n").split("\n")
    return ((number, line.split("\t")) for number, line in enumerate(lines, 1) if line)


def _csv(data: bytes, name: str) -> Numbered:
    """Quoted as RFC 4180 has it; a row's line is where it begins."""
    reader = csv.reader(io.StringIO(_decoded(data, name), newline=""), strict=True)
    begins = 1
    try:
        for fields in reader:
            if fields:
                yield begins, fields
            begins = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{name}, line {begins:,}: the row is not valid CSV ({error}).") from error


def _table(numbered: Numbered, name: str, columns: Sequence[str], *, torn: bool = False) -> Rows:
    """Rows by the names of the header line; by `columns` where the file begins with a row."""
    first = next(numbered)
    header = [column.strip() for column in first[1]]
    if columns and len(set(columns) & set(header)) < 2:
        header, numbered = [*columns], chain([first], numbered)
    width = len(header)
    rows, places, left_out = [], [], 0
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
    words = f"{left_out:,} lines with parts of rows, as the official file has them, are left out"
    return Rows(name, rows, places, notes=(words,) if left_out else ())


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _json_lines(data: bytes, name: str) -> Rows:
    rows, places = [], []
    for number, line in enumerate(_decoded(data, name).split("\n"), 1):
        if line.strip():
            rows.append(_row(_parsed(line, name, number), f"{name}, line {number:,}"))
            places.append(number)
    return Rows(name, rows, places)


def _json(data: bytes, name: str) -> Rows:
    """A list of rows, or SQuAD's articles of paragraphs of questions."""
    document = _parsed(_decoded(data, name), name)
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
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {line or error.lineno:,}, column {error.colno:,}"
        raise DataError(f"{name}, {place}: the JSON is broken ({error.msg}).") from error


def _row(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DataError(f"{where}: a row must be an object with a value for each column, not {type(value).__name__}.")
    return value


def _parquet(data: bytes, name: str) -> Rows:
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.read_table(io.BytesIO(data))
    except (pyarrow.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{name}: the file is not a complete Parquet file ({reason}). Download it again.") from error
    rows = table.to_pylist()
    return Rows(name, rows, range(1, len(rows) + 1), "row", _class_names(table.schema.metadata or {}))


def _class_names(metadata: Mapping[bytes, bytes]) -> dict[str, list[str]]:
    """Names of classes by column, as `datasets` writes them into a Parquet file's schema."""
    try:
        features = json.loads(metadata.get(b"huggingface", b"{}"))["info"]["features"]
        return {column: feature["names"] for column, feature in features.items() if "names" in feature}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}  # no schema of theirs: labels are numbered as the task has them
