"""Many comparisons on one page: what still stands when all are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtl_core.statistics.verdict import Decision, Verdict, decide


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A verdict among others: p values and the decision after Holm's correction."""

    p_value: float
    p_equivalent: float
    decision: Decision


def holm(verdicts: Sequence[Verdict], among: int | None = None) -> tuple[Adjusted, ...]:
    """Adjusts all verdicts that are shown together, in their order.

    `among`: the number of comparisons that were planned, where not all have a verdict yet; those without count as not
    significant. So a study that grows errs no more often than a whole one.

    The chance of one or more wrong "helps" or "hurts" stays below alpha, and so does that of a wrong "practically
    equal": two families, each adjusted by itself. Without `among`, a verdict without p values is not counted.

    Source: Holm 1979, jstor.org/stable/4615733.
    """
    p_values = _adjusted([verdict.p_value for verdict in verdicts], among)
    p_equivalents = _adjusted([verdict.p_equivalent for verdict in verdicts], among)
    return tuple(
        Adjusted(p, equal, decide(verdict.gain, p, equal, verdict.alpha))
        for verdict, p, equal in zip(verdicts, p_values, p_equivalents, strict=True)
    )


def _adjusted(p_values: list[float], among: int | None) -> list[float]:
    """Step down: the k-th smallest of m times m - k + 1, never below the one before it, at most 1.

    statsmodels has the same, and takes a second to load and a full garbage collection a call.
    """
    values = np.array(p_values)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    factors = (among or len(order)) - np.arange(len(order))
    values[order] = np.minimum(1.0, np.maximum.accumulate(values[order] * factors))
    return values.tolist()  # type: ignore[no-any-return]
