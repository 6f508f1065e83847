"""When runs that wait will start and end, from how long runs like them took here; a bound where that is not known."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlite_utils import Database

from mtl_core import devices
from mtl_core.config.run import RunConfig
from mtl_core.records import LIVE, RunState, When
from mtl_core.store import queue, runs, throughput
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.studies import estimate
from mtl_core.studies.estimate import Amount

NOW = When(0.0)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a live run has before it."""

    start: When | None
    """None for one that trains, and for one whose device this machine lacks."""
    end: When | None
    """None where nothing is known of it."""
    place: int = 0
    """Among the runs that wait for the same device, from 1; 0 for one that trains."""
    line: int = 0
    """How many wait for that device."""
    waits_for: tuple[str, ...] = ()
    """Ids of live runs that it builds on."""
    no_device: bool = False
    """True where this machine has no such device, so that the run waits for ever."""


def outlooks(workspace: Workspace) -> dict[str, Outlook]:
    """Run id → outlook, for every run that trains or waits."""
    with workspace.read() as index:
        live = runs.listing(index, states=LIVE)
        if not live:
            return {}
        line = queue.waiting(index)
        lasts = durations(workspace, index, live)
    found = {run.id: Outlook(None, _left(run, lasts[run.id])) for run in live if run.state == RunState.RUNNING}
    holders = [run for run in live if run.state == RunState.RUNNING and run.slot]
    return found | _simulated(line, lasts, found, holders)


def _left(run: Run, lasts: float | None) -> When | None:
    """Until a run that trains ends: as it says itself, else what it usually takes less what has passed."""
    if run.stop_requested:
        return When(0.0)
    if run.seconds_left is not None:
        return When(max(0.0, run.seconds_left))
    if lasts is None:
        return None
    return When(max(0.0, lasts - (time.time() - (run.started or time.time()))))


def _simulated(
    line: Sequence[Run], lasts: Mapping[str, float | None], training: Mapping[str, Outlook], holders: Iterable[Run]
) -> dict[str, Outlook]:
    """Lets the queue go on in thought: a device that gets free takes the first run that waits for no other."""
    ends = {run: one.end or When(0.0, exact=False) for run, one in training.items()}
    free = {run.slot or run.device: ends[run.id] for run in holders}
    found = _standing(line, {*ends, *(run.id for run in line)})
    lines = {device: [run for run in line if run.device == device] for device in devices.visible()}
    blocked = set[str]()
    while ahead := [device for device, own in lines.items() if own and device not in blocked]:
        device = min(ahead, key=lambda one: free.get(one, NOW).seconds)
        run, start = _next(lines[device], free.get(device, NOW), ends, found)
        if run is None:  # all of its runs wait for runs of other devices
            blocked.add(device)
            continue
        free[device] = ends[run.id] = end = start.after(lasts[run.id])
        found[run.id] = replace(found[run.id], start=start, end=end)
        lines[device].remove(run)
        blocked.clear()
    return found


def _standing(line: Sequence[Run], live: Collection[str]) -> dict[str, Outlook]:
    """Each waiting run's place, and what it waits for."""
    places, visible, found = dict[str, int](), devices.visible(), dict[str, Outlook]()
    for run in line:
        places[run.device] = places.get(run.device, 0) + 1
        waits_for = tuple(one for one in run.config.builds_on if one in live)
        found[run.id] = Outlook(None, None, places[run.device], 0, waits_for, run.device not in visible)
    return {run.id: replace(found[run.id], line=places[run.device]) for run in line}


def _next(
    line: Sequence[Run], free: When, ends: Mapping[str, When], found: Mapping[str, Outlook]
) -> tuple[Run | None, When]:
    """The run that a device takes when it gets free, and when it starts: later where all wait for others."""
    starts = list[tuple[Run, When]]()
    for run in line:
        waits_for = found[run.id].waits_for
        if all(one in ends for one in waits_for):
            before = [free, *(ends[one] for one in waits_for)]
            start = When(max(one.seconds for one in before), all(one.exact for one in before))
            if start.seconds <= free.seconds:
                return run, start
            starts.append((run, start))
    return min(starts, key=lambda one: one[1].seconds, default=(None, free))


def durations(workspace: Workspace, index: Database, found: Sequence[Run]) -> dict[str, float | None]:
    """Run id → seconds that it takes yet if it starts now; None where nothing like it has run here.

    As finished runs of its arm took; as was thought when it was queued, put right by how others of its launch came
    out; or by the speed of earlier runs on the same data.
    """
    taken = throughput.mean_seconds(index, {run.arm for run in found})
    stamp = throughput.latest_end(index)
    ratios = {launch: _ratio(index, launch) for launch in {run.launch for run in found if run.expected}}
    firsts = {run.arm: run.id for run in reversed(found)}
    lasts = dict[str, float | None]()
    for run in found:
        seconds = taken.get((run.arm, run.device))
        if seconds is None and run.expected:
            seconds = run.expected * ratios[run.launch]
        if seconds is None:
            seconds = _by_speed(workspace, firsts[run.arm], run.device, stamp)
        share = 1 - run.step / run.total_steps if run.waiting and run.total_steps else 1.0
        lasts[run.id] = None if seconds is None else seconds * max(share, 0.0)
    return lasts


def _ratio(index: Database, launch: str) -> float:
    """How much longer than thought the finished runs of a launch took."""
    done = runs.listing(index, states=(RunState.FINISHED,), launch=launch)
    both = [(run.seconds, run.expected) for run in done if run.seconds and run.expected]
    return sum(one for one, _ in both) / sum(one for _, one in both) if both else 1.0


@lru_cache(maxsize=512)
def _by_speed(workspace: Workspace, run_id: str, device: str, stamp: float) -> float | None:
    """Looked up again once another run has finished, as `stamp` tells."""
    del stamp
    with workspace.read() as index:
        config = runs.get(index, run_id).config
        amount = _amount(index, config)
        cost = estimate.from_earlier(config, amount, throughput.earlier(index, config, device)) if amount else None
    return cost.seconds(amount) if cost and amount else None


def _amount(index: Database, config: RunConfig) -> Amount | None:
    """The tokens that a run reads, where earlier runs have counted the data of all of its tasks."""
    sizes = [throughput.task_size(index, config, task) for task in config.tasks]
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes) or config.merging:
        return None
    return estimate.amount_of_sizes(config, known)
