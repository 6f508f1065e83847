"""Looking at a study while it grows: alpha is spent over planned looks, so that it holds for the whole study.

A study that is looked at after 3, 4, 5, 6, 8 and 10 seeds has six chances to err. A spending function says how much of
alpha may be used up by each look, with t the share of the planned seeds that are there:

    O'Brien-Fleming-like:  spent(t) = 2 - 2 * Phi(z(1 - alpha / 2) / sqrt(t))     little at first, nearly all at the end
    Pocock-like:           spent(t) = alpha * log(1 + (e - 1) * t)                about the same at each look

alpha is that of one side. The level of a look is the probability at which its own p value is significant, such that the
looks until there reject with probability spent(t) where nothing is true; found by recursive integration over
statistics that are correlated by sqrt(t_j / t_k). Examples are the same at each look, which correlates them more: then
the levels are a little too careful.

The p value over looks is the smallest alpha at which any look so far would have rejected. It is valid wherever the
study stops, so Holm's correction may be applied to it at any time.

Source: Lan & DeMets 1983, doi.org/10.1093/biomet/70.3.659; Armitage, McPherson & Rowe 1969, doi.org/10.2307/2343787
(recursion); Jennison & Turnbull 1989, doi.org/10.1111/j.2517-6161.1989.tb01433.x (repeated intervals); Liu & Anderson
2008, doi.org/10.1198/016214508000000986 (sequential p values).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

FAR = 8.5
"""Standard deviations beyond which nothing happens."""
LEAST = 1e-300
ALPHAS = np.geomspace(1e-7, 0.5, 50)
"""One-sided alphas between which p values over looks are interpolated."""
NODES = 96


@dataclass(frozen=True, slots=True)
class LookPlan:
    """The numbers of seeds per condition before a verdict. Raises ValueError unless they rise from 2 or more."""

    looks: tuple[int, ...]
    spending: str = "obrien_fleming"
    """A name in SPENDING."""

    def __post_init__(self) -> None:
        """Checks the looks."""
        if not self.looks or self.looks[0] < 1 or any(b <= a for a, b in zip(self.looks, self.looks[1:], strict=False)):
            raise ValueError(f"looks are {self.looks}: give rising numbers of seeds, such as 3, 5, 10")
        if self.spending not in SPENDING:
            raise ValueError(f"spending is {self.spending!r}: give one of {', '.join(SPENDING)}")

    @property
    def most(self) -> int:
        """Seeds at the last look."""
        return self.looks[-1]

    def reached(self, seeds: int) -> tuple[int, ...]:
        """The looks that so many seeds allow."""
        return tuple(look for look in self.looks if look <= seeds)

    def next_after(self, seeds: int) -> int | None:
        """The seeds at the first look that needs more of them, None after the last."""
        return next((look for look in self.looks if look > seeds), None)

    def level(self, seeds: int, alpha: float) -> float:
        """The two-sided level of the last look that is reached, or of the first where none is, for a total `alpha`."""
        place = max(len(self.reached(seeds)) - 1, 0)
        return 2 * levels(self, alpha / 2)[place]

    def p_value(self, p_values: Sequence[float]) -> float:
        """The p value over the first looks from the one-sided p value of each, one-sided too.

        With a single planned look it is that look's own.
        """
        if len(self.looks) == 1:
            return p_values[0]
        table = _table(self.looks, self.spending)
        totals = (_total(table[:, place], p) for place, p in enumerate(p_values))
        return min(totals, default=math.nan)


def obrien_fleming(share: float, alpha: float) -> float:
    """The part of a one-sided alpha that may be used up when `share` (0, 1] of the seeds are there: late."""
    return float(2 * ndtr(ndtri(alpha / 2) / math.sqrt(share)))


def pocock(share: float, alpha: float) -> float:
    """The same, evenly."""
    return alpha * math.log(1 + (math.e - 1) * share)


SPENDING: dict[str, Callable[[float, float], float]] = {"obrien_fleming": obrien_fleming, "pocock": pocock}
"""Spending functions by their names."""


def levels(plan: LookPlan, alpha: float) -> tuple[float, ...]:
    """The one-sided level of each look, for a one-sided total of `alpha`."""
    if len(plan.looks) == 1:
        return (alpha,)
    shares = [look / plan.most for look in plan.looks]
    found: list[float] = []
    nodes, density = np.array([]), np.array([])
    used = 0.0
    for place, share in enumerate(shares):
        wanted = max(SPENDING[plan.spending](share, alpha) - used, LEAST)
        before = shares[place - 1] if place else 0.0
        bound = _bound(nodes, density, before, share, wanted)
        found.append(float(ndtr(-bound)))
        used += wanted
        nodes, density = _carried(nodes, density, before, share, bound)
    return tuple(found)


def _bound(
    nodes: NDArray[np.float64], density: NDArray[np.float64], before: float, share: float, wanted: float
) -> float:
    """The statistic that a look exceeds with probability `wanted`, given that no earlier one rejected."""
    if not before:
        return float(-ndtri(wanted))

    def crossed(bound: float) -> float:
        steps = (bound * math.sqrt(share) - nodes * math.sqrt(before)) / math.sqrt(share - before)
        return math.log(max(float(density @ ndtr(-steps)), LEAST)) - math.log(wanted)

    return float(brentq(crossed, -FAR, 40.0, xtol=1e-9))


def _carried(
    nodes: NDArray[np.float64], density: NDArray[np.float64], before: float, share: float, bound: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points below the bound, and the probability that each stands for (density times weight)."""
    grid, weights = np.polynomial.legendre.leggauss(NODES)
    high = min(bound, FAR)
    points, weights = -FAR + (grid + 1) * (high + FAR) / 2, weights * (high + FAR) / 2
    if not before:
        return points, weights * _normal(points)
    wide = math.sqrt(share - before)
    steps = (points[:, None] * math.sqrt(share) - nodes * math.sqrt(before)) / wide
    return points, weights * (_normal(steps) @ density) * math.sqrt(share) / wide


def _normal(values: NDArray[np.float64]) -> NDArray[np.float64]:
    density: NDArray[np.float64] = np.exp(-(values**2) / 2) / math.sqrt(2 * math.pi)
    return density


@cache
def _table(looks: tuple[int, ...], spending: str) -> NDArray[np.float64]:
    """Levels of each look at each of ALPHAS: (alphas, looks)."""
    plan = LookPlan(looks, spending)
    return np.array([levels(plan, alpha) for alpha in ALPHAS])


def _total(level: NDArray[np.float64], p_value: float) -> float:
    """The total alpha at which a look's level is its p value."""
    if math.isnan(p_value) or p_value >= level[-1]:
        return 1.0
    logs = np.log(np.maximum(level, LEAST))
    return float(np.exp(np.interp(math.log(max(p_value, LEAST)), logs, np.log(ALPHAS))))
