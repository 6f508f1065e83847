"""Gradient surgery."""

from __future__ import annotations

from torch import Tensor
from torchjd.aggregation import PCGradWeighting

from mtl_core.balancing import GradientBalancing


class PCGrad(GradientBalancing):
    """Takes from each task's gradient what works against another's.

    g_i <- g_i - (g_i . g_j / |g_j|^2) g_j for each j, in drawn order, where g_i . g_j < 0; the update is their sum.

    Source: Yu et al. 2020, "Gradient Surgery for Multi-Task Learning", algorithm 1, through torchjd.
    Differs from it: nothing; the projections are made on the gradients' inner products, which is the same.
    """

    name = "pcgrad"
    title = "PCGrad"

    def __init__(self, n_tasks: int) -> None:
        super().__init__(n_tasks)
        self.weighting = PCGradWeighting()

    def aggregate(self, gramian: Tensor) -> Tensor:
        """(T, T) -> (T,)"""
        return self.weighting(gramian)
