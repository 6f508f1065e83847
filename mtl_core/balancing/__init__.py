"""Methods that combine several tasks' losses or gradients into one update. One file per method."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class StepStatistics:
    """Measurements of a step on its S tasks, all of them detached."""

    tasks: Tensor
    """(S,): the tasks' places in the run's order."""
    losses: Tensor
    """(S,): mean losses before the update, in nats, without weights."""
    gramian: Tensor | None = None
    """(S, S): inner products of the weighted losses' gradients over shared parameters, where `needs_task_gradients`."""
    after: Tensor | None = None
    """(S,): the same batches' losses after the update, in nats; None unless `needs_losses_after`."""


class Balancing(nn.Module, ABC):
    """The common base of LossBalancing and GradientBalancing. Its buffers and optimiser are saved with the run.

    A step minimises sum over its tasks of weight * loss, and adds up the tasks' gradients of the shared parameters
    as `aggregate` says. Keyword-only arguments are a method's settings.
    """

    name: ClassVar[str]
    every_task: ClassVar[bool] = False
    """True where each step must train all tasks, as the schedule `joint` does."""
    needs_task_gradients: ClassVar[bool] = False
    """True where it needs each task's own gradient; tasks must share parameters then."""
    needs_losses_after: ClassVar[bool] = False
    """True where it needs the losses again after the update: one more forward pass per task."""

    after_losses: bool = False
    """True where a step's weights follow from its own losses: `own_weight` and `scale` give them, not `weights`."""

    optimiser: torch.optim.Optimizer | None = None
    """The optimiser of its own parameters."""

    def __init__(self, n_tasks: int) -> None:
        """`n_tasks` is how many tasks the run has."""
        super().__init__()
        self.n_tasks = n_tasks

    @abstractmethod
    def weights(self) -> Tensor:
        """Weight of each task's loss in the next step: (T,). Called once a step."""

    def own_weight(self, task: int, loss: float) -> float:
        """Weight of a task's loss but for a factor that is the same for all: from its own loss in this step, in nats.

        `task` is its place in the run's order."""
        raise NotImplementedError

    def scale(self, own: Tensor) -> float:
        """That factor, once every task's own weight is known: (T,)."""
        raise NotImplementedError

    @abstractmethod
    def aggregate(self, gramian: Tensor) -> Tensor:
        """Weight of each task's gradient, from their inner products: (T, T) -> (T,)."""

    def observe(self, seen: StepStatistics) -> None:
        """Learns from a finished step."""


class LossBalancing(Balancing):
    """Weighs losses; what it weighs by may change from step to step."""

    def aggregate(self, gramian: Tensor) -> Tensor:
        """The gradients of weighted losses are added as they are: (T, T) -> (T,)."""
        return torch.ones(len(gramian), device=gramian.device)


class GradientBalancing(Balancing):
    """Weighs the tasks' gradients of the shared parameters, from their inner products alone."""

    every_task = True
    needs_task_gradients = True

    def weights(self) -> Tensor:
        """Losses count as they are: (T,)."""
        return torch.ones(self.n_tasks)
