"""Launching: runs wait in the index, in their order, and one a device trains."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from mtl_core import devices
from mtl_core.config import typed
from mtl_core.config.places import join_place, split_place
from mtl_core.config.run import RunConfig
from mtl_core.disk import lock
from mtl_core.errors import TandemError
from mtl_core.jobs import identity, prewarm, programs, teachers
from mtl_core.records import RunState
from mtl_core.store import queue, runs
from mtl_core.store.database import immediate
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

_children: list[subprocess.Popen[bytes]] = []
"""Supervisors that this process started, to be collected once they have ended."""


def submit(workspace: Workspace, configs: Sequence[RunConfig], expected: Mapping[str, float] = {}) -> list[str]:
    """Registers runs as one launch and starts what can start; the ids, in the order of the configs.

    `expected` are the seconds that a run takes, by arm, as far as they are known.

    Teachers that are to be trained first are runs of the same launch, ahead of their pupils.

    Raises DeviceError or StoreError, and then nothing is left behind.
    """
    rows, ids = teachers.first([settle(config) for config in configs])
    wanted = [devices.resolve(config.device) for _, config in rows]
    workspace.check()
    launch, now = runs.new_id(), time.time()
    origins: list[dict[str, Any]] = [
        {"launch": launch, "created": now + 1e-6 * number, "device": device}  # later ones stand behind earlier ones
        for number, device in enumerate(wanted)
    ]
    folders = [workspace.run(run_id) for run_id, _ in rows]
    try:
        for folder, (_, config), origin in zip(folders, rows, origins, strict=True):
            create(folder, config)
            with folder.writing():
                folder.write_json(folder.report, {"id": folder.id, **origin})
        with workspace.write() as index, immediate(index):
            for (run_id, config), origin in zip(rows, origins, strict=True):
                runs.add(index, config, run_id=run_id, expected=expected.get(config.arm), **origin)
    except BaseException:
        for folder in folders:
            shutil.rmtree(folder.path, ignore_errors=True)
        raise
    start_waiting(workspace)
    return ids


def start_waiting(workspace: Workspace) -> list[str]:
    """Starts the oldest waiting run of every free device; the ids of those that were started.

    Any process may call it at any time, several at once too: a device is never given twice.
    """
    started: list[str] = []
    reap()
    while workspace.index_file.exists():
        supervisor = None
        try:
            with workspace.write() as index, immediate(index):
                run = queue.oldest_waiting(index, identity.host(), devices.visible())
                if run is None:
                    break
                supervisor = _start(index, workspace, run)
        except BaseException:
            if supervisor is not None:
                supervisor.kill()  # nobody will ever know that it was started
            raise
        started += [run.id] * (supervisor is not None)
    return started


def settle(config: RunConfig) -> RunConfig:
    """The config with paths that mean the same wherever it is read: its process starts in another folder."""
    changes: dict[str, Any] = {}
    if config.data:
        changes["data"] = str(typed.path(config.data).resolve())
    if config.task_sources:
        changes["task_sources"] = {task: _settled(place) for task, place in config.task_sources.items()}
    if config.encoder != "embedded" and typed.is_folder(config.encoder):
        changes["encoder"] = str(typed.path(config.encoder).resolve())
    return config.model_copy(update=changes)


def _settled(place: str) -> str:
    source, data = split_place(place)
    return join_place(source, data and str(typed.path(data).resolve()))


def create(folder: RunFolder, config: RunConfig) -> None:
    """Makes a run's folder, with its config. Raises StoreError."""
    with folder.writing():
        folder.path.mkdir(parents=True)
        folder.write_json(folder.config, config.model_dump(mode="json"))


def reap() -> None:
    """Collects supervisors that have ended, so that none stays behind as a zombie."""
    _children[:] = [child for child in _children if child.poll() is None]


def _start(index: Database, workspace: Workspace, run: Run) -> subprocess.Popen[bytes] | None:
    """Gives the run its device and its process, inside the caller's transaction. None: it has ended instead."""
    try:
        supervisor = _supervisor(workspace.run(run.id))
    except FileNotFoundError:
        _not_started(index, run, RunState.LOST, "its folder was moved or deleted before it started")
    except (OSError, TandemError) as error:
        _not_started(index, run, RunState.FAILED, f"its process could not be started: {error}")
    else:
        _children.append(supervisor)
        queue.begin(index, run.id, identity.holder(supervisor.pid), run.device)
        return supervisor
    return None


def _not_started(index: Database, run: Run, state: RunState, detail: str) -> None:
    runs.change_state(index, run.id, RunState.QUEUED, state, detail=detail)


def _supervisor(folder: RunFolder) -> subprocess.Popen[bytes]:
    """Starts the process that stands by the run, in a session of its own, with the run's lock in its hands."""
    held = lock.take(folder.lock)
    if held is None:
        raise TandemError("another process has its folder in use")
    runs_dir = str(folder.path.parent.resolve())
    try:
        with folder.log.open("ab") as log:
            ready = prewarm.take()
            supervisor = ready and ready.hand(runs_dir, folder.id, held, log.fileno())
            return supervisor or subprocess.Popen(
                programs.supervisor(runs_dir, folder.id, held),
                cwd=programs.CODE,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(held,),
                start_new_session=True,
            )
    finally:
        os.close(held)  # the supervisor has it
