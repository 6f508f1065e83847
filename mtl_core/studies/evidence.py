"""Scores of two arms in, evidence out: the verdict over planned looks, seeds that failed, the verdict without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtl_core.config.study import StudyConfig
from mtl_core.metrics import Metric
from mtl_core.statistics import Clusters, FailedSeed, Looked, LookPlan, Verdict, compare_arms, compare_over_looks
from mtl_core.statistics import failed_seeds as find_failed

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the scores of two arms say of a comparison."""

    looked: Looked
    failed: tuple[FailedSeed, ...]
    """Seeds that did not train, though their runs finished."""
    without: Verdict | None
    """The verdict without them, by itself; None where none failed, or too few seeds remain."""


def weigh(
    baseline: Points,
    treatment: Points,
    *,
    config: StudyConfig,
    metric: Metric,
    paired: bool,
    waiting: bool,
    clusters: Sequence[Clusters] = (),
    floor: float | None = None,
) -> Evidence:
    """Weighs two arms, (seeds, examples) each, in the unit in which the metric is shown.

    `waiting`: more seeds of the study will come. `floor`: the score of the best constant answer.
    """
    settings: dict[str, Any] = {
        "margin": config.margin,
        "alpha": config.alpha,
        "paired_seeds": paired,
        "bounded": metric.in_points,
        "higher_is_better": metric.higher_is_better,
        "clusters": clusters,
    }
    plan = planned(config, min(len(baseline), len(treatment)), waiting)
    looked = compare_over_looks(baseline, treatment, plan, **settings)
    means = [arm.mean(axis=1).tolist() for arm in (baseline, treatment)]
    failed = find_failed(means[0], means[1], floor=floor, higher_is_better=metric.higher_is_better)
    kept = _kept((baseline, treatment), failed, paired)
    without = compare_arms(*kept, **settings) if failed and min(map(len, kept)) > 1 else None
    return Evidence(looked, failed, without)


def planned(config: StudyConfig, seeds: int, waiting: bool) -> LookPlan:
    """The study's looks. Without any, it is looked at once: with all seeds that it has, or will have."""
    looks = config.planned_looks if config.looks or waiting else (max(seeds, 1),)
    return LookPlan(looks, config.spending)


def _kept(arms: tuple[Points, Points], failed: Sequence[FailedSeed], paired: bool) -> list[Points]:
    """Both arms without the seeds that failed; without their partners too where seeds are paired."""
    places: list[set[int]] = [{one.place for one in failed if one.arm == arm} for arm in (0, 1)]
    if paired:
        places = [places[0] | places[1]] * 2
    return [np.delete(arm, sorted(out), axis=0) for arm, out in zip(arms, places, strict=True)]
