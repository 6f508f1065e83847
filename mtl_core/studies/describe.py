"""A study as one document: its arms, its runs and its verdicts, for the command line and exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from mtl_core.config.study import StudyConfig
from mtl_core.display.verdicts import UNDECIDED
from mtl_core.records import RunState
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import auto, halving, seal_words
from mtl_core.studies.judge import Judged, Side, judge
from mtl_core.studies.members import Absence, Member, counts, members
from mtl_core.studies.tuning import TrialRun, progress, state_of, trial_runs, tuned_words


def document(workspace: Workspace, study: Study) -> dict[str, Any]:
    """Everything that is known of a study; numbers that do not exist are None."""
    listed, trials = members(workspace, study), trial_runs(workspace, study)
    return {
        "id": study.id,
        "name": study.config.name,
        "created": study.created,
        "state": state(listed, trials),
        "counts": dict(counts(listed)),
        "seeds": list(study.config.seeds),
        "margin": study.config.margin,
        "alpha": study.config.alpha,
        "tags": list(study.config.tags),
        "notes": study.config.notes,
        "runs": [_member(member) for member in listed],
        "comparisons": [comparison(one, study.config) for one in judge(workspace, study)],
        "automation": by_itself(study, trials),
        "plan": {
            "sealed": seal_words.sealed_text(study),
            "hash": study.seal.hash if study.seal else None,
            "changed": seal_words.changed(study),
        },
        "tuning": [_trial(one) for one in trials],
    }


def by_itself(study: Study, trials: Sequence[TrialRun]) -> list[str]:
    """What the study does by itself, a sentence each: how far its tuning is, the state of Auto, who left the race."""
    found = [progress(study.config, trials), auto.sentence(study), *halving.words(study)]
    return [words for words in found if words]


INCOMPLETE = "incomplete"
"""The state of a study that lacks runs which were deleted."""


def state(listed: Sequence[Member], trials: Sequence[TrialRun] = ()) -> str:
    """Of the whole study: running while any of its runs is, a trial too; finished once all are, incomplete where one
    was deleted, else stopped."""
    states, trying = counts(listed), state_of(trials)
    if trying is not None:
        return trying
    for live in (RunState.RUNNING, RunState.QUEUED):
        if states[live]:
            return live
    for every in (RunState.FINISHED, Absence.NOT_STARTED):
        if states[every] == len(listed):
            return every
    return INCOMPLETE if states[Absence.DELETED] else RunState.STOPPED


def comparison(one: Judged, config: StudyConfig) -> dict[str, Any]:
    """One comparison with its verdict: effects in points, scores in percent."""
    verdict = {name: _plain(value) for name, value in asdict(one.verdict).items()} if one.verdict else None
    return {
        "target": one.comparison.target,
        "metric": one.metric,
        "baseline": _side(one.baseline),
        "treatment": _side(one.treatment),
        "matched": one.comparison.matched,
        "paired_seeds": one.paired,
        "dev_examples": one.examples,
        "generated": one.generated,
        "decision": one.verdict.decision if one.verdict else UNDECIDED,
        "verdict": verdict,
        "refused": one.refused,
        "confounds": list(one.confounds),
        "cautions": list(one.cautions),
        "tuned": list(tuned_words(config, one.comparison)),
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "arm": side.arm,
        "runs": {str(seed): run.id for seed, run in side.runs.items()},
        "scores": {str(seed): round(score, 4) for seed, score in side.scores.items()},
        "left_out": {str(seed): why for seed, why in side.left_out.items()},
        "seconds": side.seconds,
    }


def _member(member: Member) -> dict[str, Any]:
    return {
        "arm": member.arm,
        "seed": member.seed,
        "run": member.run.id if member.run else None,
        "state": member.state,
        "detail": member.run.detail if member.run else "",
    }


def _trial(one: TrialRun) -> dict[str, Any]:
    """A trial of an arm: what it tried, and its loss in nats on the validation split."""
    return {"arm": one.arm, **asdict(one.trial), "state": one.run.state if one.run else Absence.DELETED}


def _plain(value: Any) -> Any:
    """A number that JSON has, None for one that it has not."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    return [_plain(one) for one in value] if isinstance(value, (tuple, list)) else value
