"""The runs table of the index: one row a run, its state and its progress. States change in `change_state` alone."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from sqlite_utils import Database

from mtl_core.config.earlier import stored
from mtl_core.config.run import RunConfig
from mtl_core.errors import RunNotFound
from mtl_core.records import RunState
from mtl_core.store.workspace import is_example

TRANSITIONS: Mapping[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.STOPPED, RunState.FAILED, RunState.LOST}),
    RunState.RUNNING: frozenset({RunState.STOPPED, RunState.FINISHED, RunState.FAILED, RunState.LOST}),
    RunState.STOPPED: frozenset({RunState.QUEUED}),
    RunState.FAILED: frozenset({RunState.QUEUED}),
    RunState.LOST: frozenset({RunState.QUEUED}),
    RunState.FINISHED: frozenset(),
}
"""Which states may follow which."""
ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
IS_EXAMPLE = "runs.id GLOB 'example-[0-9]*'"
"""In SQL, 1 for a run of the example, which comes after all others."""
PART_OF_EXAMPLE = (
    "run '{run}' belongs to the example, which stays as it is and goes as a whole: `python -m mtl_core example --hide`."
)


@dataclass(frozen=True, slots=True)
class Run:
    """One row. Times are seconds since 1970, durations seconds, memory bytes."""

    id: str
    created: float
    launch: str
    """What was launched together with one click has this in common."""
    title: str
    config: RunConfig
    arm: str
    seed: int
    source: str
    encoder: str
    state: RunState
    detail: str
    """Why it is in this state, in words, where there is something to say."""
    device: str
    """What the config asks for, resolved: "cpu" or "cuda:0"."""
    slot: str | None
    """The device that the run holds while it trains."""
    queued: float
    """When it took its place in the queue, last."""
    place: float | None
    """Where it was put in the queue by hand, on the scale of `queued`; None where it stands by its time."""
    expected: float | None
    """Seconds that it was thought to take when it was queued; None where that was not known."""
    started: float | None
    ended: float | None
    heartbeat: float | None
    host: str | None
    boot: str | None
    pid: int | None
    pid_started: float | None
    stop_requested: int
    step: int
    total_steps: int | None
    examples_per_second: float | None
    seconds_left: float | None
    seconds: float | None
    memory_bytes: int | None
    data_fingerprint: str | None
    tags: tuple[str, ...] = ()
    note: str = ""
    disk_bytes: int | None = None
    """The size of its folder when it ended, without files that it shares with other runs. None: not measured yet."""
    freed: int = 0
    """1 where its resume state was deleted to free disk: it can't be resumed."""

    @property
    def can_go_on(self) -> bool:
        """True where it ended early and can be resumed."""
        return self.state.resumable and not self.freed

    @property
    def live(self) -> bool:
        """True while it waits or trains."""
        return self.state.live

    @property
    def waiting(self) -> bool:
        """True while it stands in the queue."""
        return self.state == RunState.QUEUED

    @property
    def order(self) -> float:
        """Its place in the queue: runs with less start before it."""
        return self.queued if self.place is None else self.place

    @property
    def training(self) -> bool:
        """True while a process trains it."""
        return self.state == RunState.RUNNING

    @property
    def finished(self) -> bool:
        """True once it has come to its end."""
        return self.state == RunState.FINISHED

    @property
    def generated(self) -> bool:
        """True where its numbers come from the generated sample."""
        return "sample" in self.config.sources

    @property
    def example(self) -> bool:
        """True for a run of the example study, which came with the product."""
        return is_example(self.id)


COLUMNS = ", ".join(field.name for field in fields(Run))


def new_id() -> str:
    """Eight characters that are easy to read out; about 6e11 of them."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def add(
    db: Database,
    config: RunConfig,
    *,
    device: str,
    launch: str = "",
    run_id: str | None = None,
    created: float | None = None,
    expected: float | None = None,
) -> str:
    """Puts a run into the queue and returns its id."""
    run_id = run_id or new_id()
    began = created or time.time()
    row = {
        "id": run_id,
        "created": began,
        "queued": began,
        "launch": launch or run_id,
        "title": title(config, run_id),
        "config": config.model_dump_json(),
        "arm": config.arm,
        "seed": config.seed,
        "source": config.origin,
        "encoder": config.encoder,
        "state": RunState.QUEUED,
        "device": device,
        "expected": expected,
        **found_by(config),
    }
    db.table("runs").insert(row)
    return run_id


def title(config: RunConfig, run_id: str) -> str:
    """What a run is called unless somebody renames it; the example's runs say what they are."""
    return f"Example · {config.title}" if is_example(run_id) else config.title


def found_by(config: RunConfig) -> dict[str, str]:
    """The columns that repeat a part of the config, for filters and orders."""
    data = " + ".join(config.folders) or config.origin
    return {"tasks": json.dumps(list(config.tasks)), "recipe": config.methods, "data": data}


def get(db: Database, run_id: str) -> Run:
    """One run. Raises RunNotFound, naming the id and where to look."""
    rows = list(db.query(f"SELECT {COLUMNS} FROM runs WHERE id = ?", [run_id]))
    if not rows:
        raise RunNotFound(f"there is no run '{run_id}'. `python -m mtl_core runs` lists them.")
    return of_row(rows[0])


def listing(
    db: Database,
    *,
    states: Sequence[RunState] = tuple(RunState),
    launch: str | None = None,
    limit: int = -1,
    offset: int = 0,
) -> list[Run]:
    """Runs in the given states, the newest first; those of the example after all others."""
    marks = ", ".join("?" * len(states))
    where, values = f"state IN ({marks})", list[str](states)
    if launch is not None:
        where, values = where + " AND launch = ?", [*values, launch]
    order = f"ORDER BY {IS_EXAMPLE}, created DESC, rowid DESC LIMIT ? OFFSET ?"
    rows = db.query(f"SELECT {COLUMNS} FROM runs WHERE {where} {order}", [*values, limit, offset])
    return [of_row(row) for row in rows]


def of_arms(db: Database, arms: Sequence[str]) -> list[Run]:
    """The user's own runs of the given arms, the newest first: what the example's could serve for, those don't."""
    marks = ", ".join("?" * len(arms))
    where = f"arm IN ({marks}) AND NOT {IS_EXAMPLE}"
    sql = f"SELECT {COLUMNS} FROM runs WHERE {where} ORDER BY created DESC, rowid DESC"
    return [of_row(row) for row in db.query(sql, [*arms])]


def own(listed: Sequence[Run]) -> list[Run]:
    """The user's own runs; where there are none, those of the example."""
    return [run for run in listed if not run.example] or list(listed)


def of_ids(db: Database, run_ids: Sequence[str]) -> list[Run]:
    """Those of the runs that there are."""
    marks = ", ".join("?" * len(run_ids))
    return [of_row(row) for row in db.query(f"SELECT {COLUMNS} FROM runs WHERE id IN ({marks})", [*run_ids])]


def data_folders(db: Database, limit: int = 50) -> list[str]:
    """The folders that runs have read their examples from, the one used last first."""
    sql = """
        SELECT json_extract(config, '$.data') AS folder FROM runs
        WHERE folder IS NOT NULL GROUP BY folder ORDER BY max(created) DESC LIMIT ?
    """
    return [row["folder"] for row in db.query(sql, [limit])]


def update(db: Database, run_id: str, **values: Any) -> None:
    """Changes single columns of a run's row, at once; never its state."""
    assert "state" not in values, "a run's state changes in change_state"
    changes = ", ".join(f"{name} = :{name}" for name in values)
    db.execute(f"UPDATE runs SET {changes} WHERE id = :id", {**values, "id": run_id})


def change_state(db: Database, run_id: str, was: RunState, to: RunState, *, detail: str = "", **columns: Any) -> bool:
    """Moves a run from one state to another, with further columns of its row, in one transaction.

    False, and nothing has changed, where the run is not in the state `was` (any more), or is not there.
    Raises ValueError for what TRANSITIONS does not have.
    """
    if to not in TRANSITIONS[was]:
        raise ValueError(f"a run that is {was} can't become {to}.")
    return _set_state(db, run_id, to, "AND state = :was", {**_along(to), **columns, "detail": detail, "was": was})


def adopt_state(db: Database, run_id: str, state: RunState, *, detail: str = "", **columns: Any) -> None:
    """Takes over a state as the run's folder tells it, whatever the index knew: a folder is the truth."""
    _set_state(db, run_id, state, "", {**_along(state), "detail": detail, **columns})


def _set_state(db: Database, run_id: str, state: RunState, guard: str, values: dict[str, Any]) -> bool:
    """One statement, which is a transaction of its own or part of the caller's; whether there was such a run."""
    values |= {"state": state}
    changes = ", ".join(f"{name} = :{name}" for name in values if name != "was")
    done = db.execute(f"UPDATE runs SET {changes} WHERE id = :id {guard}", {**values, "id": run_id})
    return done.rowcount > 0


def _along(state: RunState) -> dict[str, Any]:
    """The columns that change with a state: its times, and the process and device."""
    now = time.time()
    if state == RunState.QUEUED:
        nobody = dict.fromkeys(("heartbeat", "host", "boot", "pid", "pid_started"))
        return {"queued": now, "place": None, "ended": None, "stop_requested": 0, **nobody}
    if state == RunState.RUNNING:
        return {"heartbeat": now, "ended": None}
    return {"ended": now, "slot": None, "seconds_left": None}


def delete(db: Database, *run_ids: str) -> None:
    """Forgets runs and their results; examples that no other run predicted go too."""
    marks = ", ".join("?" * len(run_ids))
    for table in ("predictions", "vectors", "scores", "draws"):
        db.execute(f"DELETE FROM {table} WHERE run IN ({marks})", [*run_ids])
    db.execute(f"DELETE FROM runs WHERE id IN ({marks})", [*run_ids])
    db.execute("DELETE FROM examples WHERE id NOT IN (SELECT example FROM predictions)")


def of_row(row: dict[str, Any]) -> Run:
    """A run from its row, with the columns that COLUMNS names."""
    config, tags = stored_config(row["config"]), tuple(json.loads(row["tags"]))
    return Run(**{**row, "config": config, "state": RunState(row["state"]), "tags": tags})


@lru_cache(maxsize=4096)
def stored_config(text: str) -> RunConfig:
    """A stored config is trusted: it was checked when it was made, maybe where other tasks exist.

    It never changes, so that pages that list all runs read each once.
    """
    values = stored(json.loads(text))
    names = (name for name in ("tasks", "teachers", "merge_from") if name in values)
    return RunConfig.model_construct(**(values | {name: tuple(values[name]) for name in names}))
