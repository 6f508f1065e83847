"""Notes how a run's worker has ended, where it has not done so itself."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from mtl_core.jobs import liveness
from mtl_core.jobs.after_run import let_studies_go_on, note_results
from mtl_core.records import RunState
from mtl_core.store import queue
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.workspace import Workspace

OUT_OF_MEMORY = " If you did not kill it, the machine may have run out of memory."


def note_end(runs_dir: str, run_id: str, code: int) -> None:
    """Ends the run in the index unless its worker has done so; then starts what waits, and what studies queue next.

    `code` is the worker's exit code, negative for the signal that killed it. For the run's supervisor alone.
    """
    workspace = Workspace(Path(runs_dir))
    if not workspace.index_file.exists():
        return  # the whole runs folder is gone: nothing to note and nothing to start
    with workspace.read() as index:
        run = queue.find(index, run_id)
    if run is not None and run.state == RunState.RUNNING and run.pid == os.getpid():
        liveness.close(workspace, run_id, *verdict(code, workspace.run(run_id)))
    liveness.sweep(workspace)
    note_results(workspace, run_id)
    let_studies_go_on(workspace)


def verdict(code: int, folder: RunFolder) -> tuple[RunState, str]:
    """State and detail of a run whose worker ended without saying how."""
    if not folder.config.exists():
        return RunState.LOST, "its folder was moved or deleted while it ran"
    if code < 0:
        killed = signal.Signals(-code)
        return RunState.LOST, f"its process was killed by signal {-code} ({killed.name})." + OUT_OF_MEMORY * (
            -code == 9
        )
    return RunState.FAILED, f"its process ended with exit code {code}. See the log."
