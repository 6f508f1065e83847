"""The plain sum."""

from __future__ import annotations

from torch import Tensor

from mtl_core.balancing import Balancing


class Sum(Balancing):
    """Adds the losses as they are.

    total = sum over tasks of loss

    Source: unitary scalarisation, Kurin et al. 2022, which finds that it matches the elaborate methods.
    Differs from it: nothing.
    """

    name = "sum"

    def combine(self, losses: Tensor) -> Tensor:
        """(T,) -> ()"""
        return losses.sum()
