"""Weights that are set by hand."""

from __future__ import annotations

import math
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from mtl_core.balancing import LossBalancing


class Static(LossBalancing):
    """Gives each task a fixed weight.

    total = sum over tasks of w * loss

    Source: linear scalarisation; Xin et al. 2022, "Do Current Multi-Task Optimization Methods in Deep Learning Even
    Help?", finds that swept static weights match the elaborate methods. Differs from it: nothing; weights are used as
    they are given, not made to add up to one.
    """

    name = "static"

    def __init__(
        self,
        n_tasks: int,
        *,
        weights: Annotated[
            str, Field(description="One per task in the run's order, such as 1, 0.5. Empty: all 1.", max_length=200)
        ] = "",
    ) -> None:
        """Raises ValueError unless `weights` holds one positive number a task."""
        super().__init__(n_tasks)
        self.given = _numbers(weights, n_tasks) if weights.strip() else [1.0] * n_tasks

    def weights(self) -> Tensor:
        """(T,)"""
        return torch.tensor(self.given)


def _numbers(text: str, wanted: int) -> list[float]:
    example = "such as " + ", ".join(["1", *["0.5"] * (wanted - 1)])
    weights = []
    for part in text.split(","):
        try:
            weights.append(float(part))
        except ValueError as error:
            raise ValueError(f"'{part.strip()}' is not a number. Give one weight per task, {example}.") from error
    if len(weights) != wanted:
        count = f"{len(weights)} weight{'s' * (len(weights) != 1)} for {wanted} task{'s' * (wanted != 1)}"
        raise ValueError(f"{count}. Give one per task, in the run's order, {example}.")
    if not all(weight > 0 and math.isfinite(weight) for weight in weights):
        raise ValueError(f"'{text}' holds a weight that is not above 0. Leave out a task that should not count.")
    return weights
