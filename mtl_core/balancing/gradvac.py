"""Gradient surgery with a goal that is learned."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor
from torchjd.aggregation import GradVacWeighting

from mtl_core.balancing._unit_scale import UnitScale


class GradVac(UnitScale):
    """Turns each gradient towards the others until they agree as much as they usually do.

    Where cos(g_i, g_j) < goal_ij: g_i <- g_i + |g_i| (goal sin(g_i, g_j) - cos(g_i, g_j) sqrt(1 - goal^2)) /
    (|g_j| sqrt(1 - goal^2)) g_j for each j in drawn order; goal_ij <- (1 - beta) goal_ij + beta cos(g_i, g_j), 0 at the
    start; the update is their sum.

    Source: Wang et al. 2021, "Gradient Vaccine", algorithm 1, through torchjd. Differs from it: one goal
    for all shared parameters together instead of one a layer.
    """

    name = "gradvac"
    title = "GradVac"

    def __init__(
        self,
        n_tasks: int,
        *,
        beta: Annotated[float, Field(ge=0, le=1, description="How fast the usual agreement follows.")] = 0.01,
    ) -> None:
        super().__init__(n_tasks)
        self.weighting = GradVacWeighting(beta)
        self.weighting._ensure_state(n_tasks, torch.float32)  # from the start, so that a checkpoint can fill it

    def shares(self, gramian: Tensor) -> Tensor:
        """(T, T) -> (T,)"""
        return self.weighting.cpu()(gramian.float())
