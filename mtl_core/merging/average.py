"""Plain averaging."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from mtl_core.merging import Coefficients, Merging


class Average(Merging):
    """The mean of the runs' encoders, weight by weight.

    merged = mean over tasks of tuned[task]

    Source: Wortsman et al. 2022, "Model soups", arxiv.org/abs/2203.05482, the uniform soup; Matena & Raffel 2022,
    "Merging Models with Fisher-Weighted Averaging", arxiv.org/abs/2111.09832, its isotropic baseline. Differs from
    them: the averaged runs have learned different tasks, each keeps its own head, and all tasks weigh the same.
    """

    name = "average"

    def candidates(self) -> list[Coefficients]:
        """One: there is nothing to choose."""
        return [{}]

    def merges(self, pretrained: Tensor, tuned: Tensor) -> Iterator[Tensor]:
        """(N,), (T, N) -> one (N,)"""
        yield tuned.mean(dim=0)
