"""A bargain between the tasks."""

from __future__ import annotations

from torch import Tensor

from mtl_core.balancing._fair_shares import fair_shares
from mtl_core.balancing._unit_scale import UnitScale


class NashMTL(UnitScale):
    """Takes the Nash bargaining solution: no task could gain relatively more than the others lose.

    G w = 1 / w, G the gradients' inner products: the tasks' gains w_i g_i . d are equal whatever the gradients' lengths

    Source: Navon et al. 2022, "Multi-Task Learning as a Bargaining Game", claim 3.1. Differs from it: solved in every
    step and to the end by Newton's method instead of a sequence of approximations; G is divided by the mean squared
    length, so that the update keeps the gradients' scale; a task without gradient counts nothing.
    """

    name = "nash_mtl"
    title = "Nash-MTL"

    def shares(self, gramian: Tensor) -> Tensor:
        """(T, T) -> (T,)"""
        return fair_shares(gramian, power=1.0)
