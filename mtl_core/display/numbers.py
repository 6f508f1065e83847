"""Signs of numbers, written the same everywhere."""

from __future__ import annotations

from math import isfinite

from mtl_core.metrics import MINUS as MINUS

NOTHING = "–"
"""In the place of a number that is not there."""


def probability(value: float) -> str:
    """A probability with two decimals; a small one with two digits, so that it never looks like none."""
    if value >= 0.01 or value == 0:
        return f"{value:.2f}"
    return f"{value:.4f}" if value >= 0.0005 else f"{value:.0e}".replace("e-0", "e-")


def signed(value: float | None, digits: int = 1) -> str:
    """A difference with its sign, in the unit that it is given in: 0.84 is "+0.8"; nothing is "–"."""
    if value is None or not isfinite(value):
        return NOTHING
    rounded = round(value, digits)
    return f"{'+' if rounded > 0 else MINUS if rounded < 0 else '±'}{abs(rounded):.{digits}f}"
