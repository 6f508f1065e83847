"""The states table of run.db: what became of a run, and when."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlite_utils import Database

from mtl_core.records import RunState


@dataclass(frozen=True, slots=True)
class Moment:
    """A change of state. `time` is in seconds since 1970."""

    time: float
    state: RunState
    detail: str


def record(run_db: Database, state: RunState, detail: str = "") -> None:
    """Notes that the run is in this state from now on."""
    run_db.table("states").insert({"time": time.time(), "state": state, "detail": detail})


def history(run_db: Database) -> list[Moment]:
    """Every change, the oldest first."""
    rows = run_db.query("SELECT time, state, detail FROM states ORDER BY time, rowid")
    return [Moment(row["time"], RunState(row["state"]), row["detail"]) for row in rows]
