"""Equal relative progress, from losses alone."""

from __future__ import annotations

from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from mtl_core.balancing import LossBalancing, StepStatistics

TINY = 1e-8
"""Nats that are added to a loss, so that its logarithm stays a number."""


class Famo(LossBalancing):
    """Lets all losses fall at the same relative rate, judged by the losses after each step.

    total = sum over tasks of T * c * z / l * loss, z = softmax(xi), c = 1 / sum of z / l, l the losses as numbers;
    after the step xi falls by Adam along sum over tasks of z * (log loss before - log loss after), with decay.

    Source: Liu et al. 2023, "FAMO: Fast Adaptive Multitask Optimization", algorithm 1. Differs from it: weights add up
    to T instead of 1, so that losses count as much as in `sum`; losses after the step see dropout of their own. With
    `losses` = previous, l are those of the step before (1 at first): batches differ, so such weights are off by up to
    0.3.
    """

    name = "famo"
    title = "FAMO"
    every_task = True
    needs_losses_after = True
    last: Tensor

    def __init__(
        self,
        n_tasks: int,
        *,
        rate: Annotated[float, Field(gt=0, le=1, description="Learning rate of the weights' logits.")] = 0.025,
        decay: Annotated[float, Field(ge=0, lt=1, description="Pull of the logits towards equal.")] = 0.001,
        losses: Annotated[
            Literal["current", "previous"],
            Field(description="The step whose losses l are: this one, or the one before."),
        ] = "previous",
    ) -> None:
        super().__init__(n_tasks)
        self.after_losses = losses == "current"
        self.logits = nn.Parameter(torch.zeros(n_tasks))
        self.register_buffer("last", torch.ones(n_tasks))
        self.optimiser = torch.optim.Adam([self.logits], lr=rate, weight_decay=decay)

    def own_weight(self, task: int, loss: float) -> float:
        """z / l."""
        return float(self.logits.detach().softmax(0)[task]) / (loss + TINY)

    def scale(self, own: Tensor) -> float:
        """T * c: (T,)."""
        return self.n_tasks / float(own.sum())

    def weights(self) -> Tensor:
        """By the losses of the step before: (T,)."""
        raw = self.logits.detach().softmax(0) / (self.last + TINY)
        return self.n_tasks * raw / raw.sum()

    def observe(self, seen: StepStatistics) -> None:
        """Moves the logits by how much each loss fell."""
        assert self.optimiser is not None
        assert seen.after is not None
        fell = torch.log(seen.losses + TINY) - torch.log(seen.after + TINY)
        self.optimiser.zero_grad()
        (self.logits.softmax(0)[seen.tasks] @ fell).backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self.last[seen.tasks] = seen.losses
