"""Examples that one arm gains or loses against another, and how many of these flips are chance.

Runs that differ in the seed alone disagree on some examples too, so a flip between two single models tells nothing
of their arms. With i a run of the baseline and j one of the treatment, for an example e:

    gained_e = share of the pairs (i, j) in which i is wrong and j is right
    lost_e   = share of the pairs (i, j) in which i is right and j is wrong
    noise_e  = share of the ordered pairs of two runs of one arm in which the first is wrong and the second right,
               the mean of both arms

Summed over examples these count the flips between two runs. The runs of a pair within an arm have unlike seeds, so
only pairs of unlike seeds count across the arms too, unless there are no others: then like is held against like. Where
the arms do not differ, all three have the same expectation; with p_e and q_e the chances that a run of either arm is
right, the expectation of gained_e - lost_e is q_e - p_e, and that of gained_e + lost_e - 2 noise_e is (q_e - p_e)^2.

A flip is stable when every run of one arm is wrong and every run of the other is right. Chance makes such ones too: an
example that S runs of all n have right comes out so in one of C(n, S) ways of giving the runs to the arms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from mtl_core.studies.views.flips.excess import Excess, PairCounts

Array = NDArray[np.float64]
Right = NDArray[np.bool_]
"""True where a run has an example right: (runs, examples)."""


@dataclass(frozen=True, slots=True)
class Flips:
    """The changes between two arms: of each example, and in each pair of runs."""

    runs: tuple[int, int]
    """Of the baseline, and of the treatment."""
    right: tuple[NDArray[np.int64], NDArray[np.int64]]
    """The runs of either that have each example right: (examples,)."""
    gained: Array
    """(examples,), a share of the pairs."""
    lost: Array
    """(examples,), a share of the pairs."""
    noise: Array | None
    """(examples,), a share of the pairs within an arm, one way; None where no arm has two runs."""
    gained_in: Array
    """Examples gained in each pair of runs across the arms: (pairs,)."""
    lost_in: Array
    """Examples lost in each of them."""
    noise_in: Array
    """Examples that are wrong in the first and right in the second run, in each ordered pair within an arm."""
    excess: tuple[Excess, Excess] | None
    """Gained and lost in excess of chance, with their intervals; None where no arm has two runs."""

    @property
    def floor(self) -> float | None:
        """Examples that two runs of one arm flip, each way."""
        return float(self.noise.sum()) if self.noise is not None else None

    @property
    def stable(self) -> tuple[Right, Right]:
        """The examples gained and those lost with every seed: (examples,) each."""
        (before, after), (most_before, most_after) = self.right, self.runs
        return (before == 0) & (after == most_after), (before == most_before) & (after == 0)

    @property
    def stable_by_chance(self) -> tuple[float, float]:
        """The expected number of stable ones if the runs were given to the arms at random."""
        together, ways = self.right[0] + self.right[1], comb(sum(self.runs), self.runs[0])
        baseline, treatment = self.runs
        return float((together == treatment).sum()) / ways, float((together == baseline).sum()) / ways

    @property
    def change(self) -> Array:
        """The share of runs that have each example right, treatment minus baseline, -1 to 1: (examples,)."""
        return self.right[1] / self.runs[1] - self.right[0] / self.runs[0]

    def listed(self, *, gained: bool = True, lost: bool = True) -> NDArray[np.int64]:
        """Places of the examples that changed, the stable ones first, then by how much; ties as they were."""
        change = self.change
        wanted = np.flatnonzero(((change > 0) & gained) | ((change < 0) & lost))
        return wanted[np.argsort(-np.abs(change[wanted]), kind="stable")]


def flips(baseline: Right, treatment: Right, seeds: tuple[Sequence[int], Sequence[int]]) -> Flips:
    """Counts the flips between two arms, (runs, examples) each, the same examples in the same order.

    `seeds` are those of the runs. Raises ValueError for an arm without runs and for unlike examples.
    """
    if not len(baseline) or not len(treatment) or baseline.shape[1] != treatment.shape[1]:
        raise ValueError(f"conditions of {baseline.shape} and {treatment.shape} runs × examples can't be held together")
    before, after = baseline.astype(np.float64), treatment.astype(np.float64)
    apart = np.not_equal.outer(np.asarray(seeds[0]), np.asarray(seeds[1]))
    pairs = apart if apart.any() else ~apart
    within = [_noise(arm) for arm in (before, after) if len(arm) > 1]
    gained_in, lost_in = (1 - before) @ after.T, before @ (1 - after).T
    tables = ((1 - before) @ before.T, (1 - after) @ after.T)
    ways = (PairCounts(gained_in, pairs, tables), PairCounts(lost_in, pairs, tables))
    return Flips(
        runs=(len(before), len(after)),
        right=(baseline.sum(axis=0), treatment.sum(axis=0)),
        gained=((1 - before) * (pairs @ after)).sum(axis=0) / pairs.sum(),
        lost=(before * (pairs @ (1 - after))).sum(axis=0) / pairs.sum(),
        noise=np.mean([shares for shares, _ in within], axis=0) if within else None,
        gained_in=gained_in[pairs],
        lost_in=lost_in[pairs],
        noise_in=np.concatenate([counts for _, counts in within]) if within else np.empty(0),
        excess=(ways[0].excess(), ways[1].excess()) if within else None,
    )


def _noise(arm: Array) -> tuple[Array, Array]:
    """Of one arm, (runs, examples): each example's share of the ordered pairs, and each ordered pair's examples."""
    runs, right = len(arm), arm.sum(axis=0)
    other = ~np.eye(runs, dtype=bool)
    return right * (runs - right) / (runs * (runs - 1)), ((1 - arm) @ arm.T)[other]
