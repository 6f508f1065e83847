"""The bargain that Nash-MTL and FairGrad both solve."""

from __future__ import annotations

import torch
from torch import Tensor

RIDGE = 1e-6
"""Added to each squared length, in parts of it: opposed gradients have no solution without it."""
ITERATIONS = 100
CLOSE = 1e-6
"""Relative difference between both sides at which the solution is taken."""
SHORTEST = 1e-6
"""Part of Newton's step below which a descent is rounding."""


def fair_shares(gramian: Tensor, power: float) -> Tensor:
    """The weights w > 0 with G w = w^-power, 0 for tasks without gradient: (T, T) -> (T,).

    They minimise w' G w / 2 - sum of the integral of w^-power, which is convex: Newton's method, in units in which
    each task alone would get 1, with steps halved until they descend.
    """
    exact = gramian.double()
    there = exact.diagonal() > 0
    some = exact[there][:, there]
    some = some + RIDGE * some.diagonal().diag()
    units = some.diagonal() ** (-1 / (1 + power))
    scaled = units[:, None] * some * units
    worth = units ** (1 - power)
    solution = torch.ones_like(units)
    for _ in range(ITERATIONS):
        wanted = worth * solution**-power
        slope = scaled @ solution - wanted
        if (slope.abs() <= CLOSE * wanted).all():
            break
        curvature = scaled + (power * wanted / solution).diag()
        before, solution = solution, _descend(scaled, worth, power, solution, torch.linalg.solve(curvature, slope))
        if solution is before:
            break
    shares = torch.zeros_like(exact[0])
    shares[there] = solution * units
    return shares


def _descend(scaled: Tensor, worth: Tensor, power: float, start: Tensor, step: Tensor) -> Tensor:
    """The end of the longest step of 1, 1/2, 1/4, ... that stays above 0 and descends; `start` where none does."""
    size, before = 1.0, _height(scaled, worth, power, start)
    while size > SHORTEST:
        tried = start - size * step
        if (tried > 0).all() and _height(scaled, worth, power, tried) <= before:
            return tried
        size /= 2
    return start


def _height(scaled: Tensor, worth: Tensor, power: float, at: Tensor) -> Tensor:
    integral = at.log() if power == 1 else at ** (1 - power) / (1 - power)
    return at @ scaled @ at / 2 - worth @ integral
