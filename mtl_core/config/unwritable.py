"""Values that no file, database or page takes, wherever they come from: told before anything else looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from mtl_core.errors import Fault, InvalidConfig

LONGEST = 100_000
"""Characters of a text in a config."""
LARGEST = 2**63 - 1
"""The largest whole number that SQLite takes."""
DEEPEST = 20
"""Lists and sets of settings within each other."""


def text_fault(text: str) -> str:
    """The fault of a text that can't be written, "" for any other."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return "holds half a character (a lone surrogate). Type it again."
    if "\0" in text:
        return "holds a NUL character. Take it out."
    return ""


def need_writable(values: Mapping[str, Any]) -> None:
    """Raises InvalidConfig with each field that holds what can't be written: half a character, a NUL, a number that is
    not finite or too large, a text that is too long, lists within lists without end."""
    faults = [Fault(_name(field), words) for field, value in values.items() for words in _faults(field, value)]
    if faults:
        raise InvalidConfig(faults)


def _name(field: Any) -> str:
    text = str(field)
    return text if not text_fault(text) and len(text) < LONGEST else "config"


def _faults(field: Any, value: Any) -> Iterator[str]:
    """The first fault of a field."""
    found = text_fault(field) if isinstance(field, str) else ""
    words = found or next(_inside(value, 0), "")
    if words:
        yield words


def _inside(value: Any, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        yield "is nested too deeply. Give names and plain values."
    elif isinstance(value, str):
        found = "is too long, 100,000 characters are the maximum." if len(value) > LONGEST else text_fault(value)
        yield from [found] if found else []
    elif isinstance(value, float) and not isfinite(value):
        yield "is not a finite number. Use one that is."
    elif isinstance(value, int) and abs(value) > LARGEST:
        yield "is a number of too many digits. Use a smaller one."
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _inside(name, depth + 1)
            yield from _inside(one, depth + 1)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _inside(one, depth + 1)
