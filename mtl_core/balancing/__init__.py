"""How several tasks' losses become one update. One file a method."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from torch import Tensor, nn


class Balancing(nn.Module, ABC):
    """Combines the losses of the tasks that a step trains.

    Arguments by keyword alone are a method's settings.
    """

    name: ClassVar[str]

    def __init__(self, n_tasks: int) -> None:
        """`n_tasks` is how many tasks the run has."""
        super().__init__()
        self.n_tasks = n_tasks

    @abstractmethod
    def combine(self, losses: Tensor) -> Tensor:
        """Losses in nats of the step's tasks, (T,) -> (), what is minimised."""
