"""The runs of a study as the index knows them: which are done, which are missing, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlite_utils import Database

from mtl_core import registry
from mtl_core.config import typed
from mtl_core.config.run import TRAIN_FIRST, RunConfig
from mtl_core.config.study import Arm
from mtl_core.kinds import _layout
from mtl_core.records import LIVE, RunState
from mtl_core.store import runs
from mtl_core.store.runs import Run
from mtl_core.store.studies import Study
from mtl_core.store.vectors import Vector
from mtl_core.store.workspace import Workspace


class Absence(StrEnum):
    """The reason why an arm has no run with a seed."""

    NOT_STARTED = "not started"
    DELETED = "deleted"


MemberState = RunState | Absence
EMBEDDED = "embedded"
"""The encoder whose texts become the same tokens by all rules of reading."""
REUSABLE = (RunState.FINISHED, RunState.RUNNING, RunState.QUEUED)
"""States of runs that another study may take over, the best first."""


@dataclass(frozen=True, slots=True)
class Member:
    """One arm with one seed."""

    arm: str
    seed: int
    run: Run | None
    state: MemberState

    @property
    def done(self) -> bool:
        """True if it has results."""
        return self.state == RunState.FINISHED


def members(workspace: Workspace, study: Study) -> list[Member]:
    """Every arm with every seed, in the order in which they train."""
    with workspace.read() as index:
        known = {run.id: run for run in runs.of_ids(index, study.run_ids())}
    return [_member(arm.name, seed, study, known) for arm, seed, _ in study.config.runs()]


def _member(arm: str, seed: int, study: Study, known: Mapping[str, Run]) -> Member:
    run_id = study.runs.get(arm, {}).get(seed)
    if run_id is None:
        return Member(arm, seed, None, Absence.NOT_STARTED)
    run = known.get(run_id)
    return Member(arm, seed, run, RunState(run.state) if run else Absence.DELETED)


def counts(listed: Sequence[Member]) -> Counter[str]:
    """The number of members in each state."""
    return Counter(member.state for member in listed)


def refused_on(scored: Mapping[str, Collection[Vector]], listed: Sequence[Member]) -> str:
    """The reason why two arms, the baseline first, can't be compared on those scores, "" where they can."""
    for arm, vectors in scored.items():
        if not vectors:
            live = any(one.state in LIVE for one in listed if one.arm == arm)
            what = ": they wait or train." if live else ". Start the study, or resume what has stopped."
            return f"no run of '{arm}' has finished yet{what}"
    if len({vector.examples for vectors in scored.values() for vector in vectors}) > 1:
        baseline, treatment = scored
        return (
            f"the runs of '{baseline}' and '{treatment}' were scored on different dev examples: the data has changed "
            "in between. Delete the older runs, and start the study again."
        )
    return ""


def reusable(workspace: Workspace, index: Database, config: RunConfig) -> Run | None:
    """A run of the same arm and seed that has finished, or else one that waits or trains; the newest of the user's own.

    It has read the very files that a new one would read. Of a config whose teachers are to be trained first, one whose
    teachers were.
    """
    if config.teachers == (TRAIN_FIRST,):
        there = runs.listing(index, states=REUSABLE)
        same = [run for run in there if not run.example and _taught_alike(index, run, config)]
    else:
        same = [run for run in runs.of_arms(index, [config.arm]) if run.seed == config.seed]
    same = [run for run in same if run.config.data_rules == config.data_rules or config.encoder == EMBEDDED]
    ordered = (run for state in REUSABLE for run in same if run.state == state)
    return next((run for run in ordered if run.state == RunState.QUEUED or same_files(workspace, run)), None)


def same_files(workspace: Workspace, run: Run) -> bool:
    """True if the files that the run has read are what lies in its folder now.

    By their hashes; a run that trains, or is of an earlier version, has noted none: then none may be newer than it.
    """
    facts = workspace.run(run.id).data_facts()
    for name in run.config.tasks:
        source, data = run.config.place_of(name)
        if source != "folder" or not data:
            continue  # an own task's version is part of the run's arm
        folder = typed.path(data)
        if not registry.has("tasks", name):
            return False
        task, noted = registry.load("tasks", name), facts.get(name, {}).get("files")
        now = _layout.hashes(task, folder)
        if not now:
            return False
        if noted is None and _layout.changed(task, folder) > (run.started or run.created):
            return False
        if noted is not None and noted != {place: file["sha256"] for place, file in now.items()}:
            return False
    return True


def _taught_alike(index: Database, run: Run, config: RunConfig) -> bool:
    """True if the run is the config's, with the single-task runs as teachers that would be trained for it."""
    if run.seed != config.seed or run.config.model_copy(update={"teachers": config.teachers}).arm != config.arm:
        return False
    wanted = {(alone.arm, alone.seed) for alone in map(config.alone, config.tasks)}
    return {(one.arm, one.seed) for one in runs.of_ids(index, run.config.teachers)} == wanted


def resolved(arm: Arm, seed: int, config: RunConfig, started: Mapping[str, Mapping[int, str]]) -> RunConfig | None:
    """The config with the ids of the runs that it builds on; None where one of them is not there yet."""
    if not arm.after and not arm.merges:
        return config
    ids = {name: started.get(name, {}).get(seed) for name in (*arm.merges, arm.after) if name}
    if None in ids.values():
        return None
    start = {"start_from": ids[arm.after]} if arm.after else {}
    merged = {"merge_from": tuple(ids[name] for name in arm.merges)} if arm.merges else {}
    return config.model_copy(update={**start, **merged})
