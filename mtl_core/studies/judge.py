"""Verdicts of a study: its finished runs' scores, put side by side example by example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from mtl_core import metrics, registry
from mtl_core.config.study import Comparison, StudyConfig
from mtl_core.display.verdicts import PENDING, UNDECIDED
from mtl_core.metrics import MeanMetric, Metric
from mtl_core.records import LIVE
from mtl_core.statistics import Adjusted, FailedSeed, Looked, Verdict, holm
from mtl_core.store import vectors
from mtl_core.store.runs import Run
from mtl_core.store.studies import Study
from mtl_core.store.vectors import Vector
from mtl_core.store.workspace import Workspace
from mtl_core.studies.cautions import cautions
from mtl_core.studies.dev_sets import DevSets
from mtl_core.studies.differences import differences
from mtl_core.studies.evidence import weigh
from mtl_core.studies.members import Absence, Member, members, refused_on
from mtl_core.studies.tuning import tuned_settings, unequal_tuning
from mtl_core.studies.unpaired import unpaired


@dataclass(frozen=True, slots=True)
class Side:
    """One arm of a comparison: the runs that count and what they reached."""

    arm: str
    runs: dict[int, Run]
    """By seed."""
    scores: dict[int, float]
    """The target's main metric by seed, in percent."""
    left_out: dict[int, str]
    """Seeds that do not count and why: the state that they are in ("failed", "running", "deleted"), or `unpaired`."""
    apart: dict[int, float] = field(default_factory=dict)
    """The scores of those that are only unpaired."""

    @property
    def seconds(self) -> float | None:
        """Mean training time of a run."""
        known = [run.seconds for run in self.runs.values() if run.seconds]
        return fmean(known) if known else None


@dataclass(frozen=True, slots=True)
class FailedRun:
    """A run that finished and did not train."""

    arm: str
    seed: int
    score: float
    """In percent."""
    why: str
    """In words: "far below the other seeds"."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A comparison and what can be said of it."""

    comparison: Comparison
    metric: str
    baseline: Side
    treatment: Side
    paired: bool
    """True if each seed of one arm is held against the same seed of the other."""
    examples: int
    """Dev examples."""
    verdict: Verdict | None
    refused: str = ""
    """The reason why there is no verdict, and what to do."""
    confounds: tuple[str, ...] = ()
    """Differences between the arms besides the one that the comparison is about."""
    cautions: tuple[str, ...] = ()
    """What is to be known of both arms: that the encoder, or a helper, was trained on texts of the test."""
    looked: Looked | None = None
    """The comparison over the study's planned looks; `verdict` is its verdict, adjusted for the study's others."""
    failed: tuple[FailedRun, ...] = ()
    """Runs that did not train, though they finished."""
    without: Verdict | None = None
    """The verdict without them, by itself."""

    @property
    def generated(self) -> bool:
        """True if its numbers come from the generated sample."""
        runs = (*self.baseline.runs.values(), *self.treatment.runs.values())
        return any(run.config.from_sample(self.comparison.target) for run in runs)

    @property
    def cluster_counts(self) -> dict[str, int]:
        """Number of the clusters that its dev examples are in by unit, the coarser first."""
        return {one.name: one.count for one in self.verdict.clusters} if self.verdict else {}

    @property
    def decision(self) -> str:
        """The verdict's word; without one there is not enough evidence, or not yet."""
        if self.verdict:
            return self.verdict.decision
        return PENDING if self.unfinished else UNDECIDED

    @property
    def provisional(self) -> bool:
        """True before the first planned look: the verdict may still change, and does not count."""
        return self.looked is not None and self.looked.provisional

    @property
    def later(self) -> Verdict | None:
        """The verdict of all seeds, by itself and provisional, where there are more than at the last planned look."""
        return self.looked.later if self.looked else None

    @property
    def next_look(self) -> int | None:
        """Seeds per condition at the next planned look, None after the last."""
        return self.looked.next_look if self.looked else None

    @property
    def settled(self) -> bool:
        """True where more seeds can't or need not change the verdict: it is known, futile, or all looks are over."""
        if self.looked is None or self.looked.provisional:
            return False
        return self.decision != UNDECIDED or self.looked.next_look is None or self.looked.futile

    @property
    def unfinished(self) -> bool:
        """True if runs of the two arms wait or train."""
        states = (*self.baseline.left_out.values(), *self.treatment.left_out.values())
        return any(state in LIVE for state in states)


def judge(workspace: Workspace, study: Study) -> list[Judged]:
    """All comparisons of a study, in its order; the verdicts are adjusted for their number (Holm 1979).

    Those that have no verdict yet count too: what is called an effect early must still be one when all are known.
    """
    listed = members(workspace, study)
    with workspace.read() as index:
        dev_sets = DevSets(index)
        judged = [_judged(workspace, index, dev_sets, study.config, one, listed) for one in study.config.comparisons]
    return adjusted(judged)


def adjusted(judged: Sequence[Judged]) -> list[Judged]:
    """The same comparisons with verdicts that hold for all of them together."""
    rest = iter(holm([one.verdict for one in judged if one.verdict], among=len(judged)))
    return [replace(one, verdict=_with(one.verdict, next(rest))) if one.verdict else one for one in judged]


def _with(verdict: Verdict, adjusted: Adjusted) -> Verdict:
    return replace(verdict, p_value=adjusted.p_value, p_equivalent=adjusted.p_equivalent, decision=adjusted.decision)


def _judged(
    workspace: Workspace,
    index: Database,
    dev_sets: DevSets,
    config: StudyConfig,
    comparison: Comparison,
    listed: Sequence[Member],
) -> Judged:
    task = comparison.target
    vectors_of = {
        name: _vectors(index, task, [one for one in listed if one.arm == name])
        for name in (comparison.baseline, comparison.treatment)
    }
    paired = config.pairs_seeds(comparison)
    metric = _metric(task, vectors_of)
    sides = [
        _side(name, listed, vectors_of[name], metric.scale) for name in (comparison.baseline, comparison.treatment)
    ]
    baseline, treatment = _in_pairs(*sides) if paired else sides
    scored = [vector for by_seed in vectors_of.values() for vector in by_seed.values()]
    blank = Judged(
        comparison=comparison,
        metric=metric.name,
        baseline=baseline,
        treatment=treatment,
        paired=paired,
        examples=len(scored[0].scores) if scored else 0,
        verdict=None,
        confounds=(
            *unequal_tuning(config, comparison),
            *differences(workspace, task, baseline.runs, treatment.runs, tuned_settings(config, comparison)),
        ),
        cautions=cautions(workspace, task, treatment.runs),
    )
    refused = refused_on({arm: list(by_seed.values()) for arm, by_seed in vectors_of.items()}, listed)
    if not refused and paired and not baseline.scores:
        refused = f"'{baseline.arm}' and '{treatment.arm}' have finished with no seed in common yet."
    refused = refused or _other_metric(metric, scored)
    if not refused and blank.examples < 2:
        refused = "the runs were scored on a single dev example: give the study two or more."
    if refused:
        return replace(blank, refused=refused)
    return _weighed(dev_sets, config, blank, metric, vectors_of)


def _weighed(
    dev_sets: DevSets,
    config: StudyConfig,
    blank: Judged,
    metric: Metric,
    vectors_of: Mapping[str, Mapping[int, Vector]],
) -> Judged:
    """The comparison with its evidence."""
    sides = (blank.baseline, blank.treatment)
    baseline, treatment = (_matrix(vectors_of[side.arm], list(side.scores), metric.scale) for side in sides)
    seed, run = next(iter(blank.treatment.runs.items()))
    fingerprint = vectors_of[blank.treatment.arm][seed].examples
    dev = dev_sets.of(blank.comparison.target, run.id, fingerprint, metric)
    evidence = weigh(
        baseline,
        treatment,
        config=config,
        metric=metric,
        paired=blank.paired,
        waiting=_waiting(sides),
        clusters=dev.clusters,
        floor=None if dev.floor is None else dev.floor * metric.scale,
    )
    failed = tuple(_failed_run(sides[one.arm], one) for one in evidence.failed)
    looked = evidence.looked
    return replace(blank, looked=looked, verdict=looked.verdict, failed=failed, without=evidence.without)


def _waiting(sides: Sequence[Side]) -> bool:
    """True while runs of either arm wait, train or have not been started."""
    states = [state for side in sides for state in side.left_out.values()]
    return any(state in LIVE or state == Absence.NOT_STARTED for state in states)


def _failed_run(side: Side, seed: FailedSeed) -> FailedRun:
    words = "no better than a constant answer" if seed.why == "at the floor" else "far below the other seeds"
    return FailedRun(side.arm, list(side.scores)[seed.place], seed.score, words)


def _vectors(index: Database, task: str, listed: Sequence[Member]) -> dict[int, Vector]:
    """By seed, of the runs that have finished."""
    done = {one.seed: one.run.id for one in listed if one.done and one.run}
    by_run = vectors.of_runs(index, list(done.values()), task)
    return {seed: by_run[run_id] for seed, run_id in done.items() if run_id in by_run}


def _side(name: str, listed: Sequence[Member], by_seed: Mapping[int, Vector], scale: float) -> Side:
    mine = [one for one in listed if one.arm == name]
    return Side(
        arm=name,
        runs={one.seed: one.run for one in mine if one.run and one.seed in by_seed},
        scores={seed: scale * float(vector.contributions.mean()) for seed, vector in by_seed.items()},
        left_out={one.seed: one.state for one in mine if one.seed not in by_seed},
    )


def _metric(task: str, vectors_of: Mapping[str, Mapping[int, Vector]]) -> Metric:
    """The task's main metric; the one that its runs were scored by where it is not registered any more."""
    if registry.has("tasks", task):
        return metrics.load(registry.load("tasks", task).metric)
    scored = [name for vectors in vectors_of.values() for vector in vectors.values() for name in vector.metrics]
    return next(filter(None, map(metrics.known, scored)), metrics.load("accuracy"))


def _other_metric(metric: Metric, scored: Sequence[Vector]) -> str:
    """Says so where runs were scored by another metric, "" else."""
    other = next((one.metrics for one in scored if metric.name not in one.metrics), None)
    if other is None or (not other and isinstance(metric, MeanMetric)):
        return ""
    names = " and ".join(one.title if (one := metrics.known(name)) else name for name in other) or "another metric"
    return f"some runs were scored by {names}, and the task's main metric is {metric.title}. Train them again."


def _in_pairs(baseline: Side, treatment: Side) -> tuple[Side, Side]:
    """Both sides with the seeds that both have, in the same order."""
    common = [seed for seed in baseline.scores if seed in treatment.scores]
    return _with_seeds(baseline, common, treatment.arm), _with_seeds(treatment, common, baseline.arm)


def _with_seeds(side: Side, seeds: Sequence[int], other: str) -> Side:
    apart = {seed: score for seed, score in side.scores.items() if seed not in seeds}
    return replace(
        side,
        runs={seed: side.runs[seed] for seed in seeds},
        scores={seed: side.scores[seed] for seed in seeds},
        left_out={**side.left_out, **dict.fromkeys(apart, unpaired(other))},
        apart=apart,
    )


def _matrix(by_seed: Mapping[int, Vector], seeds: Sequence[int], scale: float) -> NDArray[np.float64]:
    """(seeds, examples): contributions in the unit in which the metric is shown, points for shares of 1."""
    return scale * np.stack([by_seed[seed].contributions for seed in seeds])
