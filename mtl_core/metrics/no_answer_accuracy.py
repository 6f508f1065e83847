"""The share of questions without an answer that get none, as SQuAD v2.0 reports it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mtl_core.metrics import Floats, SumMetric, _answerable, _squad_rules


class NoAnswerAccuracy(SumMetric):
    """Share of the questions without an answer that get none; NoAns_f1, which is NoAns_exact. 0 where all have one."""

    name = "no_answer_accuracy"
    title = "accuracy where there is no answer"
    takes = "texts"
    source = "Rajpurkar, Jia & Liang 2018, aclanthology.org/P18-2124; evaluate-v2.0.py"

    def floor(self, gold: Sequence[Any]) -> float:
        """Of always no answer: 1 where there are such questions."""
        return float(any(not answers for answers in gold))

    def summands(self, predicted: Sequence[str], gold: Sequence[Sequence[str]]) -> Floats:
        """(examples, 2): right or not and 1 for a question without an answer, else 0 and 0."""
        return _answerable.summands(_squad_rules.exact_match, predicted, gold, answerable=False)

    def of_sums(self, sums: Floats) -> Floats:
        """(..., 2) -> (...)."""
        return _answerable.mean(sums)
