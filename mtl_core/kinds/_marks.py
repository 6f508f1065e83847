"""An answer marked in the text that it was taken from."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

MARGIN = 240
"""Characters around an answer that are enough to judge it."""
GAP = " … "

Range = tuple[int, int]
"""First character and the one after the last."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that is marked alike."""

    text: str
    gold: bool
    """True where it belongs to a gold answer."""
    predicted: bool
    tag: str = ""
    """What it is called, in small letters after it."""


def trimmed(text: str, start: int, end: int) -> Range:
    """The range without blanks at its edges: many tokenizers count the blank before a word as its own."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def pieces(text: str, gold: Iterable[Range], predicted: Iterable[Range]) -> list[Piece]:
    """The whole text cut where a mark begins or ends; ranges that lie outside of it are ignored."""
    golds, predictions = ([(a, b) for a, b in ranges if 0 <= a < b <= len(text)] for ranges in (gold, predicted))
    cuts = sorted({0, len(text), *itertools.chain.from_iterable(golds + predictions)})
    return [
        Piece(text[start:end], _inside(start, golds), _inside(start, predictions))
        for start, end in itertools.pairwise(cuts)
    ]


def around(parts: Iterable[Piece], margin: int = MARGIN) -> list[Piece]:
    """The pieces with at most `margin` characters of unmarked text kept before and after each mark."""
    parts = list(parts)
    return [_shortened(piece, place > 0, place < len(parts) - 1, margin) for place, piece in enumerate(parts)]


def _shortened(piece: Piece, after: bool, before: bool, margin: int) -> Piece:
    """`after` and `before` say whether a mark stands on that side of the piece."""
    if piece.gold or piece.predicted or len(piece.text) <= margin * (after + before or 1) + len(GAP):
        return piece
    head = piece.text[:margin] if after or not before else ""
    return Piece(head + GAP + (piece.text[-margin:] if before else ""), gold=False, predicted=False)


def _inside(place: int, ranges: Iterable[Range]) -> bool:
    return any(start <= place < end for start, end in ranges)
