"""Trains one run in the background: `python -m mtl_core.workers.worker --runs-dir DIR --lock DESCRIPTOR RUN`.

Started by the run's supervisor, which has inherited the run's lock and hands it on; or by torchrun, once for each of
the processes that train a run together, and then without a lock of its own. With `--wait SOCKET` it is started ahead of
any run: it loads its libraries, and then waits for a run to come through the socket.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mtl_core.disk import handover
from mtl_core.store.workspace import Workspace
from mtl_core.workers.stop import Stop

if TYPE_CHECKING:
    from mtl_core.engine.events import Event

NICENESS = 10
"""Runs on the CPU stand back behind pages that someone clicks in."""


def main(arguments: list[str]) -> int:
    """Exit code 0 however the run ends, as its state says how; 1 where it is not this process's to train."""
    parser = argparse.ArgumentParser(description="Trains one run that jobs.queue has started.")
    parser.add_argument("--wait", type=int)
    parser.add_argument("--runs-dir", type=Path)
    parser.add_argument("--lock", type=int)
    parser.add_argument("--bar", action="store_true", help="draw a bar, for someone who waits at a terminal")
    parser.add_argument("run", nargs="?")
    asked = parser.parse_args(arguments)
    if asked.wait is not None and not _handed(asked):
        return 0
    if asked.lock is not None:
        os.set_inheritable(asked.lock, False)
    stop = Stop(notify=lambda words: print(words, flush=True))
    stop.listen()  # before anything slow is imported
    return _work(Workspace(asked.runs_dir), asked.run, asked.lock, stop, bar=asked.bar)


def _handed(asked: argparse.Namespace) -> bool:
    """Loads what every run needs, and waits for one, with its lock and its log; False where none will come."""
    from mtl_core.workers import one_run

    one_run.load()
    one_run.warm_up()
    given = handover.receive(asked.wait)
    if given is None:
        return False
    runs_dir, asked.run, asked.lock = given
    asked.runs_dir = Path(runs_dir)
    return True


def _work(workspace: Workspace, run_id: str, held: int | None, stop: Stop, *, bar: bool) -> int:
    from mtl_core.records import RunState
    from mtl_core.store import queue
    from mtl_core.store.database import immediate
    from mtl_core.workers import torchrun
    from mtl_core.workers.one_run import carry_out, take_part

    with workspace.write() as index, immediate(index):  # waits until the launcher has committed
        run = queue.find(index, run_id)
    if run is None or run.state != RunState.RUNNING:
        print(f"run '{run_id}' was not started by the queue", flush=True)
        return 1
    if torchrun.wanted(run.config.processes):
        torchrun.become(workspace, run, held)
    if run.device == "cpu" and not bar:
        os.nice(NICENESS)
    if torchrun.rank():
        take_part(workspace, run, stop)
        return 0
    with torchrun.books(workspace, run, held) as own, drawn(bar) as listen:
        state = carry_out(workspace, run, own, stop, listen)
    return int(state == RunState.FAILED and held is None)  # torchrun ends the others when one fails


@contextmanager
def drawn(bar: bool) -> Iterator[Callable[[Event], None] | None]:
    """The further listener of a worker: a progress bar, or None."""
    if not bar:
        yield None
        return
    from mtl_core.workers.progress_bar import ProgressBar

    with ProgressBar() as shown:
        yield shown


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
