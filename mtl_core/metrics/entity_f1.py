"""Entity F1: entities that are found with their exact words and kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mtl_core.metrics import Floats, SumMetric, _counts
from mtl_core.metrics._entities import entities


class EntityF1(SumMetric):
    """Harmonic mean of precision and recall over all entities of all sentences; 0 where there are none.

    2 * right / (predicted + gold); an entity is right where kind, first and last word are. seqeval's micro average.
    """

    name = "entity_f1"
    title = "entity F1"
    takes = "tags"
    source = "Tjong Kim Sang & De Meulder 2003, aclanthology.org/W03-0419; seqeval's default mode"

    def floor(self, gold: Sequence[Any]) -> float:
        """0: a sentence without entities'."""
        return 0.0

    def summands(self, predicted: Sequence[Sequence[str]], gold: Sequence[Sequence[str]]) -> Floats:
        """(sentences, 2): right entities, and predicted and gold ones together."""
        pairs = [({*entities(ours)}, {*entities(theirs)}) for ours, theirs in zip(predicted, gold, strict=True)]
        return np.array([(len(ours & theirs), len(ours) + len(theirs)) for ours, theirs in pairs], dtype=np.float64)

    def of_sums(self, sums: Floats) -> Floats:
        """(..., 2) -> (...)."""
        return _counts.f1(sums[..., 0], sums[..., 1])
