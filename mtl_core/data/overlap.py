"""Texts of one task's dev set that occur in another's training data: a model that trained on them has seen the test.

Whole texts and their sentences are compared, as small letters with single blanks: QNLI's sentences are those of SQuAD's
passages. Short ones ("He agreed.") occur everywhere and say nothing, so they do not count.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mtl_core.data.rules import plain
from mtl_core.records import Example

SENTENCE = re.compile(r"(?<=[.!?])\s+")
LEAST_WORDS = 6
"""Of a text or sentence that is compared."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a dev set and another task's training data have in common."""

    dev: int
    """Dev examples with a text that occurs there."""
    of: int
    """All dev examples."""
    rows: int
    """Training examples that have such a text."""


@lru_cache(maxsize=200_000)
def units(text: str) -> tuple[int, ...]:
    """Hashes of the text and of its sentences, but for short ones."""
    whole = plain(text)
    parts = {whole, *(plain(part) for part in SENTENCE.split(text))}
    return tuple(hash(part) for part in parts if part.count(" ") + 1 >= LEAST_WORDS)


def all_units(examples: Collection[Example]) -> set[int]:
    """Of all texts of some examples."""
    return {unit for example in examples for text in example.inputs for unit in units(text)}


def touched(examples: Sequence[Example], there: Collection[int]) -> Iterator[Example]:
    """The examples with a text that is among `there`."""
    for example in examples:
        if any(unit in there for text in example.inputs for unit in units(text)):
            yield example


def between(dev: Sequence[Example], train: Sequence[Example]) -> Overlap:
    """What a dev set and the training examples of another task have in common."""
    wanted = all_units(dev)
    rows = list(touched(train, wanted))
    seen = all_units(rows) & wanted
    return Overlap(sum(1 for _ in touched(dev, seen)), len(dev), len(rows))
