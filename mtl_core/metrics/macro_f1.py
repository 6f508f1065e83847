"""Macro F1: every label's F1 counts the same, however rare it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from mtl_core.metrics import Floats, SumMetric, _counts


class MacroF1(SumMetric):
    """Mean over labels of each one's F1; over labels that occur as a prediction or as gold."""

    name = "macro_f1"
    title = "macro F1"
    takes = "labels"
    source = "de Marneffe et al. 2019 for CommitmentBank in SuperGLUE (Wang et al. 2019, section 3.1)"

    def floor(self, gold: Sequence[Any]) -> float:
        """Of always the most common label, with share p of C labels: 2 p / (1 + p) / C."""
        counts = Counter(gold)
        share = max(counts.values()) / len(gold)
        return 2 * share / (1 + share) / len(counts)

    def summands(self, predicted: Sequence[int], gold: Sequence[int]) -> Floats:
        """(examples, 2 C): which label is right, then which ones are predicted and gold, counted together."""
        ours, theirs = np.asarray(predicted)[:, None], np.asarray(gold)[:, None]
        classes = np.arange(max(ours.max(), theirs.max()) + 1)
        is_ours, is_theirs = (ours == classes).astype(np.float64), (theirs == classes).astype(np.float64)
        return np.hstack([is_ours * is_theirs, is_ours + is_theirs])

    def of_sums(self, sums: Floats) -> Floats:
        """(..., 2 C) -> (...)."""
        return _counts.mean_f1(*np.split(sums, 2, axis=-1))
