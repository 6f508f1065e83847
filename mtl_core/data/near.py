"""Texts that are nearly the same: MinHash signatures, banded (LSH), then the exact share of what they have in common.

A text is the set of its five-byte pieces in small letters. Signatures of all texts are computed at once, piece by piece
of the data set, so that 400,000 texts take seconds and little memory.

Source: Broder 1997, "On the resemblance and containment of documents"; bands as in Leskovec et al., Mining of Massive
Datasets, chapter 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Halves = NDArray[np.uint32]
PIECE = 5
"""Bytes of a piece."""
HASHES = 48
ROWS = 4
"""Of a band: with 12 bands, a pair of 80 % is missed once in 550 times."""
ALIKE = 0.8
"""Share of pieces in common (Jaccard) from which two texts are nearly the same."""
AT_ONCE = 2_000
"""Texts of one step."""


def nearest(texts: Sequence[str], others: Sequence[str]) -> dict[int, int]:
    """Place of a text → place of one of the others that is nearly the same. Texts are compared as they are given."""
    if not texts or not others:
        return {}
    theirs = signatures(others)
    tables = [_table(keys) for keys in _bands(theirs)]
    found: dict[int, int] = {}
    for begin in range(0, len(texts), AT_ONCE):
        part = texts[begin : begin + AT_ONCE]
        mine = signatures(part)
        pairs = _candidates(mine, tables)
        alike = (mine[pairs[:, 0]] == theirs[pairs[:, 1]]).mean(axis=1) >= ALIKE - 0.2
        for place, other in pairs[alike].tolist():
            if begin + place not in found and jaccard(part[place], others[other]) >= ALIKE:
                found[begin + place] = other
    return found


def jaccard(one: str, other: str) -> float:
    """The share of pieces that two texts have in common, 0 to 1."""
    ours, theirs = (set(_pieces([text])[0].tolist()) for text in (one, other))
    return len(ours & theirs) / len(ours | theirs)


def signatures(texts: Sequence[str]) -> Halves:
    """(texts, HASHES): for each hash function the smallest value over a text's pieces."""
    draw = np.random.default_rng(20_140_606)
    factors = draw.integers(0, 2**31, HASHES, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    parts = [_signed(texts[begin : begin + AT_ONCE], factors) for begin in range(0, len(texts), AT_ONCE)]
    return np.concatenate(parts)


def _signed(texts: Sequence[str], factors: Halves) -> Halves:
    pieces, begins = _pieces(texts)
    mixed = (_mixed(pieces) >> np.uint64(32)).astype(np.uint32)
    signed = np.empty((len(texts), HASHES), dtype=np.uint32)
    for number, factor in enumerate(factors):
        signed[:, number] = np.minimum.reduceat(mixed * factor, begins)
    return signed


def _pieces(texts: Sequence[str]) -> tuple[Words, NDArray[np.int64]]:
    """Each five bytes in a row of each text as a number, one text after the other, and where each text begins; a
    shorter text is one piece."""
    encoded = [text.encode(errors="replace").ljust(PIECE) for text in texts]
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
    whole = np.frombuffer(b"".join(encoded), dtype=np.uint8).astype(np.uint64)
    count = len(whole) - PIECE + 1
    found = np.zeros(count, dtype=np.uint64)
    for place in range(PIECE):
        found = (found << np.uint64(8)) | whole[place : place + count]
    inside = np.ones(count, dtype=bool)
    ends = np.cumsum(lengths)
    for place in range(1, PIECE):  # pieces that begin in one text and end in the next are none
        inside[ends[:-1] - place] = False
    return found[inside], np.cumsum(np.append(0, lengths[:-1] - PIECE + 1))


def _mixed(values: Words) -> Words:
    """Spreads numbers over 64 bits (splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Words = values ^ (values >> np.uint64(31))
    return mixed


def _bands(signed: Halves) -> Iterator[Words]:
    """A number a text for each band."""
    for begin in range(0, HASHES, ROWS):
        keys = np.zeros(len(signed), dtype=np.uint64)
        for column in range(begin, begin + ROWS):
            keys = _mixed(keys ^ signed[:, column].astype(np.uint64)) + np.uint64(0x9E3779B97F4A7C15)
        yield keys


def _table(keys: Words) -> tuple[Words, NDArray[np.int64]]:
    """The different keys in order, and the first text that has each."""
    found, places = np.unique(keys, return_index=True)
    return found, places


def _candidates(signed: Halves, tables: Sequence[tuple[Words, NDArray[np.int64]]]) -> NDArray[np.int64]:
    """(pairs, 2): texts of one band in common with one of the others, each pair once."""
    pairs = []
    for keys, (known, places) in zip(_bands(signed), tables, strict=True):
        at = np.searchsorted(known, keys).clip(max=len(known) - 1)
        hits = np.flatnonzero(known[at] == keys)
        pairs.append(np.stack([hits, places[at[hits]]], axis=1))
    return np.unique(np.concatenate(pairs), axis=0)
