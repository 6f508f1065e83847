"""Gradients made orthogonal and equally long."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from torch import Tensor
from torchjd.aggregation import AlignedMTLWeighting

from mtl_core.balancing._unit_scale import UnitScale


class AlignedMTL(UnitScale):
    """Makes the gradients' principal components equally long, then takes the mean.

    w = sqrt(s) V L^(-1/2) V' 1/T, with the gradients' inner products V L V' and s one of the eigenvalues L; components
    without length are left out.

    Source: Senushkin et al. 2023, "Independent Component Alignment for Multi-Task Learning", algorithm 1, through
    torchjd. Differs from it: nothing.
    """

    name = "aligned_mtl"
    title = "Aligned-MTL"

    def __init__(
        self,
        n_tasks: int,
        *,
        scale: Annotated[
            Literal["min", "median", "rmse"],
            Field(description="Length of the components: the least, the median, or the root of the mean square."),
        ] = "min",
    ) -> None:
        super().__init__(n_tasks)
        self.weighting = AlignedMTLWeighting(scale_mode=scale)

    def shares(self, gramian: Tensor) -> Tensor:
        """(T, T) -> (T,)"""
        return self.weighting(gramian)
