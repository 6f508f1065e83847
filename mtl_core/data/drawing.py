"""Which n of a task's examples a limit takes: spread over clusters and labels, whatever order a file has.

Files are not in random order: the first 2,000 dev questions of SQuAD are about 6 of its 48 articles. So examples are
put in an order that follows from them alone, and a limit takes its first n: they are among the first m for any m > n,
and the same for each seed and arm. Each prefix of the order has close to its share of every cluster, of every label,
and of the finer clusters in a coarse one (systematic sampling, ordered by hash: proportional, not equal numbers).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from mtl_core.kinds import Kind, Task
from mtl_core.kinds._clusters import Codes, coded
from mtl_core.records import Example

SALT = "limit:"
"""Makes hashes of its own: not those by which the validation split is held out."""

Shares = NDArray[np.float64]


def drawn(task: Task, kind: Kind, examples: Sequence[Example], most: int | None) -> tuple[Example, ...]:
    """The first `most` examples of the drawing order, in the order in which they were given; None for all."""
    if most is None or most >= len(examples):
        return tuple(examples)
    chosen = np.sort(drawing_order(task, kind, examples)[:most])
    return tuple([examples[place] for place in chosen])


def drawing_order(task: Task, kind: Kind, examples: Sequence[Example]) -> Codes:
    """Places of the examples in the order in which limits take them: (E,).

    Spread first: a cluster with n members gives its members, themselves spread over its finer clusters, the places
    (0 + u) / n, (1 + u) / n, ... with u in [0, 1) from the hash of the cluster. Then each stratum takes the places
    (rank + 0.5) / n in that order.
    """
    own = _hashes(example.id for example in examples)
    place = own
    for level in reversed(_levels(examples)):
        names, codes = level
        place = _placed(codes, place, own, _hashes(names)[codes])
    _, strata = coded(kind.stratum(task, example) for example in examples)
    place = _placed(strata, place, own, 0.5)
    return np.lexsort((own, place))


def _placed(codes: Codes, place: Shares, own: Shares, first: Shares | float) -> Shares:
    """A place in [0, 1) for each example: those of one code evenly apart, in the order of `place`, ties by `own`."""
    order = np.lexsort((own, place, codes))
    sizes = np.bincount(codes)
    begins = np.repeat(np.cumsum(sizes) - sizes, sizes)
    ranks = np.empty(len(codes))
    ranks[order] = np.arange(len(codes)) - begins
    return (ranks + first) / sizes[codes]


def _levels(examples: Sequence[Example]) -> list[tuple[list[str], Codes]]:
    """Names and codes of clusters, the coarsest level first; a finer cluster is one within its coarser ones."""
    levels: list[tuple[list[str], Codes]] = []
    for name in examples[0].clusters if examples else ():
        keys = [example.clusters[name] for example in examples]
        if levels:
            coarser, codes = levels[-1]
            keys = [f"{coarser[code]}\x1f{key}" for code, key in zip(codes, keys, strict=True)]
        levels.append(coded(keys))
    return levels


def _hashes(names: Iterable[str]) -> Shares:
    """A share in [0, 1) of each name's own."""
    digests = b"".join([hashlib.blake2b(f"{SALT}{name}".encode(), digest_size=8).digest() for name in names])
    return (np.frombuffer(digests, ">u8") >> np.uint64(11)) / float(2**53)
