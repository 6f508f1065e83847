"""How a file is read, guessed from its first part: form, encoding, delimiter, quoting, header."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from mtl_core.data import packings, tables
from mtl_core.data.tables import Reading
from mtl_core.errors import DataError, Fault, InvalidConfig
from mtl_core.kinds._guessing import USUAL_NAMES

HEAD = 1 << 18
"""Bytes that the form of a file is guessed from."""
HEAD_ROWS = 2_000
EXCEL, PARQUET, AS_TABLE = "an Excel workbook", "a Parquet file", "Give a table of text: save it as CSV in UTF-8."
FOREIGN = {
    b"PK\x03\x04": "a zip archive",
    b"\xd0\xcf\x11\xe0": EXCEL,
    b"PAR1": PARQUET,
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"%PDF": "a PDF document",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "packed by gzip",
    b"\xfd7zXZ": "packed by xz",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
}
"""How files begin that are no tables of text."""
REMEDIES = {
    "a zip archive": "Unpack it, and give the file inside.",
    "packed by gzip": "Let its name end with .gz.",
    "packed by xz": "Let its name end with .xz.",
    PARQUET: "Let its name end with .parquet.",
    "a web page": "Download the data themselves.",
}
PACKED = (".gz", ".xz")
ENDINGS = (".csv", ".tsv", ".txt", ".jsonl", ".json", ".parquet", ".conll", ".bio", ".iob", ".iob2")


def guessed(path: Path, said: Mapping[str, Any]) -> Reading:
    """How the file is read, as far as its first part tells."""
    with packings.opened(path, path.name) as file:
        head = file.read(HEAD)
    if not head.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise DataError(f"{path.name}: the file is empty. Give one with at least one row.")
    ending = form_ending(path)
    _need_text(head, ending, path.name)
    if ending in (".json", ".jsonl", ".parquet"):
        return Reading()
    if not ending:
        raise DataError(f"{path.name}: its ending tells no form. Known are {', '.join(ENDINGS)}, also with .gz or .xz.")
    _need_delimiter(said.get("delimiter") or ",")
    encoding = str(said.get("encoding") or _encoding(head))
    text = _decoded(head, encoding, path.name)
    if said.get("form") == "conll" or ("form" not in said and "delimiter" not in said and _is_conll(text, ending)):
        return Reading("conll", encoding=encoding)
    whole = text[: text.rfind("\n") + 1] if len(head) == HEAD else text
    return _dialect(whole or text, encoding, said)


def _need_text(head: bytes, ending: str, name: str) -> None:
    """Raises DataError for a file of another form than its ending says."""
    form = next((form for begin, form in FOREIGN.items() if head.lstrip().lower().startswith(begin.lower())), "")
    if head.startswith(b"PK") and (b"xl/" in head or b"[Content_Types].xml" in head):
        form = EXCEL
    if form == PARQUET and ending == ".parquet":
        return
    if form:
        raise DataError(f"{name}: the file is {form}, whatever its name says. {REMEDIES.get(form, AS_TABLE)}")
    if ending in (".json", ".jsonl") and _encoding(head).startswith("utf-16"):
        raise DataError(f"{name}: the file is UTF-16, and JSON is read as UTF-8. Save it as UTF-8.")


def _need_delimiter(delimiter: str) -> None:
    """Raises InvalidConfig for what no table can have between its columns."""
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        words = f"'{delimiter}' can't part columns. Give one character, such as ; or | or tab."
        raise InvalidConfig([Fault("delimiter", words)])


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        if head[place::2].count(0) > len(head) / 4 and not head[1 - place :: 2].count(0):
            return encoding
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decoded(head: bytes, encoding: str, name: str) -> str:
    try:
        b"a".decode(encoding, "replace")  # hex and rot13 are known, but are no encodings of text
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except (LookupError, TypeError) as error:
        words = f"'{encoding}' is no encoding of texts. Use one such as utf-8."
        raise InvalidConfig([Fault("encoding", words)]) from error
    except UnicodeError as error:
        raise DataError(f"{name}: the text is not {encoding} ({error}). Choose another encoding.") from error
    return text.removeprefix("\ufeff")


def _is_conll(text: str, ending: str) -> bool:
    """A word a line, and empty lines between sentences."""
    if ending in (".csv", ".tsv"):
        return False
    lines = [line.split() for line in text.splitlines()[:HEAD_ROWS]]
    widths = {len(line) for line in lines if line and line[0] != "-DOCSTART-"}
    empty = sum(not line for line in lines[:-1])
    return len(widths) == 1 and min(widths) >= 2 and empty >= max(1, len(lines) / 100)


def _dialect(text: str, encoding: str, said: Mapping[str, Any]) -> Reading:
    """The delimiter and quoting by which most rows have the same number of columns, more than one."""
    declared, text = tables.declared_delimiter(text)
    delimiters = [one] if (one := said.get("delimiter") or declared) else list(tables.DELIMITERS)
    quotings = [bool(said["quoted"])] if said.get("quoted") is not None else [True, False]
    tries = [(delimiter, quoted) for delimiter in delimiters for quoted in quotings]
    found = max(tries, key=lambda one: _fit(text, *one))
    header = _has_header(_parsed(text, *found)) if said.get("header") is None else bool(said["header"])
    return Reading("table", found[0], found[1], encoding, header)


def _parsed(text: str, delimiter: str, quoted: bool) -> list[list[str]]:
    """The first rows; none where they are no such table."""
    lines = text.splitlines(keepends=True)
    if not quoted:
        return [line.rstrip("\r\n").split(delimiter) for line in lines[:HEAD_ROWS] if line.strip()]
    try:
        return [row for row in islice(csv.reader(lines, delimiter=delimiter, strict=True), HEAD_ROWS) if row]
    except csv.Error:
        return []


def _fit(text: str, delimiter: str, quoted: bool) -> tuple[float, float]:
    """The share of rows that have as many columns as the first, and then fewer quotation marks left in fields."""
    rows = _parsed(text, delimiter, quoted)
    if not rows or len(rows[0]) < 2:
        return (0.0, 0.0)
    share = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
    marks = sum(len(field) > 1 and field[0] == field[-1] == '"' for row in rows for field in row)
    lines = 0.0 if quoted and len(rows) < 0.5 * min(len(text.splitlines()), HEAD_ROWS) and marks else 0.001
    return (round(share, 3), lines + 0.001 * (quoted and delimiter != "\t") - 0.01 * marks / max(1, len(rows)))


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    """True unless the first row looks like the others: a header has short names, none of them a number, and no value
    of its column's labels, unless two are names that columns usually have. Some may be empty: spreadsheets write such
    columns behind the last one, pandas before the first."""
    if len(rows) < 2:
        return True
    first, rest = [field.strip() for field in rows[0]], rows[1:]
    if any(_is_number(name) or len(name) > 60 for name in first):
        return False
    if len({name.lower() for name in first} & USUAL_NAMES) > 1:
        return True
    for place, name in enumerate(first):
        values = [row[place].strip() for row in rest if len(row) > place]
        if name and len(set(values)) <= len(values) / 2 and name in values:
            return False
    return any(first)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def form_ending(path: Path) -> str:
    """The ending that tells a file's form, "" for none that is known."""
    name = path.name.lower()
    for packing in PACKED:
        name = name.removesuffix(packing)
    return next((ending for ending in ENDINGS if name.endswith(ending)), "")
