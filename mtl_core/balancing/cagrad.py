"""The direction near the mean that helps the worst task most."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor
from torchjd.aggregation import CAGradWeighting

from mtl_core.balancing._unit_scale import UnitScale

SHORTEST = 1e-6
"""Length below which a mixture counts as zero; gradients have length 1 in the mean."""


class CAGrad(UnitScale):
    """Turns the mean gradient towards the task that it helps least.

    d = g0 + c |g0| gw / |gw|, g0 the mean gradient and gw = sum of w * g the weighted mean that minimises
    gw . g0 + c |g0| |gw|; c = 0 is the mean, c near 1 comes close to MGDA.

    Source: Liu et al. 2021, "Conflict-Averse Gradient Descent", algorithm 1, through torchjd, which solves for w with
    Clarabel. Differs from it: where gw vanishes (a task without gradient, or gradients exactly opposed) d = g0, as the
    paper's d is not defined there.
    """

    name = "cagrad"
    title = "CAGrad"

    def __init__(
        self,
        n_tasks: int,
        *,
        c: Annotated[float, Field(ge=0, lt=1, description="How far from the mean gradient, in its lengths.")] = 0.5,
    ) -> None:
        super().__init__(n_tasks)
        self.weighting = CAGradWeighting(c, norm_eps=SHORTEST)

    def shares(self, gramian: Tensor) -> Tensor:
        """(T, T) -> (T,)"""
        mixture = self.weighting(gramian.double())
        return mixture if mixture.any() else torch.full_like(mixture, 1 / len(mixture))
