"""Scores in the words and units of their metrics. A metric that is not registered any more is shown as a percentage."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from mtl_core import metrics
from mtl_core.display.numbers import MINUS, NOTHING, signed


def title(metric: str) -> str:
    """A metric's name in a sentence: "exact match"."""
    known = metrics.known(metric)
    return known.title if known else metric.replace("_", " ")


def unit(metric: str) -> str:
    """The unit of its numbers: "%"."""
    known = metrics.known(metric)
    return known.unit if known else "%"


def header(metric: str) -> str:
    """Name and unit: "accuracy (%)"."""
    shown = unit(metric)
    return f"{title(metric)} ({shown})" if shown else title(metric)


def scale(metric: str) -> float:
    """The factor between a stored value and the number that is shown."""
    known = metrics.known(metric)
    return known.scale if known else 100.0


def number(metric: str, value: float | None) -> str:
    """A value as it is shown, without its unit: 0.88 is "88.0"; nothing is "–"."""
    if value is None or not isfinite(value):
        return NOTHING
    return f"{scale(metric) * value:.{digits(metric)}f}".replace("-", MINUS)


def text(metric: str, value: float | None) -> str:
    """A value with its unit: "88.0 %"."""
    return f"{number(metric, value)} {unit(metric)}".rstrip()


def difference(metric: str, value: float | None) -> str:
    """A difference of two values with its sign, without its unit: 0.012 is "+1.2"; nothing is "–"."""
    return signed(None if value is None else scale(metric) * value, digits(metric))


def difference_unit(metric: str) -> str:
    """The unit of a difference: "points" for hundredths."""
    known = metrics.known(metric)
    return known.difference_unit if known else "points"


def ends(metric: str) -> tuple[float, float]:
    """Lowest and highest number that can be shown."""
    known = metrics.known(metric)
    low, high = known.range if known else (0.0, 1.0)
    return scale(metric) * low, scale(metric) * high


def digits(metric: str) -> int:
    """Digits after the point."""
    known = metrics.known(metric)
    return known.digits if known else 1


def words(scores: Mapping[str, float]) -> str:
    """Several scores in a line, by the metrics' names: "accuracy 88.0 %, loss 0.312"."""
    return ", ".join(
        f"{metric} {value:.3f}" if metric == "loss" else f"{metric} {text(metric, value)}"
        for metric, value in scores.items()
    )
