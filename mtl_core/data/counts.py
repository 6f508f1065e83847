"""Numbers of batches and examples in an epoch. No torch."""

from __future__ import annotations


def batches_in(examples: int, batch_size: int, epochs: float = 1.0) -> int:
    """Batches that so many epochs take; the last of an epoch may be smaller."""
    in_one = -(-examples // batch_size)
    return max(1, round(in_one * epochs))


def drawn(examples: int, batch_size: int, batches: int) -> int:
    """Examples in that many batches, epochs one after the other."""
    in_one = -(-examples // batch_size)
    epochs, rest = divmod(batches, in_one)
    return epochs * examples + min(rest * batch_size, examples)
