"""Two single runs: McNemar's test or the paired bootstrap. They compare two models, not two methods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mtl_core.statistics import scores
from mtl_core.statistics.scores import Scores

NOTE = (
    "This compares two models, not two methods. On MNLI such a test calls about 15 % of pairs different that differ in "
    "the seed alone (100 fine-tunings of BERT base, McCoy et al. 2020)."
)
EXACT_BELOW = 25
"""Changed examples below which the exact binomial replaces chi-square with continuity correction."""
RESAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class ModelsCompared:
    """The comparison of one run of each arm, about these two models alone."""

    effect: float
    """Treatment - baseline, in points."""
    low: float
    """Lower end of the 1 - alpha interval over examples, in points."""
    high: float
    p_value: float
    gained: int
    """Examples on which the treatment scores higher."""
    lost: int
    test: Literal["McNemar", "paired bootstrap"]
    note: str
    """To be shown beside every figure of it."""


def compare_models(
    baseline: ArrayLike, treatment: ArrayLike, *, alpha: float = 0.05, bounded: bool = True
) -> ModelsCompared:
    """Compares two runs on the same examples: scores in points, (E,).

    McNemar where every score is 0 or 100, else the paired bootstrap over examples (percentile interval, and the p value
    at which it would touch 0). The interval is the bootstrap's in both cases. `bounded=False`: the entries are the
    examples' contributions to a metric that is no mean of scores. Raises ValueError like `compare_arms`.

    Source: McNemar 1947, doi.org/10.1007/BF02295996; Berg-Kirkpatrick et al. 2012, aclanthology.org/D12-1091.
    """
    scores.check_alpha(alpha)
    first, second = scores.single_runs(baseline, treatment, bounded=bounded)
    difference = second - first
    gained, lost = int((difference > 0).sum()), int((difference < 0).sum())
    means = _resampled(difference)
    low, high = np.quantile(means, [alpha / 2, 1 - alpha / 2]).tolist()
    right_or_wrong = bool(np.isin(np.concatenate([first, second]), (0, 100)).all())
    return ModelsCompared(
        effect=float(difference.mean()),
        low=low,
        high=high,
        p_value=_mcnemar(gained, lost) if right_or_wrong else _bootstrap_p(means),
        gained=gained,
        lost=lost,
        test="McNemar" if right_or_wrong else "paired bootstrap",
        note=NOTE,
    )


def _mcnemar(gained: int, lost: int) -> float:
    from statsmodels.stats.contingency_tables import mcnemar  # a second to load: only where it is needed

    if gained + lost == 0:
        return 1.0
    return float(mcnemar([[0, gained], [lost, 0]], exact=gained + lost < EXACT_BELOW).pvalue)


def _resampled(difference: Scores) -> Scores:
    """Means over examples drawn with replacement, (RESAMPLES,).

    Equal differences are drawn together, as counts: of right and wrong answers there are three sorts, so this takes a
    millisecond, where drawing every example would take a second. The seed is fixed: a page shows the same twice.
    """
    values, counts = np.unique(difference, return_counts=True)
    drawn = np.random.default_rng(0).multinomial(difference.size, counts / difference.size, size=RESAMPLES)
    return drawn @ values / difference.size


def _bootstrap_p(means: Scores) -> float:
    """Two-sided, by the smaller side; one resample is added so that it is never 0."""
    below, above = int((means <= 0).sum()), int((means >= 0).sum())
    return min(1.0, 2 * (min(below, above) + 1) / (means.size + 1))
