"""A run that several processes train: torchrun starts them, each is a worker, the first one keeps the books."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from mtl_core.jobs import control, exit_status, liveness, programs
from mtl_core.records import RunState
from mtl_core.store import runs
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.workers.stop import Stop

LOOK = 0.2
"""Seconds between two looks at whether they have ended."""
RANK = "RANK"
"""What torchrun tells each of its processes in."""


def wanted(processes: int) -> bool:
    """Whether this process is to make way for several."""
    return processes > 1 and RANK not in os.environ


def rank() -> int:
    """This process's place among them; 0 where it is alone."""
    return int(os.environ.get(RANK, "0"))


def _command(workspace: Workspace, run: Run, *options: str) -> list[str]:
    return programs.several_workers(str(workspace.path.resolve()), run.id, run.config.processes, *options)


def environment(run: Run) -> dict[str, str]:
    """The environment that they start in: they share the machine's cores unless someone said otherwise."""
    threads = max(1, (os.cpu_count() or 1) // run.config.processes)
    return {"OMP_NUM_THREADS": str(threads), **os.environ}


def become(workspace: Workspace, run: Run, held: int | None) -> NoReturn:
    """Turns this process into the one that starts and watches them; it keeps the run's lock."""
    if held is not None:
        os.set_inheritable(held, True)
    os.execve(sys.executable, _command(workspace, run), environment(run))


def watch(workspace: Workspace, run: Run, stop: Stop) -> RunState:
    """Starts them for someone who waits at a terminal, and gives the state that the run ended in.

    They are in a session of their own, so that Ctrl-C reaches this process alone, which asks the run to stop.
    """
    stop.listen()
    started = subprocess.Popen(
        _command(workspace, run, "--bar"),
        env=environment(run),
        cwd=programs.CODE,
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


@contextmanager
def books(workspace: Workspace, run: Run, held: int | None) -> Iterator[int]:
    """The descriptor by which a worker knows that its run's folder is in place: the lock, or a stand-in for it."""
    if held is not None:
        yield held
        return
    descriptor = os.open(workspace.run(run.id).lock, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
        leave()


def leave() -> None:
    """Parts from the other processes in good order."""
    from torch import distributed

    if distributed.is_available() and distributed.is_initialized():
        distributed.destroy_process_group()
