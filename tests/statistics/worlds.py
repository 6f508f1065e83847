"""Simulated studies whose truth is known: right and wrong answers of two arms over seeds and examples.

Most examples are always right or always wrong. The others depend on the run: each has a chance of being right, from a
symmetric beta distribution as wide as makes two seeds of one arm disagree as often as is known of MNLI (McCoy et al.
2020: 100 fine-tunings of BERT base). A seed shifts all these chances together, p + p * (1 - p) * shift, and so does the
treatment. Examples are drawn afresh for every study.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betaincinv, roots_hermitenorm

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """Where studies come from. Shares are 0 to 1, deviations in points of accuracy."""

    title: str
    examples: int
    always_right: float
    depends: float
    """Share of examples that depend on the run."""
    disagree: float
    """Share of examples on which two seeds of one arm disagree."""
    seed: float
    """Standard deviation of the baseline's accuracy over seeds, beyond what single answers' chance gives."""
    treatment_seed: float
    redrawn: float = 0.0
    """Share of examples that the treatment answers with chances of its own: the effect varies with the example."""
    shared: float = 0.0
    """Correlation of the shifts of paired seeds."""

    def studies(self, seeds: tuple[int, int], effect: float, count: int, seed: int) -> Iterator[tuple[Floats, Floats]]:
        """Scores in points of baseline and treatment, (S, E) each, where the treatment is truly `effect` better."""
        random, push = np.random.default_rng(seed), self._push(effect)
        for _ in range(count):
            chances = self._chances(random)
            redrawn = random.random(self.examples) < self.redrawn
            changed = np.where(redrawn, self._chances(random), chances) if self.redrawn else chances
            first, second = self._shifts(seeds, random)
            yield _answers(chances, first, random), _answers(changed, second + push, random)

    @cached_property
    def _beta(self) -> float:
        """Both parameters of the chances' distribution: E[2p(1 - p)] = a / (2a + 1) = disagree / depends."""
        share = self.disagree / self.depends
        return share / (1 - 2 * share)

    def _chances(self, random: np.random.Generator) -> Floats:
        chances = (random.random(self.examples) < self.always_right / (1 - self.depends)).astype(np.float64)
        open_ones = random.random(self.examples) < self.depends
        chances[open_ones] = random.beta(self._beta, self._beta, int(open_ones.sum()))
        return chances

    def _shifts(self, seeds: tuple[int, int], random: np.random.Generator) -> tuple[Floats, Floats]:
        first, second = (random.standard_normal(number) for number in seeds)
        if self.shared:
            second = self.shared * first + np.sqrt(1 - self.shared**2) * second
        return first * self._shift(self.seed), second * self._shift(self.treatment_seed)

    def _shift(self, points: float) -> float:
        """The shift that moves accuracy by `points`: the mean of p * (1 - p) is disagree / 2."""
        return points / (50 * self.disagree)

    def _push(self, effect: float) -> float:
        """The treatment's shift that makes the true effect, averaged over its seeds."""
        chances = betaincinv(self._beta, self._beta, (np.arange(400) + 0.5) / 400)[:, None]
        nodes, weights = roots_hermitenorm(15)
        shifts = nodes * self._shift(self.treatment_seed)

        def gained(push: float) -> float:
            mean = _moved(chances, shifts + push).mean(axis=0) @ (weights / weights.sum())
            return float(100 * self.depends * (mean - 0.5) - effect)

        return float(brentq(gained, -100, 100))


def _moved(chances: Floats, shift: Floats) -> Floats:
    return np.clip(chances + chances * (1 - chances) * shift, 0, 1)


def _answers(chances: Floats, shifts: Floats, random: np.random.Generator) -> Floats:
    scores = np.repeat(100 * chances[None], len(shifts), axis=0)
    open_ones = np.flatnonzero((chances > 0) & (chances < 1))
    moved = _moved(chances[open_ones], shifts[:, None])
    scores[:, open_ones] = 100.0 * (random.random(moved.shape) < moved)
    return scores


MNLI = World("MNLI", 9815, always_right=0.70, depends=0.28, disagree=0.063, seed=0.16, treatment_seed=0.16)
"""Accuracy 84; the deviation over seeds is 0.24 points, of which single answers' chance makes 0.18."""
SST2 = World("SST-2", 872, always_right=0.86, depends=0.13, disagree=0.029, seed=0.16, treatment_seed=0.16)
"""Accuracy 92.5; of this task only size and accuracy are known, and its disagreement is MNLI's times its errors."""

WORLDS = (
    MNLI,
    replace(MNLI, title="MNLI, seeds alike", seed=0, treatment_seed=0),
    replace(MNLI, title="MNLI, 10 % of examples changed", redrawn=0.1),
    replace(MNLI, title="MNLI, 30 % of examples changed", redrawn=0.3),
    replace(MNLI, title="MNLI, treatment's seeds spread 3 times wider", treatment_seed=0.48),
    replace(MNLI, title="MNLI, paired seeds alike (0.7)", shared=0.7, seed=0.3, treatment_seed=0.3),
    replace(MNLI, title="MNLI's answers, 872 examples", examples=872),
    SST2,
    replace(SST2, title="SST-2, 10 % of examples changed", redrawn=0.1),
    replace(SST2, title="SST-2, seeds spread 0.5 and 1 points", seed=0.5, treatment_seed=1.0),
)
