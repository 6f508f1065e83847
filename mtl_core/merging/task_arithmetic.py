"""Task arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field
from torch import Tensor

from mtl_core.merging import Coefficients, Merging, not_too_many, numbers


class TaskArithmetic(Merging):
    """Adds what each run has learned to the pretrained encoder, scaled.

    merged = pretrained + scale * sum over tasks of (tuned[task] - pretrained)

    A scale of 1 / T is the plain average.

    Source: Ilharco et al. 2023, "Editing Models with Task Arithmetic", arxiv.org/abs/2212.04089, section 4: one scale
    for all tasks, chosen on held-out data. Differs from it: the scale with the lowest mean loss is chosen, not that
    with the highest mean accuracy, as losses of all kinds of tasks share a unit.
    """

    name = "task_arithmetic"
    title = "Task arithmetic"

    def __init__(
        self,
        *,
        scales: Annotated[
            str, Field(description="Scales to try on the validation split, such as 0.3,0.5.", max_length=400)
        ] = "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1",
    ) -> None:
        """Raises ValueError for scales that are not above 0, or too many of them."""
        self.scales = numbers(scales, "scale")
        not_too_many(self.candidates())

    def candidates(self) -> list[Coefficients]:
        """One a scale."""
        return [{"scale": scale} for scale in self.scales]

    def merges(self, pretrained: Tensor, tuned: Tensor) -> Iterator[Tensor]:
        """(N,), (T, N) -> an (N,) a scale"""
        change = (tuned - pretrained).sum(dim=0)
        for scale in self.scales:
            yield pretrained + scale * change
