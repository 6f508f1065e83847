"""Rebuilds runs.db from the runs' folders.

What the folders say wins; what only the index knows (runs that wait, titles of launches) stays as long as
there is a folder for it. A run that is not in the index comes back in the state that its run.db ends with:
one that still trains as running, one whose process is gone as lost, and one that had not started as
stopped, so that a folder brought from another machine never starts training by itself.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlite_utils import Database

from mtl_core.config.earlier import stored
from mtl_core.config.run import RunConfig
from mtl_core.disk import lock
from mtl_core.errors import StoreError
from mtl_core.records import RunState
from mtl_core.store import labels, queue, results, runs, states, steps
from mtl_core.store.database import Damaged, immediate
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.states import Moment
from mtl_core.store.workspace import Workspace


@dataclass(slots=True)
class Reindexed:
    """The changes that were made."""

    runs: int = 0
    """Runs in the index afterwards."""
    added: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    """Runs whose folder is gone."""
    unreadable: dict[str, str] = field(default_factory=dict)
    """Folders that were left out, and why."""
    kept_aside: str = ""
    """Where a damaged runs.db was moved to."""


def reindex(workspace: Workspace, host: str) -> Reindexed:
    """Brings runs.db in line with the folders, made anew where it is missing or damaged.

    `host` is this machine's name, for runs that still train here. Raises StoreError.
    """
    done = Reindexed()
    if not workspace.path.is_dir():
        raise StoreError(f"there is no runs folder {workspace}. Name the one that holds the runs with --runs-dir.")
    done.kept_aside = _put_damaged_aside(workspace)
    folders = workspace.runs()
    with workspace.write() as index:
        for folder in folders:
            try:
                with immediate(index):
                    done.added += [folder.id] * bring_in(index, folder, host)
            except (StoreError, ValidationError, ValueError) as error:
                done.unreadable[folder.id] = _why(error)
        _drop_without_folder(index, workspace, done)
        done.runs = len(runs.listing(index))
    return done


def _put_damaged_aside(workspace: Workspace) -> str:
    """Moves a runs.db that is none out of the way; where to, or "" for one that is whole."""
    file = workspace.index_file
    try:
        if not file.exists():
            return ""
        with workspace.write() as index:
            runs.listing(index)
            if index.execute("PRAGMA quick_check").fetchone()[0] == "ok":
                return ""
    except Damaged:
        pass
    aside = file.with_name(f"runs.db.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
    for end in ("", "-wal", "-shm"):
        part = Path(f"{file}{end}")
        if part.exists():
            part.rename(f"{aside}{end}")
    return str(aside)


def bring_in(index: Database, folder: RunFolder, host: str) -> bool:
    """Updates a run's row and results from its folder; whether it was not known before.

    Raises StoreError, ValidationError and ValueError for a folder that can't be read.
    """
    run = queue.find(index, folder.id)
    if run is not None and run.live:
        return False  # its own process and the sweep look after it
    config = RunConfig.model_validate(stored(json.loads(folder.config.read_text("utf-8"))))
    report = folder.read_json(folder.report)
    if run is None:
        created = float(report.get("created") or folder.config.stat().st_mtime)
        device, launch = str(report.get("device") or "cpu"), str(report.get("launch") or folder.id)
        runs.add(index, config, device=device, launch=launch, run_id=folder.id, created=created)
        detail = "it had not started when the index was rebuilt"
        runs.adopt_state(index, folder.id, RunState.STOPPED, detail=detail)
    if folder.database.exists():
        _from_database(index, folder, report, host)
    labels.publish(index, folder)
    runs.update(index, folder.id, disk_bytes=folder.size(), freed=int(folder.freed.exists()))
    return run is None


def _from_database(index: Database, folder: RunFolder, report: dict[str, Any], host: str) -> None:
    with folder.open() as run_db:
        history, step = states.history(run_db), steps.last(run_db)
    results.publish(index, folder)
    columns = ("total_steps", "seconds", "examples_per_second", "memory_bytes", "data_fingerprint")
    known = {name: report[name] for name in columns if report.get(name) is not None}
    runs.update(index, folder.id, step=step, **known)
    if not history:
        return
    last = history[-1]
    if last.state != RunState.RUNNING:
        times = {"started": history[0].time, "ended": last.time}
        runs.adopt_state(index, folder.id, last.state, detail=last.detail, **times)
    elif _locked(folder):
        _still_running(index, folder.id, last, host)
    elif runs.get(index, folder.id).state == RunState.STOPPED:
        times = {"started": last.time, "ended": last.time}
        runs.adopt_state(index, folder.id, RunState.LOST, detail="its process exited unexpectedly", **times)


def _still_running(index: Database, run_id: str, since: Moment, host: str) -> None:
    """A run whose process lives gets back its place in the queue, and its device unless another has it."""
    device = runs.get(index, run_id).device
    slot = device if queue.device_free(index, host, device) else None
    runs.adopt_state(index, run_id, RunState.RUNNING, slot=slot, host=host, started=since.time)


def _locked(folder: RunFolder) -> bool:
    """Returns True where a process holds the run's lock."""
    if not folder.lock.exists():
        return False
    taken = lock.take(folder.lock)
    if taken is not None:
        os.close(taken)
    return taken is None


def _drop_without_folder(index: Database, workspace: Workspace, done: Reindexed) -> None:
    for run in runs.listing(index):
        if run.state != RunState.RUNNING and not workspace.run(run.id).path.is_dir():
            runs.delete(index, run.id)
            done.dropped.append(run.id)


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        names = ", ".join(str(detail["loc"][0]) if detail["loc"] else "all" for detail in error.errors())
        return f"its config.json is not of this version: {names}"
    if isinstance(error, StoreError):
        return str(error)
    return f"its config.json or report.json can't be read: {error}"
