"""The plain sum."""

from __future__ import annotations

import torch
from torch import Tensor

from mtl_core.balancing import LossBalancing


class Sum(LossBalancing):
    """Adds the losses as they are.

    total = sum over tasks of loss

    Source: unitary scalarisation, Kurin et al. 2022, which finds that it matches the elaborate methods.
    Differs from it: nothing.
    """

    name = "sum"

    def weights(self) -> Tensor:
        """(T,)"""
        return torch.ones(self.n_tasks)
