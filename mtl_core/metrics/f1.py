"""F1 of answers in words, as SQuAD v1.1 counts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mtl_core.metrics import MeanMetric, _squad_rules


class F1(MeanMetric):
    """Mean over examples of the words that an answer shares with the gold answer that suits it best."""

    name = "f1"
    title = "F1"
    takes = "texts"
    source = "Rajpurkar et al. 2016, aclanthology.org/D16-1264, section 6.1"

    def floor(self, gold: Sequence[Any]) -> float:
        """Of always no answer: the share of questions that have none."""
        return sum(not answers for answers in gold) / len(gold)

    def score(self, predicted: str, gold: Sequence[str]) -> float:
        """Harmonic mean of precision and recall over words, 0 to 1, against the best of the gold answers."""
        return _squad_rules.best(_squad_rules.f1, predicted, gold)
