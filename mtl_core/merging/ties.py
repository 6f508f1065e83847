"""TIES-Merging: trim, elect signs, and merge what agrees."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from mtl_core.merging import Coefficients, Merging, not_too_many, numbers


class Ties(Merging):
    """Adds what runs have learned where they agree: small changes and minority signs are left out.

    change[task] = tuned[task] - pretrained, all but the largest `density` of its entries set to 0
    sign = sign of the sum over tasks of change[task]
    merged = pretrained + scale * mean of those changes that have the sign and are not 0

    Source: Yadav et al. 2023, "TIES-Merging: Resolving Interference When Merging Models", arxiv.org/abs/2306.01708,
    section 3.3. Without held-out data it uses a density of 0.2 and a scale of 1. Differs from it: both are chosen by
    the lowest mean loss on the validation split; an entry whose changes cancel out exactly stays as pretrained, where
    the authors' code gives it the sign that most entries have.
    """

    name = "ties"
    title = "TIES"

    def __init__(
        self,
        *,
        densities: Annotated[
            str,
            Field(
                description="Shares of each run's changes to keep, the largest, to try on the validation split.",
                max_length=400,
            ),
        ] = "0.1,0.2,0.3",
        scales: Annotated[
            str, Field(description="Scales to try on the validation split, such as 0.5,1.", max_length=400)
        ] = "0.5,1,1.5,2",
    ) -> None:
        """Raises ValueError for densities that are no shares, scales that are not above 0, or too many of both."""
        self.densities, self.scales = numbers(densities, "density", most=1), numbers(scales, "scale")
        not_too_many(self.candidates())

    def candidates(self) -> list[Coefficients]:
        """Every density with every scale."""
        return [{"density": density, "scale": scale} for density, scale in product(self.densities, self.scales)]

    def merges(self, pretrained: Tensor, tuned: Tensor) -> Iterator[Tensor]:
        """(N,), (T, N) -> an (N,) a density and scale"""
        for density in self.densities:
            changes = torch.stack([trimmed(one - pretrained, density) for one in tuned])  # (T, N)
            agree = (changes.sign() == changes.sum(dim=0).sign()) & (changes != 0)
            mean = (changes * agree).sum(dim=0) / agree.sum(dim=0).clamp(min=1)
            for scale in self.scales:
                yield pretrained + scale * mean


def trimmed(change: Tensor, density: float) -> Tensor:
    """The change with all but its largest entries set to 0; equally large ones stay together: (N,) -> (N,)."""
    kept = max(1, math.ceil(density * change.numel() - 1e-9))  # 0.3 of 10 entries are 3, also in floating point
    smallest = change.abs().kthvalue(change.numel() - kept + 1).values
    return torch.where(change.abs() >= smallest, change, 0.0)
