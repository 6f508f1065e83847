"""Mean and interval over seeds, by Student's t."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from mtl_core.statistics.scores import check_alpha


@dataclass(frozen=True, slots=True)
class SeedInterval:
    """Over the seeds of one arm, for one figure () or a whole curve (steps,), in the unit of the values."""

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    seeds: NDArray[np.int64]
    """Number of values behind each mean."""


def seed_interval(values: ArrayLike, *, alpha: float = 0.05) -> SeedInterval:
    """mean ± t * SD / sqrt(n) over the first axis, (S,) or (S, ...); NaN marks a value that a seed lacks.

    Where n is 1 there is a mean and no interval, where it is 0 neither: NaN. It holds over seeds on these very
    examples; mean ± 1.96 * SD / sqrt(n) would cover 81 % at n = 3.
    """
    check_alpha(alpha)
    table = np.asarray(values, dtype=np.float64)
    if not table.ndim:
        raise ValueError("the values have no axis: give one value a seed")
    known = np.isfinite(table)
    count = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, table, 0).sum(axis=0) / count
        square = (np.where(known, table - mean, 0) ** 2).sum(axis=0) / (count - 1)
        reach = np.where(count > 1, -stdtrit(np.maximum(count - 1, 1), alpha / 2) * np.sqrt(square / count), np.nan)
    return SeedInterval(mean, mean - reach, mean + reach, count)
