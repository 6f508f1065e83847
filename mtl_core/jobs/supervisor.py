"""Stands by one run: starts its worker, waits, notes how it died, starts the next run.

`python -m mtl_core.jobs.supervisor --runs-dir DIR --lock DESCRIPTOR RUN`, by jobs.queue alone. So the queue moves on
when a worker is killed and nobody else is there. While it waits it holds nothing but Python itself: what it
needs afterwards is imported afterwards.

`--wait SOCKET`, by jobs.prewarm alone: starts a worker ahead of any run, and waits for one to come through the socket.
"""

import os
import signal
import socket
import subprocess
import sys
from types import FrameType

from mtl_core.disk import handover
from mtl_core.jobs import programs


class Supervisor:
    """The worker as a child, and the signals that are passed on to it."""

    def __init__(self, worker: "subprocess.Popen[bytes] | None" = None) -> None:
        self.worker = worker
        self.signals: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.pass_on)

    def pass_on(self, number: int, _frame: FrameType | None) -> None:
        """Asking the supervisor to end is asking the worker to stop."""
        if self.worker is None:
            self.signals.append(number)
        else:
            self.worker.send_signal(number)

    def work(self, runs_dir: str, run_id: str, lock: int) -> int:
        """Runs the worker to its end; its exit code, negative for the signal that killed it."""
        if self.worker is None:
            command = programs.worker(runs_dir, run_id, lock)
            self.worker = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(lock,))
        for number in self.signals:
            self.worker.send_signal(number)
        return self.worker.wait()


def main(arguments: list[str]) -> None:
    """Takes the command line's arguments as they are."""
    if arguments[0] == "--wait":
        wait(int(arguments[1]))
        return
    lock, (runs_dir, run_id) = int(arguments[3]), (arguments[1], arguments[4])
    os.set_inheritable(lock, False)
    supervise(Supervisor(), runs_dir, run_id, lock)


def wait(door: int) -> None:
    """Stands by whatever run comes through the door. Ends without one where the other end is closed."""
    ours, theirs = socket.socketpair()
    with theirs:
        command = programs.waiting_worker(theirs.fileno())
        worker = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),))
    with ours:
        given = handover.receive(door)
        if given is None:
            return  # the worker's door closes with ours, and it ends too
        runs_dir, run_id, lock = given
        ready = worker.poll() is None
        if ready:
            handover.give(ours, runs_dir, run_id, lock, log=1)
    supervise(Supervisor(worker if ready else None), runs_dir, run_id, lock)


def supervise(supervisor: Supervisor, runs_dir: str, run_id: str, lock: int) -> None:
    """To the worker's end and what comes after it."""
    code = supervisor.work(runs_dir, run_id, lock)
    from mtl_core.jobs.exit_status import note_end  # brings the store, for a moment

    note_end(runs_dir, run_id, code)


if __name__ == "__main__":
    main(sys.argv[1:])
