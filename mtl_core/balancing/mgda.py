"""The shortest mixture of gradients."""

from __future__ import annotations

from torch import Tensor
from torchjd.aggregation import MGDAWeighting

from mtl_core.balancing._unit_scale import UnitScale


class MGDA(UnitScale):
    """Takes the shortest vector among all weighted means of the gradients; no task is hurt by it.

    minimise |sum over tasks of w * g| over w >= 0 that add up to 1

    Source: Désidéri 2012 (MGDA); Sener & Koltun 2018, "Multi-Task Learning as Multi-Objective Optimization",
    algorithm 2 (Frank-Wolfe), through torchjd. Differs from it: gradients of the shared parameters instead of the
    shared states, the paper's MGDA without its upper bound. A task whose gradient is zero, or far shorter than the
    others', stops the shared part: nothing helps all then.
    """

    name = "mgda"
    title = "MGDA"

    def __init__(self, n_tasks: int) -> None:
        super().__init__(n_tasks)
        self.weighting = MGDAWeighting()

    def shares(self, gramian: Tensor) -> Tensor:
        """(T, T) -> (T,)"""
        return self.weighting(gramian)
