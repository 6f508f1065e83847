"""Two single models of a comparison, where each arm has one run: they compare two models, not two methods."""

from __future__ import annotations

from mtl_core import metrics
from mtl_core.statistics import ModelsCompared, compare_models
from mtl_core.store import vectors
from mtl_core.store.workspace import Workspace
from mtl_core.studies.judge import Judged


def single_runs(workspace: Workspace, judged: Judged) -> ModelsCompared | None:
    """The comparison of two single models, where each arm has one run; None else."""
    seeds = [seed for seed in judged.baseline.runs if seed in judged.treatment.runs] if judged.paired else []
    pairs = [(judged.baseline.runs[seed].id, judged.treatment.runs[seed].id) for seed in seeds]
    if not judged.paired:
        sides = (list(side.runs.values()) for side in (judged.baseline, judged.treatment))
        pairs = [(ours.id, theirs.id) for ours, theirs in zip(*sides, strict=False)]
    if len(pairs) != 1 or judged.refused:
        return None
    with workspace.read() as index:
        by_run = vectors.of_runs(index, pairs[0], judged.comparison.target)
    metric = metrics.known(judged.metric)
    scale, bounded = (metric.scale, metric.in_points) if metric else (100.0, True)
    ours, theirs = (scale * by_run[run].contributions for run in pairs[0])
    return compare_models(ours, theirs, bounded=bounded)
