"""Comparisons with verdicts from chosen scores alone: no store, no runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mtl_core.config.study import Comparison, StudyConfig
from mtl_core.statistics import compare_arms
from mtl_core.studies.judge import Judged, Side, adjusted

Scores = Mapping[tuple[str, str], Sequence[float]]
"""(arm, task) → percent of the dev examples that are right, a seed each; an arm that is missing has no results."""
DEV = 1000


def judged(config: StudyConfig, scores: Scores) -> list[Judged]:
    """Every comparison of the study."""
    return adjusted([_judged(config, one, scores) for one in config.comparisons])


def _judged(config: StudyConfig, one: Comparison, scores: Scores) -> Judged:
    reached = [scores.get((arm, one.target), ()) for arm in (one.baseline, one.treatment)]
    common = min(map(len, reached)) if all(reached) else None
    names = (one.baseline, one.treatment)
    baseline, treatment = (_side(config, arm, found[:common]) for arm, found in zip(names, reached, strict=True))
    there = baseline.scores and treatment.scores
    arrays = [_right(side) for side in (baseline, treatment)]
    return Judged(
        comparison=one,
        metric="f1" if one.target == "squad" else "accuracy",
        baseline=baseline,
        treatment=treatment,
        paired=True,
        examples=DEV if there else 0,
        verdict=compare_arms(*arrays, margin=config.margin, alpha=config.alpha) if there else None,
        refused="" if there else f"no run of '{one.treatment}' has finished yet.",
    )


def _side(config: StudyConfig, arm: str, found: Sequence[float]) -> Side:
    reached = dict(zip(config.seeds, found, strict=False))
    left_out = {seed: "failed" for seed in config.seeds if seed not in reached}
    return Side(arm=arm, runs={}, scores=reached, left_out=left_out)


def _right(side: Side) -> NDArray[np.float64]:
    """The first examples right, so that a seed's mean is what was asked for; (seeds, DEV) in points."""
    return np.array([100.0 * (np.arange(DEV) < 10 * score) for score in side.scores.values()])
