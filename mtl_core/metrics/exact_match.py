"""Exact match of answers in words, as SQuAD v1.1 counts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mtl_core.metrics import MeanMetric, _squad_rules


class ExactMatch(MeanMetric):
    """Share of examples whose answer is one of the gold answers, but for case, articles and punctuation."""

    name = "exact_match"
    title = "exact match"
    takes = "texts"
    source = "Rajpurkar et al. 2016, aclanthology.org/D16-1264, section 6.1"

    def floor(self, gold: Sequence[Any]) -> float:
        """Of always no answer: the share of questions that have none."""
        return sum(not answers for answers in gold) / len(gold)

    def score(self, predicted: str, gold: Sequence[str]) -> float:
        """1.0 where the answer is a gold answer after normalisation, else 0.0."""
        return _squad_rules.best(_squad_rules.exact_match, predicted, gold)
