"""Near duplicates by MinHash: those that are alike are found, others are not."""

from __future__ import annotations

import random

import numpy as np

from mtl_core.data import near
from tests.own_tasks import tickets


def test_shares_of_pieces_by_hand() -> None:
    assert near.jaccard("abcdefg", "abcdefg") == 1.0
    assert near.jaccard("abcdef", "bcdefg") == 1 / 3  # abcde bcdef against bcdef cdefg
    assert near.jaccard("abc", "abd") == 0.0
    assert near.jaccard("é", "é") == 1.0


def test_signatures_estimate_that_share_whatever_is_beside() -> None:
    texts = [f"{text} {'and more of it ' * (n % 4)}" for n, (text, _) in enumerate(tickets(200))]
    together = near.signatures(texts)
    assert np.array_equal(together, np.concatenate([near.signatures([text]) for text in texts]))
    pairs = [(n, m) for n in range(0, 60) for m in range(n + 1, 60)]
    off = [(together[n] == together[m]).mean() - near.jaccard(texts[n], texts[m]) for n, m in pairs]
    assert abs(float(np.mean(off))) < 0.03
    assert float(np.max(np.abs(off))) < 0.35


def test_nearly_the_same_is_found_and_nothing_else() -> None:
    draw = random.Random(3)
    words = ["".join(draw.choices("abcdefghij", k=draw.randint(3, 8))) for _ in range(500)]
    dev = [" ".join(draw.choices(words, k=20)) for _ in range(300)]
    other = [" ".join(draw.choices(words, k=20)) for _ in range(300)]
    changed = [f"{text}." for text in dev[:100]]
    found = near.nearest([*other, *changed], dev)
    assert found == {300 + place: place for place in range(100)}
    assert near.nearest([], dev) == near.nearest(other, []) == {}
