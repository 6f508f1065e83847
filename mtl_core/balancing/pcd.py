"""The target's gradient, as far as the helpers let it."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor
from torchjd.aggregation import PCDWeighting

from mtl_core.balancing import GradientBalancing


class PCD(GradientBalancing):
    """Follows the target, but for a guaranteed part of each helper's progress.

    Find the d nearest to the target's gradient with d . g_j >= tau |g_j|^2 for each helper j, gradients divided by the
    moving average of their lengths; d is then as long as the target's gradient. The target is the run's first task.

    Source: "Not All Objectives Are Born Equal: Priority-Constrained Descent", TMLR 2026, arXiv 2606.29521, through
    torchjd. Differs from it: nothing; where helpers can't all be served, the target's gradient alone is taken.
    """

    name = "pcd"
    title = "PCD"

    def __init__(
        self,
        n_tasks: int,
        *,
        tau: Annotated[
            float, Field(ge=0, le=1, description="Part of its own progress that a helper is granted, 0 to 1.")
        ] = 0.02,
        beta: Annotated[float, Field(ge=0, lt=1, description="How slowly the average of lengths follows.")] = 0.999,
    ) -> None:
        super().__init__(n_tasks)
        self.weighting = PCDWeighting(tau, beta)
        self.weighting._ensure_state(n_tasks)  # from the start, so that a checkpoint can fill it

    def aggregate(self, gramian: Tensor) -> Tensor:
        """(T, T) -> (T,). Lengths are compared over steps, so inner products come as they are."""
        return self.weighting.cpu()(gramian.detach().cpu().to(torch.float32)).to(gramian)
