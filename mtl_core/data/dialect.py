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

HEAD = 1 << 18
"""Bytes that the form of a file is guessed from."""
HEAD_ROWS = 2_000
PACKED = (".gz", ".xz")
ENDINGS = (".csv", ".tsv", ".txt", ".jsonl", ".json", ".parquet", ".conll", ".bio", ".iob", ".iob2")


def guessed(path: Path, said: Mapping[str, Any]) -> Reading:
    """How the file is read, as far as its first part tells."""
    with packings.opened(path, path.name) as file:
        head = file.read(HEAD)
    if not head.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise DataError(f"{path.name}: the file is empty. Give one with at least one row.")
    ending = form_ending(path)
    if ending in (".json", ".jsonl", ".parquet"):
        return Reading()
    if not ending:
        raise DataError(f"{path.name}: its ending tells no form. Known are {', '.join(ENDINGS)}, also with .gz or .xz.")
    encoding = str(said.get("encoding") or _encoding(head))
    text = _decoded(head, encoding, path.name)
    if said.get("form") == "conll" or ("form" not in said and "delimiter" not in said and _is_conll(text, ending)):
        return Reading("conll", encoding=encoding)
    whole = text[: text.rfind("\n") + 1] if len(head) == HEAD else text
    return _dialect(whole or text, encoding, said)


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decoded(head: bytes, encoding: str, name: str) -> str:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except LookupError as error:
        raise InvalidConfig([Fault("encoding", f"'{encoding}' is no encoding. Use one such as utf-8.")]) from error
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
    delimiters = [str(said["delimiter"])] if said.get("delimiter") else list(tables.DELIMITERS)
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
    """True unless the first row looks like the others: a header has short names, all different, none of them a number,
    and no value of its column's labels."""
    if len(rows) < 2:
        return True
    first, rest = [field.strip() for field in rows[0]], rows[1:]
    if len(set(first)) < len(first) or any(_is_number(name) or len(name) > 60 for name in first):
        return False
    for place, name in enumerate(first):
        values = [row[place] for row in rest if len(row) > place]
        if values and len(set(values)) <= len(values) / 2 and name in values:
            return False
    return True


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
