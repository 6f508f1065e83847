"""Weights from each task's own noise, which is learned."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn

from mtl_core.balancing import LossBalancing, StepStatistics


class Uncertainty(LossBalancing):
    """Counts a task the less, the noisier it is; the noise is learned.

    total = sum over tasks of exp(-s) * loss + s / 2, s = log sigma^2 learned beside the model, 0 at the start; for
    losses that stand still the optimum is sigma^2 = 2 * loss.

    Source: Kendall et al. 2018, "Multi-Task Learning Using Uncertainty to Weigh Losses", section 3.2, the form for
    classification, which we take for all kinds. Differs from it: s has an Adam of its own, since fine-tuning's learning
    rates would leave it where it starts; it moves after a step, by the losses of that step.
    """

    name = "uncertainty"

    def __init__(
        self,
        n_tasks: int,
        *,
        rate: Annotated[float, Field(gt=0, le=1, description="Learning rate of the noise, in log sigma^2.")] = 0.01,
    ) -> None:
        super().__init__(n_tasks)
        self.log_variances = nn.ParameterList(torch.zeros(()) for _ in range(n_tasks))
        self.optimiser = torch.optim.Adam(self.parameters(), lr=rate)

    def weights(self) -> Tensor:
        """exp(-s), that is 1 / sigma^2: (T,)"""
        return torch.exp(-torch.stack(list(self.log_variances)).detach())

    def observe(self, seen: StepStatistics) -> None:
        """Moves s of the tasks that were seen, and only theirs."""
        assert self.optimiser is not None
        self.optimiser.zero_grad()
        for task, loss in zip(seen.tasks.tolist(), seen.losses, strict=True):
            self.log_variances[task].grad = 0.5 - torch.exp(-self.log_variances[task].detach()) * loss
        self.optimiser.step()
