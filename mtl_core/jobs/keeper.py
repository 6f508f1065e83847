"""Stands by one run: starts its worker, waits, notes how it died, starts the next run.

`python -m mtl_core.jobs.keeper --runs-dir DIR --lock DESCRIPTOR RUN`, by jobs.queue alone. So the queue moves on
when a worker is killed and nobody else is there. While it waits it holds nothing but Python itself: what it
needs afterwards is imported afterwards.
"""

import os
import signal
import subprocess
import sys
from types import FrameType


class Keeper:
    """The worker as a child, and the signals that are passed on to it."""

    def __init__(self) -> None:
        self.worker: subprocess.Popen[bytes] | None = None
        self.told: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.pass_on)

    def pass_on(self, number: int, _frame: FrameType | None) -> None:
        """Asking the keeper to end is asking the worker to stop."""
        if self.worker is None:
            self.told.append(number)
        else:
            self.worker.send_signal(number)

    def work(self, arguments: list[str], lock: int) -> int:
        """Runs the worker to its end; its exit code, negative for the signal that killed it."""
        command = [sys.executable, "-m", "mtl_core.processes.worker", *arguments]
        self.worker = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(lock,))
        for number in self.told:
            self.worker.send_signal(number)
        return self.worker.wait()


def main(arguments: list[str]) -> None:
    """Takes the command line's arguments as they are."""
    lock, (runs_dir, run_id) = int(arguments[3]), (arguments[1], arguments[4])
    os.set_inheritable(lock, False)
    code = Keeper().work(arguments, lock)
    from mtl_core.jobs.aftermath import note_end  # brings the store, for a moment

    note_end(runs_dir, run_id, code)


if __name__ == "__main__":
    main(sys.argv[1:])
