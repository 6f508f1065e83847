"""Signs of numbers, written the same everywhere."""

from __future__ import annotations

from math import isfinite

from mtl_core.metrics import MINUS as MINUS

NOTHING = "–"
"""In the place of a number that is not there."""


def signed(value: float | None, digits: int = 1) -> str:
    """A difference with its sign, in the unit that it is given in: 0.84 is "+0.8"; nothing is "–"."""
    if value is None or not isfinite(value):
        return NOTHING
    rounded = round(value, digits)
    return f"{'+' if rounded > 0 else MINUS if rounded < 0 else '±'}{abs(rounded):.{digits}f}"
