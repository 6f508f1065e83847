"""The batches that a seed draws from encoded examples."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mtl_core.encoders.batch import Batch, Encoded, Ints

POOL = 64
"""Batches whose examples are sorted by length together. More saves little padding (docs/decisions.md)."""


def rows_of(encoded: Encoded, examples: Ints) -> Ints:
    """Every row of the given examples: (E,) -> (R,)."""
    spans = [np.arange(encoded.first_rows[e], encoded.first_rows[e + 1], dtype=np.int32) for e in examples]
    return np.concatenate(spans)


def tokens_of(encoded: Encoded, examples: Ints) -> int:
    """Tokens of all rows of the given examples, without padding."""
    rows = rows_of(encoded, examples)
    return int((encoded.starts[rows + 1] - encoded.starts[rows]).sum())


def collate(encoded: Encoded, rows: Ints, padding: int) -> Batch:
    """The given rows as one batch, padded with the token id `padding`."""
    begin, end = encoded.starts[rows], encoded.starts[rows + 1]
    lengths = end - begin
    mask = np.arange(lengths.max()) < lengths[:, None]  # (R, L)
    places = (begin[:, None] + np.arange(lengths.max()))[mask]

    def padded(flat: Ints, fill: int) -> Tensor:
        out = np.full(mask.shape, fill, dtype=np.int64)
        out[mask] = flat[places]
        return torch.from_numpy(out)

    return Batch(
        input_ids=padded(encoded.tokens, padding),
        attention_mask=torch.from_numpy(mask.astype(np.int64)),
        token_type_ids=padded(encoded.types, 0) if encoded.types.size else None,
        context_mask=padded(encoded.offsets[:, 0], -1) >= 0 if encoded.offsets.size else None,
        targets=torch.from_numpy(wide(encoded.targets[rows])),
        rows=rows,
    )


def wide(targets: NDArray[Any]) -> NDArray[Any]:
    """Targets as losses take them: whole numbers in 64 bits, real ones as they are."""
    return targets.astype(np.int64) if np.issubdtype(targets.dtype, np.integer) else targets


def order(encoded: Encoded, *, batch_size: int, batches: int, seed: str) -> Iterator[Ints]:
    """The examples of each batch, in the order in which `seed` draws them.

    An epoch is a shuffle of all examples; the last one may be cut short. Which examples an epoch has is
    decided by that shuffle alone; only then are examples of like length put together.
    """
    lengths, left, epoch = encoded.lengths(), batches, 0
    while left > 0:
        shuffle = random.Random(f"{seed}:{epoch}")
        whole = list(range(encoded.examples))
        shuffle.shuffle(whole)
        part = np.array(whole[: left * batch_size], dtype=np.int32)
        grouped = _grouped(part, lengths, batch_size, shuffle)
        yield from grouped
        left, epoch = left - len(grouped), epoch + 1


def by_length(encoded: Encoded, batch_size: int, *, together: bool = False) -> Iterator[Ints]:
    """Every row once, longest first: the least padding, and memory runs out at once or never.

    Rows of an example may be apart, unless they are to be `together`.
    """
    if together:
        examples = np.argsort(-encoded.lengths(), kind="stable").astype(np.int32)
        size = max(1, batch_size * encoded.examples // int(encoded.first_rows[-1]))
        yield from (rows_of(encoded, examples[at : at + size]) for at in range(0, len(examples), size))
        return
    longest = np.argsort(-np.diff(encoded.starts), kind="stable").astype(np.int32)
    yield from (longest[at : at + batch_size] for at in range(0, len(longest), batch_size))


def _grouped(part: Ints, lengths: Ints, batch_size: int, shuffle: random.Random) -> list[Ints]:
    batches: list[Ints] = []
    for at in range(0, len(part), POOL * batch_size):
        pool = part[at : at + POOL * batch_size]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        batches += [pool[b : b + batch_size] for b in range(0, len(pool), batch_size)]
    shuffle.shuffle(batches)
    return batches
