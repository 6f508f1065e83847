"""Scores of whole data sets: the task's metrics, computed by `evaluate` metrics that need no network.

`evaluate` takes 4 to 6 seconds to import: it is loaded when the first score is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from mtl_core import metrics
from mtl_core.kinds import Task, kind_of
from mtl_core.metrics import MeanMetric, Metric
from mtl_core.records import Example, Prediction


def scores(task: Task, examples: Sequence[Example], predictions: Sequence[Prediction]) -> dict[str, float]:
    """Every metric of the task over a data set, by name, the main one first."""
    predicted, gold = kind_of(task).compared(task, examples, predictions)
    return {name: computed(metrics.load(name), predicted, gold) for name in task.metrics}


def with_contributions(
    task: Task, examples: Sequence[Example], predictions: Sequence[Prediction]
) -> tuple[Prediction, ...]:
    """The predictions with their contributions to the main metric, where it is not a mean of their own scores."""
    metric = metrics.load(task.metric)
    predicted, gold = kind_of(task).compared(task, examples, predictions)
    each = metric.contributions(predicted, gold).tolist()
    if isinstance(metric, MeanMetric) and each == [one.score for one in predictions]:
        return tuple(predictions)
    return tuple(replace(one, contribution=value) for one, value in zip(predictions, each, strict=True))


def computed(metric: Metric, predicted: Sequence[Any], gold: Sequence[Any]) -> float:
    """The metric as an `evaluate` metric computes it; the columns' types are read off the answers."""
    import datasets
    import pyarrow

    columns = {"predictions": predicted, "references": gold}
    features = datasets.Features.from_arrow_schema(
        pyarrow.table({name: [*column] for name, column in columns.items()}).schema
    )
    values: dict[str, float] = _evaluate_metric()(metric, features).compute(**columns)
    return values[metric.name]


@cache
def _evaluate_metric() -> type[Any]:
    """The class of `evaluate` metrics that are made directly, so that nothing has to be fetched."""
    import evaluate

    class Offline(evaluate.Metric):  # type: ignore[misc]
        """One of Tandem's metrics."""

        def __init__(self, metric: Metric, features: Any) -> None:
            self.metric, self.columns = metric, features
            super().__init__(keep_in_memory=True)

        def _download_and_prepare(self, dl_manager: Any) -> None:
            """Nothing to fetch."""

        def _info(self) -> evaluate.MetricInfo:
            words = {"description": self.metric.title, "citation": self.metric.source}
            return evaluate.MetricInfo(features=self.columns, **words)

        def _compute(self, predictions: Sequence[Any], references: Sequence[Any]) -> dict[str, float]:
            return {self.metric.name: self.metric.value(predictions, references)}

    return Offline
