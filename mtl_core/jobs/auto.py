"""Auto: judges a study once its runs have ended, and queues the seeds of the next look where that is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mtl_core.jobs.study_runs import queue_missing
from mtl_core.records import LIVE, RunState
from mtl_core.store.studies import Changes, Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import auto, halving
from mtl_core.studies.members import Member, members

if TYPE_CHECKING:
    from mtl_core.studies.judge import Judged

HOUR = 3600.0


def queue_next(workspace: Workspace, changes: Changes) -> list[str]:
    """Queues the next look's seeds for arms of comparisons that are not settled, or notes why there are none.

    Nothing while a run waits or trains: a look is one only when all of its seeds are there. Raises StoreError or
    DeviceError.
    """
    new: list[str] = []
    while _open(changes.study):
        listed = members(workspace, changes.study)
        if any(one.state in LIVE for one in listed):
            break
        if any(one.state == RunState.STOPPED for one in listed):
            _note(changes, going=False)  # somebody has stopped it: it goes on when it is asked to
            break
        arms = _look(workspace, changes, listed)
        new += queue_missing(workspace, changes, arms) if arms else []
    return new


def _open(study: Study) -> bool:
    return study.config.auto is not None and study.automation.going and not study.automation.ended


def _look(workspace: Workspace, changes: Changes, listed: Sequence[Member]) -> list[str]:
    """Judges the study and gives it the next look's seeds; the arms that get them. None: Auto has ended."""
    from mtl_core.studies.judge import judge  # brings scipy, which no run that ends outside of Auto waits for

    judged, study = judge(workspace, changes.study), changes.study
    seeds = len(study.config.seeds)
    reasons = _reasons(study, judged, seeds)
    if reasons != study.automation.settled:
        study = _note(changes, settled=reasons)
    undecided = [one for one in judged if auto.key(one.comparison) not in reasons]
    arms, look = auto.arms_of(study.config, undecided), auto.next_look(study.config, undecided)
    ended = _why_no_more(study, listed, arms, look)
    if ended or look is None:
        _note(changes, going=False, ended=ended)
        return []
    changes.keep(config=auto.grown(study.config, arms, look))
    return arms


def _reasons(study: Study, judged: Sequence[Judged], seeds: int) -> dict[str, str]:
    """Comparisons that get no more seeds, by key, and why. What is settled once stays so: its arms have stopped."""
    if study.config.auto is not None and study.config.auto.halve:
        return halving.stopped(judged, study.automation.settled, seeds)
    known = {auto.key(one.comparison): auto.why_settled(one, seeds) for one in judged if auto.settled(one)}
    return {**known, **study.automation.settled}


def _why_no_more(study: Study, listed: Sequence[Member], arms: Sequence[str], look: int | None) -> str:
    """The reason to stop, "" where there is none."""
    limits, seeds = study.config.auto, len(study.config.seeds)
    assert limits is not None
    if not study.config.comparisons:
        return "the study compares nothing"
    if not arms:
        return auto.why_ended(study, study.automation.settled)
    if look is None:
        return f"not settled after {seeds} seeds, the most that it may have"
    newest = [one for one in listed if one.arm in arms and one.seed == study.config.seeds[-1]]
    if not any(one.done for one in newest):
        return f"every run of seed {study.config.seeds[-1]} has failed; go on once the cause is mended"
    if limits.hours is not None:
        used = auto.seconds_used(listed)
        if used + auto.seconds_of_more(listed, arms, look - seeds) > limits.hours * HOUR:
            words = f"not settled after {seeds} of {limits.most_seeds} seeds: {used / HOUR:.2g} h are trained, and"
            return f"{words} the next {look - seeds} would take more than the {limits.hours:g} h that it may have"
    return ""


def _note(changes: Changes, **values: Any) -> Study:
    return changes.keep(automation=replace(changes.study.automation, **values))
