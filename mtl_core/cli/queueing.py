"""The queue at a terminal: its groups with their runs, and what is done with them."""

from __future__ import annotations

from typing import Any

from mtl_core.cli.output import CommandOutput
from mtl_core.cli.words import progress, table
from mtl_core.display import queue_words
from mtl_core.errors import RunNotFound
from mtl_core.jobs import expected, groups, order
from mtl_core.jobs.expected import Outlook
from mtl_core.jobs.groups import RunGroup
from mtl_core.jobs.liveness import sweep
from mtl_core.jobs.order import Way
from mtl_core.records import When
from mtl_core.store import queue
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

EMPTY = "nothing trains or waits. `python -m mtl_core train --help` says how to start a run."


def tell(answer: CommandOutput, workspace: Workspace) -> None:
    """Prints every group that trains or waits."""
    sweep(workspace)
    found, outlooks = groups.live(workspace), expected.outlooks(workspace)
    words = "\n\n".join(_group_words(group, outlooks) for group in found)
    answer.give([_group(group, outlooks) for group in found], words or EMPTY)


def move(answer: CommandOutput, workspace: Workspace, name: str, way: str) -> None:
    """Moves a run or a group. Raises RunNotFound for a name that is neither, and TandemError for what waits not."""
    sweep(workspace)
    group = _group_of(workspace, name)
    if group:
        order.move_group(workspace, group, Way(way))
    else:
        order.move_run(workspace, name, Way(way))
    with workspace.read() as index:
        line = [run.id for run in queue.waiting(index)]
    ends = {Way.FIRST: "to the front", Way.LAST: "to the end"}
    what = f"{group.kind} {group.id}" if group else f"run {name}"
    answer.give({"id": name, "queue": line}, f"{what} moved {ends.get(Way(way), way)}. `queue` shows the order.")


def cancel(answer: CommandOutput, workspace: Workspace, name: str) -> None:
    """Takes a run or a group out of the queue. Raises as `move` does."""
    group = _group_of(workspace, name)
    if group:
        left = order.cancel_group(workspace, group)
        answer.give({"id": group.id, "cancelled": left}, f"{group.kind} {group.id}: {len(left)} runs cancelled.")
    else:
        order.cancel_run(workspace, name)
        answer.give(
            {"id": name, "cancelled": [name]}, f"run {name} has left the queue. `resume {name}` queues it again."
        )


def _group_of(workspace: Workspace, name: str) -> RunGroup | None:
    """The group of that id; None for a run's. Raises RunNotFound for what is neither."""
    with workspace.read() as index:
        if queue.find(index, name):
            return None
    group = groups.find(workspace, name)
    if group is None:
        raise RunNotFound(
            f"there is no run, launch or study '{name}'. `python -m mtl_core queue` lists what waits and trains."
        )
    return group


def _group(group: RunGroup, outlooks: dict[str, Outlook]) -> dict[str, Any]:
    return {
        "kind": group.kind,
        "id": group.id,
        "title": group.title,
        "planned": group.planned,
        "finished": group.finished,
        "runs": [_run(run, outlooks[run.id]) for run in _live(group, outlooks)],
    }


def _run(run: Run, outlook: Outlook) -> dict[str, Any]:
    return {
        "id": run.id,
        "state": run.state,
        "title": run.title,
        "device": run.device,
        "place": outlook.place or None,
        "waits_for": list(outlook.waits_for),
        "step": run.step,
        "total_steps": run.total_steps,
        "start": _when(outlook.start),
        "end": _when(outlook.end),
    }


def _when(when: When | None) -> dict[str, Any] | None:
    """Seconds from now; without `exact` it is more than that."""
    return {"seconds": round(when.seconds, 1), "exact": when.exact} if when else None


def _live(group: RunGroup, outlooks: dict[str, Outlook]) -> list[Run]:
    """What trains, then what waits in its order. A run that began or ended between two looks is left out."""
    live = [run for run in group.runs if run.id in outlooks and run.live]
    return sorted(live, key=lambda run: outlooks[run.id].place)


def _group_words(group: RunGroup, outlooks: dict[str, Outlook]) -> str:
    head = f"{group.kind} {group.id}  {group.title}  {group.finished} of {group.planned} finished"
    rows = [(run.id, _standing(run, outlooks[run.id]), run.title) for run in _live(group, outlooks)]
    if group.alone:
        return table(("run", "state", "what"), rows)
    return "\n".join([head, *(f"  {line}" for line in table(("run", "state", "what"), rows).splitlines())])


def _standing(run: Run, outlook: Outlook) -> str:
    """ "running, step 12 of 250", "2nd in the queue, starts in about 5 min, ends in about 9 min"."""
    if run.training:
        words = progress({"total_steps": run.total_steps, "seconds_left": run.seconds_left, **_run(run, outlook)})
        return f"{run.state}, {words}"
    own = (outlook.place, outlook.waits_for, outlook.start, outlook.end)
    return queue_words.waiting(run.device, *own, no_device=outlook.no_device)
