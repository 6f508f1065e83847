"""F1 of the second label, as GLUE reports it for pairs that are paraphrases or are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mtl_core.metrics import Floats, SumMetric, _counts


class BinaryF1(SumMetric):
    """Harmonic mean of precision and recall of the task's second label; 0 where it never occurs."""

    name = "binary_f1"
    title = "F1 of the second label"
    takes = "labels"
    source = "Wang et al. 2018 (GLUE), aclanthology.org/W18-5446, section 3.2"

    def floor(self, gold: Sequence[Any]) -> float | None:
        """Of always the second label, with share p: 2 p / (1 + p). None for labels by name, as none is the second."""
        if isinstance(gold[0], str):
            return None
        share = sum(bool(one == 1) for one in gold) / len(gold)
        return 2 * share / (1 + share)

    def summands(self, predicted: Sequence[int], gold: Sequence[int]) -> Floats:
        """(examples, 2): right with the second label, and how often it is predicted and gold together."""
        ours, theirs = np.asarray(predicted) == 1, np.asarray(gold) == 1
        return np.stack([ours & theirs, ours.astype(int) + theirs], axis=1).astype(np.float64)

    def of_sums(self, sums: Floats) -> Floats:
        """(..., 2) -> (...)."""
        return _counts.f1(sums[..., 0], sums[..., 1])
