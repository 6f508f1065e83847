"""Simulated studies of metrics that are no means: contributions of two arms over seeds and examples.

Labels: the answers of a World, right or wrong, with gold labels of unlike classes. Numbers: gold scores seen through
noise of the example, which all runs share, and noise of the run; a seed stretches what it says.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mtl_core import metrics
from mtl_core.metrics import Metric
from tests.statistics.worlds import World

Floats = NDArray[np.float64]
POSITIVE = 0.7
"""Share of examples of the larger class, as in CoLA."""


def matthews(world: World, seeds: int, studies: int, seed: int) -> Iterator[tuple[Floats, Floats]]:
    """Contributions to Matthews' correlation ×100, (S, E) each, without an effect."""
    random, metric = np.random.default_rng(seed), metrics.load("matthews")
    for arms in world.studies((seeds, seeds), 0, studies, seed):
        gold = (random.random(world.examples) < POSITIVE).astype(int)
        first, second = (contributions(metric, np.where(arm > 50, gold, 1 - gold), gold) for arm in arms)
        yield first, second


def numbers(name: str, examples: int, seeds: int, studies: int, seed: int) -> Iterator[tuple[Floats, Floats]]:
    """Contributions to a correlation ×100, (S, E) each, without an effect."""
    random, metric = np.random.default_rng(seed), metrics.load(name)
    for _ in range(studies):
        gold = random.uniform(0, 5, examples)
        seen = gold + random.normal(0, 1.2, examples)
        arms = [_predictions(seen, seeds, random) for _ in range(2)]
        first, second = (contributions(metric, arm, gold) for arm in arms)
        yield first, second


def _predictions(seen: Floats, seeds: int, random: np.random.Generator) -> Floats:
    """(S, E): every seed has noise of its own, some more than others."""
    width = random.uniform(0.4, 0.6, (seeds, 1))
    return seen + width * random.standard_normal((seeds, len(seen)))


def contributions(
    metric: Metric, predicted: NDArray[np.float64] | NDArray[np.int64], gold: NDArray[np.float64]
) -> Floats:
    """(S, E) for predictions (S, E), in the unit that is shown."""
    return metric.scale * np.stack([metric.contributions(run.tolist(), gold.tolist()) for run in predicted])
