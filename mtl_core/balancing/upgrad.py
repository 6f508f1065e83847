"""Each gradient without what works against any task."""

from __future__ import annotations

from torch import Tensor
from torchjd.aggregation import UPGradWeighting

from mtl_core.balancing._dual_cone import NonNegative
from mtl_core.balancing._unit_scale import UnitScale


class UPGrad(UnitScale):
    """Bends each gradient as little as it takes to hurt no task, then takes the mean.

    d = mean over tasks of the projection of g_i on the cone of vectors v with v . g_j >= 0 for all j

    Source: Quinton & Rey 2024, "Jacobian Descent for Multi-Objective Optimization" (UPGrad), through torchjd.
    Differs from it: nothing; the projection is solved by non-negative least squares.
    """

    name = "upgrad"
    title = "UPGrad"

    def __init__(self, n_tasks: int) -> None:
        super().__init__(n_tasks)
        self.weighting = UPGradWeighting(projector=NonNegative())

    def shares(self, gramian: Tensor) -> Tensor:
        """(T, T) -> (T,)"""
        return self.weighting(gramian)
