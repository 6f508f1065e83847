"""Weights that are drawn."""

from __future__ import annotations

import torch
from torch import Tensor

from mtl_core.balancing import LossBalancing


class RandomLossWeighting(LossBalancing):
    """Draws new weights for each step: the litmus test for every other method.

    total = sum over tasks of w * loss, w = T * softmax(x), x drawn from the standard normal distribution in each step

    Source: Lin et al. 2022, "Reasonable Effectiveness of Random Weighting", algorithm 1 with normal draws.
    Differs from it: weights add up to T instead of 1, so that losses count as much as in `sum`.
    """

    name = "rlw"
    title = "RLW"

    def weights(self) -> Tensor:
        """(T,)"""
        return self.n_tasks * torch.randn(self.n_tasks).softmax(0)
