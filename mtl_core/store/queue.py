"""The runs table as a queue: who waits, who holds which device, who has ended."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from mtl_core.records import RunState
from mtl_core.store import runs
from mtl_core.store.database import immediate
from mtl_core.store.runs import Run

ORDER = "coalesce(place, queued), rowid"
"""The order in which runs that wait start."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that answers for a run, told so that it can't be taken for another one."""

    host: str
    boot: str
    """Changes with each start of the machine."""
    pid: int
    started: float
    """When the process began, in seconds since 1970."""


def find(db: Database, run_id: str) -> Run | None:
    """A run, or None where the index knows none of that id."""
    known = db.execute("SELECT 1 FROM runs WHERE id = ?", [run_id]).fetchone()
    return runs.get(db, run_id) if known else None


def waiting(db: Database) -> list[Run]:
    """Runs that wait, for any device, in the order in which they will start."""
    sql = f"SELECT id FROM runs WHERE state = ? ORDER BY {ORDER}"
    ids = [run_id for (run_id,) in db.execute(sql, [RunState.QUEUED]).fetchall()]
    found = {run.id: run for run in runs.of_ids(db, ids)}
    return [found[run_id] for run_id in ids]


def reorder(db: Database, order: Sequence[Run]) -> None:
    """Lets waiting runs start in this order: they share the places that they hold between them.

    In the caller's transaction. Runs that are queued later stand behind them.
    """
    places = list[float]()
    for place in sorted(run.order for run in order):
        places.append(max(place, math.nextafter(places[-1], math.inf)) if places else place)
    for run, place in zip(order, places, strict=True):
        runs.update(db, run.id, place=place)


def leave(db: Database, run_ids: Sequence[str]) -> list[str]:
    """Ends those of the runs that wait, in one transaction; their ids."""
    with immediate(db):
        detail = "cancelled before it started"
        return [one for one in run_ids if runs.change_state(db, one, RunState.QUEUED, RunState.STOPPED, detail=detail)]


def oldest_waiting(db: Database, host: str, devices: Sequence[str]) -> Run | None:
    """The run that is the first in the queue for one of the devices that are free on the host, and for no other run."""
    free = [device for device in devices if device_free(db, host, device)]
    marks = ", ".join("?" * len(free))
    sql = f"SELECT id FROM runs WHERE state = ? AND device IN ({marks}) ORDER BY {ORDER}"
    line = (runs.get(db, run_id) for (run_id,) in db.execute(sql, [RunState.QUEUED, *free]).fetchall())
    return next((run for run in line if not any(one.live for one in runs.of_ids(db, run.config.builds_on))), None)


def device_free(db: Database, host: str, device: str) -> bool:
    """Returns True where no run holds the device on the host."""
    held = db.execute("SELECT 1 FROM runs WHERE host = ? AND slot = ?", [host, device]).fetchone()
    return held is None


def begin(db: Database, run_id: str, holder: Holder, slot: str | None) -> bool:
    """Marks a waiting run as running, in the hands of `holder`.

    `slot` is the device that it holds, None where it trains beside others. False where it does not wait any more.
    """
    return runs.change_state(
        db,
        run_id,
        RunState.QUEUED,
        RunState.RUNNING,
        slot=slot,
        started=runs.get(db, run_id).started or time.time(),
        host=holder.host,
        boot=holder.boot,
        pid=holder.pid,
        pid_started=holder.started,
    )


def wait_again(db: Database, run_id: str) -> bool:
    """Puts a run that has ended early back into the queue, behind those that wait; what it has reached stays.

    False where it is not such a run. Raises RunNotFound.
    """
    state = runs.get(db, run_id).state
    return state.resumable and runs.change_state(db, run_id, state, RunState.QUEUED)


def beat(db: Database, run_id: str, progress: Mapping[str, Any]) -> bool:
    """Says that a run lives and how far it is. Answers whether someone asked it to stop."""
    runs.update(db, run_id, heartbeat=time.time(), **progress)
    row = db.execute("SELECT stop_requested FROM runs WHERE id = ?", [run_id]).fetchone()
    return row is not None and bool(row[0])


def ask_to_stop(db: Database, run_id: str) -> Run:
    """Ends a waiting run at once, asks a running one to; answers what it was before. Raises RunNotFound."""
    with immediate(db):
        run = runs.get(db, run_id)
        if run.state == RunState.QUEUED:
            runs.change_state(db, run_id, run.state, RunState.STOPPED, detail="stopped before it started")
        elif run.state == RunState.RUNNING:
            runs.update(db, run_id, stop_requested=1)
    return run
