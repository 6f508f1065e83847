"""Which examples a seed draws, how they are grouped, and what padding does."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mtl_core.data.batches import by_length, collate, order, rows_of, tokens_of
from mtl_core.data.counts import batches_in, drawn
from mtl_core.encoders.batch import Encoded


def encoded(lengths: list[int], windows: int = 1) -> Encoded:
    """Examples of the given lengths, each `windows` times; token ids count up from 1."""
    rows = [length for length in lengths for _ in range(windows)]
    return Encoded(
        tokens=np.arange(1, sum(rows) + 1, dtype=np.int32),
        types=np.zeros(sum(rows), np.int32),
        offsets=np.empty((0, 2), np.int32),
        starts=np.cumsum([0, *rows], dtype=np.int32),
        first_rows=np.arange(0, len(rows) + 1, windows, dtype=np.int32),
        targets=np.arange(len(rows), dtype=np.int32)[:, None],
    )


def some(number: int) -> Encoded:
    draw = np.random.default_rng(0)
    return encoded(draw.integers(3, 40, number).tolist())


def epochs(data: Encoded, seed: str, count: int, size: int = 8) -> list[list[int]]:
    whole = batches_in(data.examples, size)
    found = list(order(data, batch_size=size, batches=whole * count, seed=seed))
    return [np.concatenate(found[e * whole : (e + 1) * whole]).tolist() for e in range(count)]


def test_an_epoch_draws_every_example_once() -> None:
    for epoch in epochs(some(100), "1:sst2", 3):
        assert sorted(epoch) == list(range(100))


def test_the_seed_decides_and_epochs_differ() -> None:
    data = some(100)
    assert epochs(data, "1:sst2", 2) == epochs(data, "1:sst2", 2)
    assert epochs(data, "1:sst2", 1) != epochs(data, "2:sst2", 1)
    first, second = epochs(data, "1:sst2", 2)
    assert first != second


def test_grouping_by_length_changes_no_epochs_examples() -> None:
    """A cut epoch has the same examples, whatever their lengths and so whatever the grouping."""
    same = encoded([5] * 100)
    for batches in (3, 7, 17):
        mixed, plain = (
            np.concatenate(list(order(data, batch_size=8, batches=batches, seed="s"))) for data in (some(100), same)
        )
        assert sorted(mixed) == sorted(plain)


def test_batches_hold_examples_of_like_length() -> None:
    data = some(2000)
    lengths = data.lengths()
    padded = sum(lengths[b].max() * len(b) for b in order(data, batch_size=32, batches=batches_in(2000, 32), seed="s"))
    assert padded < 1.05 * lengths.sum()


def test_the_last_batch_is_the_small_one_of_its_epoch() -> None:
    sizes = [len(batch) for batch in order(some(20), batch_size=8, batches=6, seed="s")]
    assert sorted(sizes[:3]) == [4, 8, 8]
    assert sum(sizes) == drawn(20, 8, 6) == 40


@pytest.mark.parametrize(
    ("examples", "size", "count", "batches"), [(4000, 32, 1, 125), (20, 8, 0.5, 2), (3, 8, 0.1, 1), (20, 8, 2.5, 8)]
)
def test_batches_in(examples: int, size: int, count: float, batches: int) -> None:
    assert batches_in(examples, size, count) == batches


def test_drawn_counts_what_order_draws() -> None:
    for examples, size, batches in [(20, 8, 1), (20, 8, 4), (5, 8, 3), (64, 8, 20)]:
        found = order(encoded([4] * examples), batch_size=size, batches=batches, seed="x")
        assert sum(map(len, found)) == drawn(examples, size, batches)


def test_padding_is_masked_and_nothing_is_lost() -> None:
    batch = collate(encoded([2, 4]), np.array([0, 1]), padding=0)
    assert batch.input_ids.tolist() == [[1, 2, 0, 0], [3, 4, 5, 6]]
    assert batch.attention_mask.tolist() == [[1, 1, 0, 0], [1, 1, 1, 1]]
    assert tokens_of(encoded([2, 4]), np.array([0, 1])) == 6
    assert torch.equal(batch.targets, torch.tensor([[0], [1]]))


def test_windows_stay_with_their_example() -> None:
    data = encoded([3, 5, 4], windows=2)
    assert rows_of(data, np.array([2, 0])).tolist() == [4, 5, 0, 1]
    assert data.lengths().tolist() == [3, 5, 4]


def test_evaluation_takes_the_longest_rows_first_and_each_once() -> None:
    data = some(50)
    rows = np.concatenate(list(by_length(data, 8)))
    assert sorted(rows) == list(range(50))
    assert (np.diff(np.diff(data.starts)[rows]) <= 0).all()
