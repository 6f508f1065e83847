"""F1 from counts: what is right, and what is predicted and gold together."""

from __future__ import annotations

import numpy as np

from mtl_core.metrics import Floats


def f1(right: Floats, both: Floats) -> Floats:
    """2 right / (predicted + gold), the harmonic mean of precision and recall, 0 for nothing: (...) twice -> (...)."""
    return np.where(both > 0, 2 * right / np.maximum(both, 1.0), 0.0)


def mean_f1(right: Floats, both: Floats) -> Floats:
    """Mean of the classes' F1, (..., C) twice -> (...): over classes that are predicted or gold at least once."""
    there = (both > 0).sum(axis=-1)
    return np.asarray(f1(right, both).sum(axis=-1) / np.maximum(there, 1), dtype=np.float64)
