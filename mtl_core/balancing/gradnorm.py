"""Equal training rates through the lengths of gradients."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn

from mtl_core.balancing import LossBalancing, StepStatistics

LEAST = 1e-3
"""Smallest weight before all are brought back to the sum T."""
TINY = 1e-8
"""Nats or lengths below which something counts as this small, so that ratios stay numbers."""


class GradNorm(LossBalancing):
    """Learns weights so that tasks learn at like rates, judged by their gradients' lengths.

    G = length of the weighted loss's gradient of the shared parameters, r = (loss / first loss) / its mean over tasks;
    weights follow the gradient of sum over tasks of |G - mean(G) * r^alpha| by Adam, the goal held still, and are
    then brought back to the sum T.

    Source: Chen et al. 2018, "GradNorm", section 3 and algorithm 1. Differs from it: lengths over all shared
    parameters instead of the last shared layer; a weight stays above 0.001 before the sum is restored.
    """

    name = "gradnorm"
    title = "GradNorm"
    every_task = True
    needs_task_gradients = True
    first: Tensor

    def __init__(
        self,
        n_tasks: int,
        *,
        alpha: Annotated[
            float, Field(ge=0, le=10, description="How strongly slower tasks are helped; 0 makes lengths equal.")
        ] = 1.5,
        rate: Annotated[float, Field(gt=0, le=1, description="Learning rate of the weights.")] = 0.025,
    ) -> None:
        super().__init__(n_tasks)
        self.alpha = alpha
        self.learned = nn.Parameter(torch.ones(n_tasks))
        self.register_buffer("first", torch.zeros(n_tasks))
        self.optimiser = torch.optim.Adam([self.learned], lr=rate)

    def weights(self) -> Tensor:
        """(T,)"""
        return self.learned.detach().clone()

    def observe(self, seen: StepStatistics) -> None:
        """Moves the weights towards like rates."""
        assert self.optimiser is not None
        assert seen.gramian is not None
        self.first.copy_(torch.where(self.first > 0, self.first, seen.losses.clamp(min=TINY)))
        lengths = seen.gramian.diagonal().clamp(min=0).sqrt()
        rates = (seen.losses / self.first).clamp(min=TINY)
        goals = lengths.mean() * (rates / rates.mean()) ** self.alpha
        unweighted = lengths / self.learned.detach()
        self.learned.grad = torch.sign(lengths - goals) * unweighted
        self.optimiser.step()
        with torch.no_grad():
            kept = self.learned.clamp(min=LEAST)
            self.learned.copy_(self.n_tasks * kept / kept.sum())
