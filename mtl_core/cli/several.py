"""A foreground run that several processes train: this one starts them, passes on that it is to stop, and waits."""

from __future__ import annotations

import subprocess
import sys
import time

from mtl_core import registry
from mtl_core.jobs import control, exit_status, liveness
from mtl_core.records import RunState
from mtl_core.store import runs
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.workers import torchrun
from mtl_core.workers.stop import Stop

LOOK = 0.2
"""Seconds between two looks at whether they have ended."""


def watch(workspace: Workspace, run: Run, stop: Stop) -> RunState:
    """Starts them for someone who waits at a terminal, and gives the state that the run ended in.

    They are in a session of their own, so that Ctrl-C reaches this process alone, which asks the run to stop.
    """
    stop.listen()
    started = subprocess.Popen(
        torchrun.command(workspace, run, "--bar"),
        env=torchrun.environment(run),
        cwd=registry.CODE,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=True,
    )
    try:
        code = _waited(workspace, run, started, stop)
    except KeyboardInterrupt:
        started.terminate()
        code = started.wait()
    with workspace.read() as index:
        state = runs.get(index, run.id).state
    if state == RunState.RUNNING:
        liveness.close(workspace, run.id, *exit_status.verdict(code, workspace.run(run.id)))
    with workspace.read() as index:
        return runs.get(index, run.id).state


def _waited(workspace: Workspace, run: Run, started: subprocess.Popen[bytes], stop: Stop) -> int:
    """Their exit code; passes on that someone asked to stop."""
    asked = False
    while (code := started.poll()) is None:
        if stop() and not asked:
            control.request_stop(workspace, run.id)
            asked = True
        time.sleep(LOOK)
    return code
