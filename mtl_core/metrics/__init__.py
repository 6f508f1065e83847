"""Scores of whole data sets, as `evaluate` metrics that need no network.

`evaluate` takes 4 to 6 seconds to import: workers import this file when the first score is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import datasets
import evaluate

from mtl_core.metrics import _squad_rules


class _Offline(evaluate.Metric):  # type: ignore[misc]
    """A metric that is made directly, so nothing has to be fetched."""

    def __init__(self) -> None:
        super().__init__(keep_in_memory=True)

    def _download_and_prepare(self, dl_manager: Any) -> None:
        """Nothing to fetch."""


class Accuracy(_Offline):
    """Share of examples whose label is right."""

    def _info(self) -> evaluate.MetricInfo:
        features = datasets.Features({"predictions": datasets.Value("int32"), "references": datasets.Value("int32")})
        return evaluate.MetricInfo(description="accuracy", citation="", features=features)

    def _compute(self, predictions: Sequence[int], references: Sequence[int]) -> dict[str, float]:
        right = sum(said == gold for said, gold in zip(predictions, references, strict=True))
        return {"accuracy": right / len(references)}


class SpanScores(_Offline):
    """Exact match and F1 of SQuAD v1.1, each the best over an example's gold answers, as shares of 1."""

    def _info(self) -> evaluate.MetricInfo:
        texts = datasets.Sequence(datasets.Value("string"))
        features = datasets.Features({"predictions": datasets.Value("string"), "references": texts})
        return evaluate.MetricInfo(description="SQuAD v1.1", citation="", features=features)

    def _compute(self, predictions: Sequence[str], references: Sequence[Sequence[str]]) -> dict[str, float]:
        pairs = list(zip(predictions, references, strict=True))
        return {
            "f1": sum(_squad_rules.best(_squad_rules.f1, said, golds) for said, golds in pairs) / len(pairs),
            "exact_match": sum(_squad_rules.best(_squad_rules.exact_match, said, golds) for said, golds in pairs)
            / len(pairs),
        }
