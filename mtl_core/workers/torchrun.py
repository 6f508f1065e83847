"""A run that several processes train: torchrun starts them, each is a worker, the first one keeps the books."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

RANK = "RANK"
"""What torchrun tells each of its processes in."""


def wanted(processes: int) -> bool:
    """Returns True where this process is to make way for several."""
    return processes > 1 and RANK not in os.environ


def rank() -> int:
    """This process's place among them; 0 where it is alone."""
    return int(os.environ.get(RANK, "0"))


def command(workspace: Workspace, run: Run, *options: str) -> list[str]:
    """torchrun, which starts a worker for each of the run's processes."""
    count = str(run.config.processes)
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", count]
    return [*torchrun, "-m", "mtl_core.workers.worker", "--runs-dir", str(workspace.path.resolve()), *options, run.id]


def environment(run: Run) -> dict[str, str]:
    """The environment that they start in: they share the machine's cores unless someone said otherwise."""
    threads = max(1, (os.cpu_count() or 1) // run.config.processes)
    return {"OMP_NUM_THREADS": str(threads), **os.environ}


def become(workspace: Workspace, run: Run, held: int | None) -> NoReturn:
    """Turns this process into the one that starts and watches them; it keeps the run's lock."""
    if held is not None:
        os.set_inheritable(held, True)
    os.execve(sys.executable, command(workspace, run), environment(run))


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
