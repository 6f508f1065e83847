"""The record in a report: the study's plan and its chain, every counted score, and the verdicts as they are stated."""

from __future__ import annotations

from math import isfinite
from typing import Any

from sqlite_utils import Database

from mtl_core import __version__, metrics
from mtl_core.statistics import Verdict
from mtl_core.store import vectors
from mtl_core.store.seal import canonical
from mtl_core.studies.context import StudyContext
from mtl_core.studies.dev_sets import DevSet, DevSets
from mtl_core.studies.judge import Judged, Side
from mtl_core.studies.proof.packing import packed

FORMAT = 1
"""Raised when a record can't be read any more by what read the one before."""
NUMBERS = ("effect", "low", "high", "p_value", "p_equivalent", "seed_share", "closeness", "level")
"""Of a verdict: those that a browser computes again."""
POWER = ("detectable", "seeds_needed")
"""And those that `verify` computes beside them."""


def record(context: StudyContext) -> dict[str, Any]:
    """All that it takes to check a report, as a JSON document."""
    seal = context.study.seal
    groups: dict[str, dict[str, Any]] = {}
    with context.workspace.read() as index:
        dev_sets = DevSets(index)
        comparisons = [_comparison(index, dev_sets, one, groups) for one in context.judged]
    return {
        "format": FORMAT,
        "tandem": __version__,
        "study": context.study.id,
        "config": canonical(context.config.model_dump(mode="json")),
        "plan": canonical(seal.plan) if seal else None,
        "seal": seal.hash if seal else None,
        "entries": [canonical(entry) for entry in seal.entries] if seal else [],
        "scores": groups,
        "comparisons": comparisons,
    }


def _comparison(index: Database, dev_sets: DevSets, one: Judged, groups: dict[str, dict[str, Any]]) -> dict[str, Any]:
    sides = (one.baseline, one.treatment)
    found: dict[str, Any] = {
        "target": one.comparison.target,
        "baseline": one.baseline.arm,
        "treatment": one.treatment.arm,
        "metric": one.metric,
        "left_out": [{str(seed): str(why) for seed, why in side.left_out.items()} for side in sides],
        "stated": None,
    }
    metric = metrics.known(one.metric)
    if one.verdict is None or one.looked is None or metric is None:
        return found
    target, runs = one.comparison.target, [*_runs(one.treatment), *_runs(one.baseline)]
    found_vectors = vectors.of_runs(index, runs, target)
    examples = found_vectors[runs[0]].examples
    dev = dev_sets.of(target, runs[0], examples, metric)
    group = groups.setdefault(examples, {**_dev_set(dev, target, one.examples), "runs": {}})
    group["runs"] |= {run: packed(of.contributions) for run, of in found_vectors.items() if run not in group["runs"]}
    return {
        **found,
        "scale": metric.scale,
        "bounded": metric.in_points,
        "higher_is_better": metric.higher_is_better,
        "paired": one.paired,
        "floor": None if dev.floor is None else dev.floor * metric.scale,
        "looks": list(one.looked.plan.looks),
        "seeds": [list(side.scores) for side in sides],
        "runs": [_runs(side) for side in sides],
        "examples": examples,
        "stated": {**stated(one.verdict), "provisional": one.provisional},
        "later": stated(one.later) if one.later else None,
        "without": stated(one.without) if one.without else None,
    }


def _dev_set(dev: DevSet, task: str, count: int) -> dict[str, Any]:
    clusters = [{"name": level.name, "codes": packed(level.codes)} for level in dev.clusters]
    return {"task": task, "count": count, "clusters": clusters}


def _runs(side: Side) -> list[str]:
    return [side.runs[seed].id for seed in side.scores]


def stated(verdict: Verdict) -> dict[str, Any]:
    """A verdict's numbers and its word; None for a number that does not exist."""
    numbers = {name: plain(getattr(verdict, name)) for name in (*NUMBERS, *POWER)}
    counts = [{"name": one.name, "count": one.count, "effective": one.effective} for one in verdict.clusters]
    return {**numbers, "decision": verdict.decision, "why": verdict.why, "seeds": [*verdict.seeds], "clusters": counts}


def plain(value: float | None) -> float | None:
    """The number, None where it is none."""
    return value if value is not None and isfinite(value) else None
