"""A fair division of progress."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from torch import Tensor

from mtl_core.balancing._fair_shares import fair_shares
from mtl_core.balancing._unit_scale import UnitScale


class FairGrad(UnitScale):
    """Divides progress among tasks, from the most in all to the most for the worst.

    G w = w^(-1 / alpha), G the gradients' inner products; alpha near 0 is the sum, 1 is Nash-MTL, and a large alpha
    gives every task the same progress.

    Source: Ban & Ji 2024, "Fair Resource Allocation in Multi-Task Learning", equation 4. Differs from it: solved by
    Newton's method; G is divided by the mean squared length, so that the update keeps the gradients' scale; a task
    without gradient counts nothing.
    """

    name = "fairgrad"
    title = "FairGrad"

    def __init__(
        self,
        n_tasks: int,
        *,
        alpha: Annotated[float, Field(ge=0.1, le=10, description="Higher serves the worst task more.")] = 2.0,
    ) -> None:
        super().__init__(n_tasks)
        self.alpha = alpha

    def shares(self, gramian: Tensor) -> Tensor:
        """(T, T) -> (T,)"""
        return fair_shares(gramian, power=1 / self.alpha)
