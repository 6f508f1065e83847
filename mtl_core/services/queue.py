"""Answers about the queue: groups of runs that train or wait, when they will start and end, and what moves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mtl_core.display import queue_words
from mtl_core.display.formats import remaining, step_text
from mtl_core.jobs import expected, groups, order
from mtl_core.jobs.expected import Outlook as Outlook
from mtl_core.jobs.groups import GroupKind as GroupKind
from mtl_core.jobs.groups import RunGroup as RunGroup
from mtl_core.jobs.order import Way as Way
from mtl_core.records import RunState, When
from mtl_core.store import runs as run_rows
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class QueueNow:
    """What trains and waits at a moment."""

    groups: Sequence[RunGroup]
    """Those that train first, then in the order of the queue."""
    outlooks: Mapping[str, Outlook]

    @property
    def training(self) -> list[RunGroup]:
        """Groups of which a run trains."""
        return [group for group in self.groups if group.training]

    @property
    def waiting(self) -> list[RunGroup]:
        """Groups that only wait."""
        return [group for group in self.groups if not group.training]

    @property
    def signature(self) -> frozenset[tuple[str, str]]:
        """Changes when a run begins or ends."""
        return frozenset((run.id, run.state) for group in self.groups for run in group.runs if run.live)


def now(workspace: Workspace) -> QueueNow:
    """Takes some milliseconds."""
    return QueueNow(groups.live(workspace), expected.outlooks(workspace))


def group(workspace: Workspace, kind: str, group_id: str) -> RunGroup:
    """One launch or study with all of its runs. Raises RunNotFound or StudyNotFound."""
    return groups.get(workspace, GroupKind(kind), group_id)


def choices(workspace: Workspace) -> list[RunGroup]:
    """Studies and launches of several runs that can be watched, the newest first."""
    return groups.several(workspace)


def group_of(workspace: Workspace, run_id: str) -> RunGroup | None:
    """The study or the launch of several runs that a run is a part of. None for a run on its own."""
    with workspace.read() as index:
        found = run_rows.of_ids(index, [run_id])
    whole = next(iter(groups.of_runs(workspace, found)), None)
    return None if whole is None or whole.alone else whole


def counts_text(group: RunGroup) -> str:
    """ "2 of 9 finished · 1 training · 6 waiting · 1 failed"."""
    states = [run.state for run in group.runs if run.id not in group.trials]
    words = [f"{group.finished} of {group.planned} finished"]
    words += [f"{len(group.training)} training"] * bool(group.training)
    words += [f"{len(group.waiting)} waiting"] * bool(group.waiting)
    words += [f"{states.count(state)} {state}" for state in RunState if state.resumable and state in states]
    if group.trials:
        words.append(f"{len(group.trials)} tuning trials")
    return " · ".join(words)


def end_text(group: RunGroup, outlooks: Mapping[str, Outlook]) -> str:
    """When all of it that is queued will have ended: "all done in about 12 min"; "" where nothing is known."""
    live = [outlooks.get(run.id) for run in group.runs if run.live]
    ends = [one.end for one in live if one is not None and one.end is not None]
    if not ends:
        return ""
    last = When(max(end.seconds for end in ends), len(ends) == len(live) and all(end.exact for end in ends))
    text = queue_words.moment(last.seconds, exact=last.exact)
    return f"all done {text}" if text else ""


def run_text(run: Run, outlook: Outlook | None) -> str:
    """How a live run stands: "step 12 of 250 · 2 min left", "3rd in the queue, starts in about 5 min, …"."""
    if run.training:
        if run.stop_requested:
            return "stopping after this step"
        left = [remaining(run.seconds_left)] if run.seconds_left is not None else _own_end(outlook)
        return " · ".join([step_text(run), *left])
    if outlook is None:
        return ""
    own = (outlook.place, outlook.waits_for, outlook.start, outlook.end)
    return queue_words.waiting(run.device, *own, no_device=outlook.no_device)


def coming_text(workspace: Workspace, run_id: str) -> str:
    """When a run that waits starts and ends: "starts in about 5 min, ends in about 9 min"; "" if it starts now."""
    outlook = expected.outlooks(workspace).get(run_id)
    if outlook is None or not outlook.place or outlook.no_device or outlook.start == When(0.0):
        return ""
    return queue_words.coming(outlook.start, outlook.end)


def _own_end(outlook: Outlook | None) -> list[str]:
    """A run's end where it says nothing itself yet, as it prepares."""
    if outlook is None or outlook.end is None:
        return []
    text = queue_words.moment(outlook.end.seconds, exact=outlook.end.exact)
    return [f"ends {text}"] if text else []


def move(workspace: Workspace, what: RunGroup | Run, way: Way) -> None:
    """Moves a waiting run, or all that waits of a group. Raises TandemError where nothing of it waits any more."""
    if isinstance(what, Run):
        order.move_run(workspace, what.id, way)
    else:
        order.move_group(workspace, what, way)


def cancel(workspace: Workspace, what: RunGroup | Run) -> None:
    """Takes a waiting run, or what waits of a launch, out of the queue; pauses a study. Raises TandemErrors."""
    if isinstance(what, Run):
        order.cancel_run(workspace, what.id)
    else:
        order.cancel_group(workspace, what)


def stop(workspace: Workspace, group: RunGroup) -> None:
    """Takes what waits out of the queue, and asks what trains to stop after its step."""
    order.stop_group(workspace, group)


def resume(workspace: Workspace, group: RunGroup) -> None:
    """Resumes all that ended early. Raises TandemErrors."""
    order.resume_group(workspace, group)


def movable(what: RunGroup | Run, outlooks: Mapping[str, Outlook]) -> tuple[bool, bool]:
    """Whether something of others waits before, and behind, the first run of it that waits."""
    waiting = [what] if isinstance(what, Run) else what.waiting
    own = sorted((outlooks[run.id] for run in waiting if run.id in outlooks), key=lambda one: one.place)
    if not own:
        return False, False
    behind = own[0].line - own[0].place
    return own[0].place > 1, behind > len([one for one in own if one.line == own[0].line]) - 1
