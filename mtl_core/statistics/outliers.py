"""Seeds that did not train: one of them must not decide a verdict unseen.

A fine-tuning run fails now and then: it stays at the majority class, or falls apart. Such a run is no draw from the
same distribution as the others, and no rule for a few seeds can allow for it. It is named, and the verdict is given
with it and without it; which of the two counts is for the reader to say.

Source: Mosbach et al. 2021, arxiv.org/abs/2006.04884 (fine-tuning runs that fail).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mtl_core.statistics.scores import Scores

NEAR = 0.5
"""Points above the floor that still count as at it."""
CLEAR = 3.0
"""Points above the floor that half of the runs must reach before others are called failed."""
FAR = 6.0
"""Standard deviations of the other seeds below their arm's median."""
LEAST = 2.0
"""Points below it, at least."""


@dataclass(frozen=True, slots=True)
class FailedSeed:
    """A seed whose run did not train."""

    arm: int
    """0 for the baseline, 1 for the treatment."""
    place: int
    """Its row."""
    score: float
    """In points."""
    why: Literal["at the floor", "far below the others"]


def failed_seeds(
    baseline: Sequence[float], treatment: Sequence[float], *, floor: float | None = None, higher_is_better: bool = True
) -> tuple[FailedSeed, ...]:
    """Seeds that did not train, by the arms' scores in points, one a seed.

    `floor`: the score of the best constant answer. A seed failed if it is at the floor while half of all seeds are
    clearly above it, or if it is below the median of its arm's other seeds by 2 points and by 6 standard deviations of
    all other seeds (within arms).
    """
    sign = 1.0 if higher_is_better else -1.0
    arms: list[Scores] = [np.asarray(one, dtype=np.float64) * sign for one in (baseline, treatment)]
    everything = np.concatenate(arms)
    learned = floor is not None and everything.size > 0 and np.median(everything) > floor * sign + CLEAR
    found = []
    for number, scores in enumerate(arms):
        for place, score in enumerate(scores):
            if floor is not None and learned and score <= floor * sign + NEAR:
                found.append(FailedSeed(number, place, float(score * sign), "at the floor"))
            elif _is_far_below(arms, number, place):
                found.append(FailedSeed(number, place, float(score * sign), "far below the others"))
    return tuple(found)


def _is_far_below(arms: Sequence[Scores], number: int, place: int) -> bool:
    others = [np.delete(scores, place) if arm == number else scores for arm, scores in enumerate(arms)]
    df = sum(max(len(scores) - 1, 0) for scores in others)
    if len(others[number]) < 2 or df < 2:
        return False
    spread = np.sqrt(sum(float(((scores - scores.mean()) ** 2).sum()) for scores in others if len(scores)) / df)
    below = float(np.median(others[number]) - arms[number][place])
    return below > max(LEAST, FAR * float(spread))
