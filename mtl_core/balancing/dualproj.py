"""The mean gradient without what works against any task."""

from __future__ import annotations

from torch import Tensor
from torchjd.aggregation import DualProjWeighting

from mtl_core.balancing._dual_cone import NonNegative
from mtl_core.balancing._unit_scale import UnitScale


class DualProj(UnitScale):
    """Bends the mean gradient as little as it takes to hurt no task.

    d = the projection of the mean gradient on the cone of vectors v with v . g_j >= 0 for all j

    Source: Lopez-Paz & Ranzato 2017, "Gradient Episodic Memory", equation 11, through torchjd. Differs from it: the
    mean of the tasks' gradients stands for the current task's, and the tasks themselves for the memories.
    """

    name = "dualproj"
    title = "DualProj"

    def __init__(self, n_tasks: int) -> None:
        super().__init__(n_tasks)
        self.weighting = DualProjWeighting(projector=NonNegative())

    def shares(self, gramian: Tensor) -> Tensor:
        """(T, T) -> (T,)"""
        return self.weighting(gramian)
