"""Weights from how fast each task learns."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from mtl_core.balancing import LossBalancing, StepStatistics


class DynamicWeightAverage(LossBalancing):
    """Counts a task the more, the slower its loss falls.

    weight = T * exp(r / temperature) / sum over tasks of exp(r / temperature), r = the mean loss of the window
    before / that of the window before it; all weights are 1 in the first two windows.

    Source: Liu et al. 2019, "End-to-End Multi-Task Learning with Attention" (dynamic weight average).
    Differs from it: means are taken over windows of `every` steps instead of epochs, since fine-tuning has few of
    them; a task that a window did not train keeps its means.
    """

    name = "dwa"
    title = "DWA"
    means: Tensor
    sums: Tensor
    counts: Tensor
    step: Tensor

    def __init__(
        self,
        n_tasks: int,
        *,
        every: Annotated[int, Field(ge=1, description="Steps in a window.")] = 50,
        temperature: Annotated[float, Field(ge=0.01, le=100, description="Higher makes the weights more equal.")] = 2.0,
    ) -> None:
        super().__init__(n_tasks)
        self.every, self.temperature = every, temperature
        self.register_buffer("means", torch.zeros(2, n_tasks))  # the window before the last, the last; 0: none yet
        self.register_buffer("sums", torch.zeros(n_tasks))
        self.register_buffer("counts", torch.zeros(n_tasks))
        self.register_buffer("step", torch.zeros((), dtype=torch.long))

    def weights(self) -> Tensor:
        """(T,)"""
        before, last = self.means
        ratios = torch.where(before > 0, last / before, 1.0)
        return self.n_tasks * (ratios / self.temperature).softmax(0)

    def observe(self, seen: StepStatistics) -> None:
        """Adds the step's losses to the window's."""
        self.sums[seen.tasks] += seen.losses
        self.counts[seen.tasks] += 1
        self.step += 1
        if self.step % self.every == 0:
            now = torch.where(self.counts > 0, self.sums / self.counts.clamp(min=1), self.means[1])
            self.means.copy_(torch.stack([self.means[1], now]))
            self.sums.zero_()
            self.counts.zero_()
