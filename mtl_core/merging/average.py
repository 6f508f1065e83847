"""Plain averaging."""

from __future__ import annotations

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

    def merged(self, pretrained: Tensor, tuned: Tensor, coefficients: Coefficients) -> Tensor:
        """(N,), (T, N) -> (N,)"""
        return tuned.mean(dim=0)
