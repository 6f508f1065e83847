"""Metrics: one file each. A task can name no other, and a score is shown in its metric's own words. No torch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mtl_core import registry
from mtl_core.metrics._version_0_1 import Accuracy as Accuracy
from mtl_core.metrics._version_0_1 import SpanScores as SpanScores

Floats = NDArray[np.float64]
MINUS = "\N{MINUS SIGN}"


class Metric(ABC):
    """A score of a whole data set, and what each example contributes to it.

    Subclass MeanMetric for a mean of per-example scores, SumMetric for a function of sums over examples, and this
    class for everything else.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    """Its name in a sentence: "accuracy", "Matthews correlation"."""
    takes: ClassVar[str]
    """The form of the answers that it compares, as Kind.answers has it: `labels`, `texts`, `numbers`, ..."""
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    """Lowest and highest value."""
    higher_is_better: ClassVar[bool] = True
    scale: ClassVar[float] = 100.0
    """A value times this is the number that is shown; differences and margins are in the same unit."""
    unit: ClassVar[str] = "%"
    """The unit of the number that is shown, for a table's header."""
    source: ClassVar[str] = ""
    """Paper and section."""

    @abstractmethod
    def value(self, predicted: Sequence[Any], gold: Sequence[Any]) -> float:
        """The metric over a data set, within `range`. Both sequences are as long as the data set, and not empty."""

    def contributions(self, predicted: Sequence[Any], gold: Sequence[Any]) -> Floats:
        """Contribution of each example, (examples,): their mean is the value, and their spread is its sampling error.

        Jackknife pseudo-values, n * value - (n - 1) * value without the example, less their bias (Efron & Stein 1981,
        doi.org/10.1214/aos/1176345462). For a mean of scores they are the scores.
        """
        count, value = len(gold), self.value(predicted, gold)
        pseudo = count * value - (count - 1) * self.without_each(predicted, gold) if count > 1 else np.array([value])
        return np.asarray(pseudo + (value - pseudo.mean()), dtype=np.float64)

    def floor(self, gold: Sequence[Any]) -> float | None:
        """The value of the best answer that is the same for every example; None where that is not known.

        `gold` are the gold answers in the form that `value` takes, though labels may be names; they are not empty.
        """
        return None

    def without_each(self, predicted: Sequence[Any], gold: Sequence[Any]) -> Floats:
        """Value without each of the examples in turn, (examples,). This takes a whole computation an example."""
        places = range(len(gold))
        return np.array([self.value(_without(predicted, place), _without(gold, place)) for place in places])

    @property
    def in_points(self) -> bool:
        """True if a contribution times `scale` is an example's own score in points, 0 to 100."""
        return False

    @property
    def header(self) -> str:
        """Title and unit, as a table's header has them: "accuracy (%)"."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    def number(self, value: float) -> str:
        """A value as it is shown, without its unit: 0.884 is "88.4"."""
        return f"{value * self.scale:.{self.digits}f}".replace("-", MINUS)

    def text(self, value: float) -> str:
        """A value with its unit: "88.4 %"."""
        return f"{self.number(value)} {self.unit}".rstrip()

    @property
    def digits(self) -> int:
        """Digits after the point of the number that is shown."""
        return 1 if self.scale >= 100 else 3

    @property
    def difference_unit(self) -> str:
        """The unit of a difference of two values: "points" for hundredths."""
        return "points" if self.scale == 100 else self.unit


class MeanMetric(Metric):
    """The mean of a score that each example has by itself."""

    @property
    def in_points(self) -> bool:
        """Where the metric is shown in hundredths."""
        return self.scale == 100

    @abstractmethod
    def score(self, predicted: Any, gold: Any) -> float:
        """Score of one example, within `range`."""

    def value(self, predicted: Sequence[Any], gold: Sequence[Any]) -> float:
        """The mean of the examples' scores."""
        return sum(self.score(*pair) for pair in zip(predicted, gold, strict=True)) / len(gold)

    def contributions(self, predicted: Sequence[Any], gold: Sequence[Any]) -> Floats:
        """The examples' own scores, (examples,)."""
        return np.array([self.score(*pair) for pair in zip(predicted, gold, strict=True)], dtype=np.float64)


class SumMetric(Metric):
    """A function of sums over examples: counts of a confusion table, moments of numbers."""

    @abstractmethod
    def summands(self, predicted: Sequence[Any], gold: Sequence[Any]) -> Floats:
        """Each example's part of the sums, (examples, sums)."""

    @abstractmethod
    def of_sums(self, sums: Floats) -> Floats:
        """The metric of each row of sums: (..., sums) -> (...)."""

    def value(self, predicted: Sequence[Any], gold: Sequence[Any]) -> float:
        """The metric of the sums over all examples."""
        return float(self.of_sums(self.summands(predicted, gold).sum(axis=0)))

    def without_each(self, predicted: Sequence[Any], gold: Sequence[Any]) -> Floats:
        """The metric of the sums without each of the examples, (examples,)."""
        parts = self.summands(predicted, gold)
        return self.of_sums(parts.sum(axis=0) - parts)


def load(name: str) -> Metric:
    """A metric by its name. Raises InvalidConfig, naming the nearest one, where there is none."""
    metric: Metric = registry.load("metrics", name)()
    return metric


def known(name: str) -> Metric | None:
    """A metric by its name, or None for one that is no longer registered."""
    return load(name) if name in registry.names("metrics") else None


def _without(values: Sequence[Any], place: int) -> list[Any]:
    return [*values[:place], *values[place + 1 :]]
