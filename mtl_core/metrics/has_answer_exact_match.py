"""Exact match over the questions that have an answer, as SQuAD v2.0 reports it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mtl_core.metrics import Floats, SumMetric, _answerable, _squad_rules


class HasAnswerExactMatch(SumMetric):
    """Share of the questions with an answer that get a gold one; HasAns_exact of evaluate-v2.0.py. 0 where none has."""

    name = "has_answer_exact_match"
    title = "exact match where there is an answer"
    takes = "texts"
    source = "Rajpurkar, Jia & Liang 2018, aclanthology.org/P18-2124; evaluate-v2.0.py"

    def floor(self, gold: Sequence[Any]) -> float:
        """0: no answer's."""
        return 0.0

    def summands(self, predicted: Sequence[str], gold: Sequence[Sequence[str]]) -> Floats:
        """(examples, 2): score and 1 for a question that has an answer, else 0 and 0."""
        return _answerable.summands(_squad_rules.exact_match, predicted, gold, answerable=True)

    def of_sums(self, sums: Floats) -> Floats:
        """(..., 2) -> (...)."""
        return _answerable.mean(sums)
