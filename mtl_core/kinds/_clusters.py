"""Clusters of examples: what several of them are about, such as an article or a premise, as short keys by level."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

LONGEST = 64
"""Characters of a value that is its own key; a longer one is known by its hash."""

Codes = NDArray[np.int64]
Key = TypeVar("Key", bound=Hashable)
Levels = Sequence[tuple[str, str]]
"""Name of each unit and the column that tells it, the coarsest first: ("article", "title")."""


def key_of(value: str) -> str:
    """The value itself where it is short, else sixteen characters made of it. Raises UnicodeEncodeError for half a
    character, which no database takes."""
    text = value.strip()
    encoded = text.encode()
    return text if len(text) <= LONGEST else hashlib.blake2b(encoded, digest_size=8).hexdigest()


def coded(keys: Iterable[Key]) -> tuple[list[Key], Codes]:
    """The different keys as they appear, and for each given one its place among them."""
    known: dict[Key, int] = {}
    codes = np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)
    return list(known), codes


class ClusterReader:
    """Reads the clusters of each row of one split, and counts the rows that have each level."""

    def __init__(self, levels: Levels, inputs: Sequence[str]) -> None:
        """`inputs` are the columns of a row's texts, which have other names in other sources."""
        self._levels = [(name, column, inputs.index(column) if column in inputs else None) for name, column in levels]
        self._known: dict[tuple[str | None, ...], dict[str, str]] = {}
        self._rows = 0
        self._with = {name: 0 for name, _ in levels}

    def of(self, row: Mapping[str, Any], texts: Sequence[str]) -> Mapping[str, str]:
        """Level → key, without levels whose column the row lacks or leaves empty. Rows of one cluster share one."""
        values = tuple([_text(row.get(column)) if at is None else texts[at] for _, column, at in self._levels])
        if values not in self._known:
            levels = zip(self._levels, values, strict=True)
            self._known[values] = {name: key_of(value) for (name, *_), value in levels if value is not None}
        found = self._known[values]
        self._rows += 1
        for name in found:
            self._with[name] += 1
        return found

    def partial(self) -> dict[str, str]:
        """Levels that only some of the rows have, and that in words: they count for none."""
        return {
            name: f"only {count:,} of {self._rows:,} rows have a '{column}', so {name}s are not told apart"
            for name, column, _ in self._levels
            if 0 < (count := self._with[name]) < self._rows
        }


def _text(value: Any) -> str | None:
    """A column's value as text; None for an empty one."""
    return None if value is None or value != value or not (text := str(value)).strip() else text
