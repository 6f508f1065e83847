"""A direction that helps all tasks alike."""

from __future__ import annotations

import torch
from torch import Tensor
from torchjd.aggregation import IMTLGWeighting

from mtl_core.balancing._unit_scale import UnitScale

ALIKE = 1e-3
"""Relative difference up to which two projections count as equal."""


class IMTLG(UnitScale):
    """Finds the update whose projections on all tasks' gradients are equally long.

    d . g_i / |g_i| is the same for all tasks, d = sum of w * g, the weights adding up to 1

    Source: Liu et al. 2021, "Towards Impartial Multi-task Learning" (IMTL-G), through torchjd, whose
    pseudo-inverse serves dependent gradients too. Differs from it: a solution that would climb on every task is turned
    round; where no direction has equal projections, gradients are added at equal lengths, which is the solution for
    two tasks.
    """

    name = "imtl_g"
    title = "IMTL-G"

    def __init__(self, n_tasks: int) -> None:
        super().__init__(n_tasks)
        self.weighting = IMTLGWeighting()

    def shares(self, gramian: Tensor) -> Tensor:
        """(T, T) -> (T,); tasks without gradient count nothing."""
        lengths = gramian.diagonal().sqrt()
        there = lengths > 0
        weights = self.weighting(gramian)
        projections = (gramian @ weights)[there] / lengths[there]
        middle = projections.mean()
        if (projections - middle).abs().max() <= ALIKE * middle.abs():
            return weights * torch.sign(middle)
        equal = torch.where(there, 1 / lengths, 0.0)
        return equal / equal.sum()
