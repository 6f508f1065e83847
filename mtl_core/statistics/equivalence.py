"""Practically equal: two one-sided tests against a margin."""

from __future__ import annotations

from mtl_core.statistics.crossed import Spread
from mtl_core.statistics.reference import beyond


def p_equivalent(effect: float, spread: Spread, margin: float) -> float:
    """The larger p of "the effect is below -margin" and "it is above +margin"; margin in points, positive.

    Below alpha, the interval of 1 - 2 * alpha lies within the margin.

    Source: Schuirmann 1987, doi.org/10.1007/BF01068419.
    """
    return max(beyond(spread, margin - effect), beyond(spread, margin + effect))
