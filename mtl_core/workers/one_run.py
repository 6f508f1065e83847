"""Trains one run from its folder's config to its report: what the worker and a foreground `train` have in common."""

from __future__ import annotations

import gc
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlite_utils import Database

from mtl_core.engine.events import Event
from mtl_core.errors import TandemError
from mtl_core.records import RunState
from mtl_core.store import log, results, runs, states
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.workers import provenance
from mtl_core.workers.heartbeat import Heartbeat, RunProgress
from mtl_core.workers.recorder import Recorder
from mtl_core.workers.stop import FolderGone, Stop

Listener = Callable[[Event], None]
AT_ONCE = "ended at once after a second stop request; progress since its last checkpoint is lost"


def carry_out(workspace: Workspace, run: Run, held: int, stop: Stop, listen: Listener | None = None) -> RunState:
    """Trains a run that the caller holds the lock of (`held`, a descriptor); the state that it ended in.

    `listen` hears each event after it was written. Whatever goes wrong ends up in the run's state and log.
    """
    folder, progress = workspace.run(run.id), RunProgress.of(run)
    stop.listen()
    try:
        with folder.open() as run_db, Heartbeat(workspace, run.id, held, progress, stop):
            recorder = Recorder(folder, run_db, progress)
            origin = _begin(folder, run_db, run)
            state, detail = _train(workspace, run, stop, recorder, listen)
            _end(folder, run_db, recorder, origin, state, detail)
    except FolderGone as gone:
        if workspace.index_file.exists():
            with workspace.write() as index:
                runs.change_state(index, run.id, RunState.RUNNING, RunState.LOST, detail=str(gone))
        return RunState.LOST
    _publish(workspace, folder, progress, state, detail)
    return state


def take_part(workspace: Workspace, run: Run, stop: Stop) -> None:
    """Trains beside the process that carries the run out, and tells nobody: that one says how it ended."""
    with suppress(TandemError):
        for _ in _events(workspace, run, stop):
            pass


def _begin(folder: RunFolder, run_db: Database, run: Run) -> dict[str, Any]:
    """Notes what a later reader wants to know even of a run that dies; returned for the report at the end."""
    earlier, resumed = folder.read_json(folder.report), bool(states.history(run_db))
    states.record(run_db, RunState.RUNNING)
    log.write(folder, f"run {run.id}: {run.title}" + " · resumed" * resumed)
    origin = {
        **earlier,
        "id": run.id,
        "title": run.title,
        "launch": run.launch,
        "created": run.created,
        "started": run.started,
        "device": run.device,
        "config": run.config.model_dump(mode="json"),
        "seed": run.seed,
        "git_commit": provenance.git_commit(),
        "versions": provenance.versions(),
        "resumed": [*earlier.get("resumed", []), *([time.time()] if resumed else [])],
    }
    folder.write_json(folder.report, {**origin, "state": RunState.RUNNING, "detail": ""})
    return origin


def _train(
    workspace: Workspace, run: Run, stop: Stop, recorder: Recorder, listen: Listener | None
) -> tuple[RunState, str]:
    """State and detail that the run ends in."""
    try:
        for event in _events(workspace, run, stop):
            recorder(event)
            if listen is not None:
                listen(event)
    except FolderGone:
        raise
    except TandemError as error:
        return RunState.FAILED, str(error)
    except KeyboardInterrupt:
        return RunState.STOPPED, AT_ONCE
    except Exception as error:  # noqa: BLE001  nobody is there to see it but the log and the run's state
        recorder.note(traceback.format_exc())
        return RunState.FAILED, _in_a_line(error)
    return recorder.state, ""


def load() -> None:
    """Loads the libraries that training needs: seconds of work."""
    gc.disable()  # nothing is garbage yet: a fifth of the time that it takes
    try:
        from mtl_core.engine import loop  # noqa: F401
    finally:
        gc.freeze()
        gc.enable()


def warm_up() -> None:
    """Does what the first steps of a process do more slowly than all later ones, on the embedded encoder."""
    from mtl_core import encoders

    encoders.load_tokenizer("embedded")
    encoders.load_encoder("embedded")


def _events(workspace: Workspace, run: Run, stop: Stop) -> Any:
    """The engine's events; torch is loaded here, with the heartbeat beating already."""
    load()
    from mtl_core.engine.loop import train

    config = run.config.model_copy(update={"device": run.device})
    folder, cache = workspace.run(run.id).checkpoints, workspace.cache
    return train(config, folder, cache=cache, find_run=workspace.find_run, should_stop=stop)


def _end(
    folder: RunFolder, run_db: Database, recorder: Recorder, origin: dict[str, Any], state: RunState, detail: str
) -> None:
    recorder.flush()
    states.record(run_db, state, detail)
    folder.write_json(folder.report, {**origin, "state": state, "detail": detail, **recorder.report()})
    recorder.note(f"{state}: {detail}" if detail else state)


def _publish(workspace: Workspace, folder: RunFolder, progress: RunProgress, state: RunState, detail: str) -> None:
    """Tells the index how the run ended; its results first, so that a finished run has its scores."""
    with workspace.write() as index:
        results.publish(index, folder)
        runs.update(
            index,
            folder.id,
            step=progress.step,
            total_steps=progress.total_steps,
            seconds=progress.seconds,
            examples_per_second=progress.examples_per_second,
            memory_bytes=progress.memory_bytes,
            data_fingerprint=progress.data_fingerprint,
            disk_bytes=folder.size(),
        )
        runs.change_state(index, folder.id, RunState.RUNNING, state, detail=detail)


def _in_a_line(error: Exception) -> str:
    words = str(error).strip().splitlines()
    return f"{type(error).__name__}: {words[0]}" if words else type(error).__name__
