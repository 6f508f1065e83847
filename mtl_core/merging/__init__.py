"""Ways of making one encoder of several that were trained apart, without training. One file per method."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from torch import Tensor

Coefficients = Mapping[str, float]
"""The numbers that a merge is made with, by name: {"scale": 0.4}."""
MOST = 100
"""Sets of coefficients that one run tries."""


class Merging(ABC):
    """The weights of T encoders of the same make become one's. Keyword-only arguments are a method's settings."""

    name: ClassVar[str]
    title: ClassVar[str] = ""

    @abstractmethod
    def candidates(self) -> Sequence[Coefficients]:
        """Every set of coefficients that is tried on the validation split; one, empty, where there are none."""

    @abstractmethod
    def merges(self, pretrained: Tensor, tuned: Tensor) -> Iterator[Tensor]:
        """The merged weights, (N,), for each of `candidates` in turn, of the pretrained ones, (N,), and those of each
        run, (T, N)."""


def in_words(coefficients: Coefficients) -> str:
    """Coefficients as they are shown: "density 0.2, scale 1"."""
    return ", ".join(f"{name} {value:g}" for name, value in coefficients.items())


def numbers(text: str, what: str, *, most: float = math.inf) -> list[float]:
    """The numbers in "0.1,0.2", each once. Raises ValueError for what is none, or not above 0 and up to `most`."""
    limit = "above 0" if math.isinf(most) else f"above 0 and up to {most:g}"
    found = []
    for part in (part.strip() for part in text.split(",")):
        try:
            value = float(part)
        except ValueError:
            value = math.nan
        if not (0 < value <= most and math.isfinite(value)):
            raise ValueError(f"'{part}' is not a {what}. Use numbers {limit}, such as 0.2,0.5.")
        found.append(value)
    return list(dict.fromkeys(found))


def not_too_many(candidates: Sequence[Coefficients]) -> None:
    """Raises ValueError for more sets of coefficients than a run tries."""
    if len(candidates) > MOST:
        raise ValueError(f"{len(candidates)} sets of coefficients are too many to try, {MOST} are the most.")
