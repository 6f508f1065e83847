"""The queue put in order by hand: runs and whole groups moved up and down, and taken out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from mtl_core.errors import TandemError
from mtl_core.jobs import control, groups
from mtl_core.jobs import studies as study_jobs
from mtl_core.jobs.groups import GroupKind, RunGroup
from mtl_core.jobs.liveness import sweep
from mtl_core.store import queue, runs
from mtl_core.store.database import immediate
from mtl_core.store.workspace import Workspace


class Way(StrEnum):
    """Where something in the queue is moved to."""

    UP = "up"
    DOWN = "down"
    FIRST = "first"
    LAST = "last"


def move_run(workspace: Workspace, run_id: str, way: Way) -> None:
    """Moves one waiting run past its neighbour, or to an end, among the runs that wait for the same device.

    A run that waits for others keeps waiting for them, wherever it stands. Raises RunNotFound, and TandemError for one
    that does not wait.
    """
    with workspace.read() as index:
        run = runs.get(index, run_id)
    _move(workspace, [run_id], way, {}, f"run '{run_id}' does not wait in the queue: it is {run.state}.")


def move_group(workspace: Workspace, group: RunGroup, way: Way) -> None:
    """Moves all waiting runs of a group past its neighbour, or to an end. Raises TandemError where none waits."""
    neighbours = {run.id: one.id for one in groups.live(workspace) for run in one.waiting}
    words = f"no run of the {group.kind} '{group.id}' waits in the queue."
    _move(workspace, [run.id for run in group.waiting], way, neighbours, words)


def cancel_run(workspace: Workspace, run_id: str) -> None:
    """Takes a waiting run out of the queue. Raises RunNotFound, and TandemError for one that does not wait."""
    sweep(workspace)
    with workspace.read() as index:
        runs.get(index, run_id)
    with workspace.write() as index:
        left = queue.leave(index, [run_id])
        state = runs.get(index, run_id).state
    if not left:
        more = " `stop` ends it." if state.live else ""
        raise TandemError(f"run '{run_id}' does not wait in the queue: it is {state}.{more}", field="run")


def cancel_group(workspace: Workspace, group: RunGroup) -> list[str]:
    """Takes what waits of a launch out of the queue; of a study, pauses it, as it would queue more. The runs' ids.

    What trains of a launch goes on; what trains of a study stops after its step.
    """
    sweep(workspace)
    if group.kind == GroupKind.STUDY:
        return study_jobs.pause(workspace, group.id)
    with workspace.write() as index:
        return queue.leave(index, [run.id for run in group.waiting])


def stop_group(workspace: Workspace, group: RunGroup) -> list[str]:
    """Takes what waits out of the queue, then asks what trains to stop after its step; the ids of all of these."""
    stopped = cancel_group(workspace, group)
    with workspace.write() as index:
        for run in group.runs:
            if runs.get(index, run.id).training:
                queue.ask_to_stop(index, run.id)
                stopped.append(run.id)
    return stopped


def resume_group(workspace: Workspace, group: RunGroup) -> list[str]:
    """Puts what ended early of a launch back into the queue, or lets a study go on; the ids.

    Raises TandemError, naming them, where some can't go on; the others do all the same.
    """
    if group.kind == GroupKind.STUDY:
        return study_jobs.go_on(workspace, group.id)
    resumed, refused = list[str](), list[str]()
    for run in group.ended_early:
        try:
            resumed.append(control.resume(workspace, run.id).id)
        except TandemError as error:
            refused.append(str(error))
    if refused:
        raise TandemError(" ".join(refused), field="run")
    return resumed


def moved(line: Sequence[str], chosen: Collection[str], way: Way, block_of: Mapping[str, str]) -> list[str]:
    """The line with the chosen ones moved past a neighbour, or to an end. A neighbour with a block moves as a whole."""
    own, rest = [one for one in line if one in chosen], [one for one in line if one not in chosen]
    if way == Way.FIRST:
        return own + rest
    if way == Way.LAST:
        return rest + own
    first = line.index(own[0])
    beside = line[:first][-1:] if way == Way.UP else [one for one in line[first:] if one not in chosen][:1]
    if not beside:
        return list(line)
    block = [one for one in rest if one == beside[0] or block_of.get(one, one) == block_of.get(beside[0], beside[0])]
    place = rest.index(block[0]) if way == Way.UP else rest.index(block[-1]) + 1
    return [*rest[:place], *own, *rest[place:]]


def _move(workspace: Workspace, chosen: Sequence[str], way: Way, block_of: Mapping[str, str], not_waiting: str) -> None:
    """In one transaction, in which none of them can start; those that have started meanwhile are left out."""
    with workspace.write() as index, immediate(index):
        line = queue.waiting(index)
        there = {run.id for run in line} & set(chosen)
        if not there:
            raise TandemError(not_waiting, field="run")
        for device in dict.fromkeys(run.device for run in line if run.id in there):
            own = {run.id: run for run in line if run.device == device}
            order = moved(list(own), there & own.keys(), way, block_of)
            queue.reorder(index, [own[run_id] for run_id in order])
