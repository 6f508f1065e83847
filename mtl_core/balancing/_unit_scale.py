"""The common base of gradient methods that do not depend on the gradients' common scale."""

from __future__ import annotations

from abc import abstractmethod

import torch
from torch import Tensor

from mtl_core.balancing import GradientBalancing


class UnitScale(GradientBalancing):
    """Tells a method the inner products of gradients whose mean squared length is 1, so that no tolerance depends on
    how long gradients are. It computes on the CPU: T by T numbers are few, and solvers run there.
    """

    def aggregate(self, gramian: Tensor) -> Tensor:
        """(T, T) -> (T,), all 1 where no task has a gradient, or one is NaN."""
        here = gramian.detach().cpu()
        scale = here.diagonal().mean()
        if not (scale > 0 and torch.isfinite(here).all()):
            return torch.ones(len(gramian), device=gramian.device)
        return self.shares(here / scale).to(gramian)

    @abstractmethod
    def shares(self, gramian: Tensor) -> Tensor:
        """Weight of each task's gradient, from inner products of that scale: (T, T) -> (T,)."""
