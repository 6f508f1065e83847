"""A study as one document: its arms, its runs and its verdicts, for the command line and exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from mtl_core.config.study import MATCHES
from mtl_core.display.verdicts import UNDECIDED
from mtl_core.records import RunState
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies.judge import Judged, Side, judge
from mtl_core.studies.members import Absence, Member, MemberState, counts, members


def document(workspace: Workspace, study: Study) -> dict[str, Any]:
    """Everything that is known of a study; numbers that do not exist are None."""
    listed = members(workspace, study)
    return {
        "id": study.id,
        "name": study.config.name,
        "created": study.created,
        "state": state(listed),
        "counts": dict(counts(listed)),
        "seeds": list(study.config.seeds),
        "margin": study.config.margin,
        "alpha": study.config.alpha,
        "tags": list(study.config.tags),
        "notes": study.config.notes,
        "runs": [_member(member) for member in listed],
        "comparisons": [comparison(one) for one in judge(workspace, study)],
    }


def state(listed: Sequence[Member]) -> MemberState:
    """Of the whole study: running while any of its runs is, finished once all are, else stopped."""
    states = counts(listed)
    for live in (RunState.RUNNING, RunState.QUEUED):
        if states[live]:
            return live
    for every in (RunState.FINISHED, Absence.NOT_STARTED):
        if states[every] == len(listed):
            return every
    return RunState.STOPPED


def comparison(one: Judged) -> dict[str, Any]:
    """One comparison with its verdict: effects in points, scores in percent."""
    verdict = {name: _plain(value) for name, value in asdict(one.verdict).items()} if one.verdict else None
    return {
        "target": one.comparison.target,
        "metric": one.metric,
        "baseline": _side(one.baseline),
        "treatment": _side(one.treatment),
        "matched": MATCHES[one.comparison.match],
        "paired_seeds": one.paired,
        "dev_examples": one.examples,
        "generated": one.generated,
        "decision": one.verdict.decision if one.verdict else UNDECIDED,
        "verdict": verdict,
        "refused": one.refused,
        "confounds": list(one.confounds),
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


def _plain(value: Any) -> Any:
    """A number that JSON has, None for one that it has not."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    return [_plain(one) for one in value] if isinstance(value, (tuple, list)) else value
