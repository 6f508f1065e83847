"""Sentences in CoNLL's columns: a word a line, blanks or tabs between columns, an empty line between sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from mtl_core.errors import DataError

DOCUMENT = "-DOCSTART-"
"""First column of the line that begins a document; it is no sentence."""
USUAL = ("tokens", "tags")
"""Names of the first and the last column, where a task names none."""
Sentence = dict[str, list[str]]


def sentences(text: str, name: str, columns: Sequence[str] = ()) -> tuple[list[Sentence], list[int]]:
    """Each sentence as lists by column, and the line of its first word. Messages call the file `name`.

    Raises DataError for a line with another number of columns than `columns` names, or than the first one has.
    """
    rows, places, width = [], [], len(columns)
    for begins, lines in _sentences(text):
        width = width or len(lines[0])
        for line, fields in enumerate(lines, begins):
            if len(fields) != width or width < 2:
                wanted = f"Each word needs {', '.join(columns)}" if columns else "Each needs a word and its tag"
                there = f"{len(fields)} columns where {'the task' if columns else 'the first word'} has {width}"
                raise DataError(f"{name}, line {line:,}: {there}. {wanted}, and an empty line ends a sentence.")
        by_column = [list(column) for column in zip(*lines, strict=True)]
        named = (
            zip(columns, by_column, strict=True) if columns else zip(USUAL, (by_column[0], by_column[-1]), strict=True)
        )
        rows.append(dict(named))
        places.append(begins)
    return rows, places


def _sentences(text: str) -> Iterator[tuple[int, list[list[str]]]]:
    """The line of each sentence's first word, and its lines' columns."""
    lines = enumerate(text.replace("\r\n", "\n").split("\n"), 1)
    parted = [(number, line.split("\t") if "\t" in line else line.split()) for number, line in lines]
    words = [
        (number, fields, bool(fields and fields[0].strip()) and fields[0] != DOCUMENT) for number, fields in parted
    ]
    for is_word, together in groupby(words, itemgetter(2)):
        if is_word:
            found = list(together)
            yield found[0][0], [fields for _, fields, _ in found]
