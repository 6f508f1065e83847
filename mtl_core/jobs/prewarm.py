"""A process that has loaded its libraries already, for the next run that someone launches: saves the wait for them.

One at most is kept, by the web server, while no run trains. It ends with the process that started it, as the
socket between them closes then, by whatever signal that one dies.
"""

from __future__ import annotations

import socket
import subprocess
import threading
from contextlib import suppress

import psutil

from mtl_core.disk import handover
from mtl_core.jobs import programs

ROOM = 3e9
"""Bytes of memory that must be free; the process takes a sixth of that."""

_prewarmed: PrewarmedWorker | None = None
_lock = threading.Lock()


class PrewarmedWorker:
    """A supervisor that waits, with a worker that waits; see jobs.supervisor."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                programs.waiting_supervisor(theirs.fileno()),
                cwd=programs.CODE,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """True while its process is there."""
        return self.process.poll() is None

    def hand(self, runs_dir: str, run_id: str, lock: int, log: int) -> subprocess.Popen[bytes] | None:
        """Gives it a run, with the descriptors of its lock and log; its process, None where that has died."""
        with self._ours, suppress(OSError):
            handover.give(self._ours, runs_dir, run_id, lock, log)
            return self.process
        return None

    def end(self) -> None:
        """Ends it, and waits for that."""
        self._ours.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=5)
        self.process.kill()
        self.process.wait()


def keep() -> None:
    """Starts a prewarmed process where there is none and memory for it is free."""
    global _prewarmed
    with _lock:
        if _prewarmed and not _prewarmed.alive:
            _prewarmed.end()
            _prewarmed = None
        if _prewarmed is None and psutil.virtual_memory().available > ROOM:
            _prewarmed = PrewarmedWorker()


def take() -> PrewarmedWorker | None:
    """The prewarmed process, which is the caller's from now on."""
    global _prewarmed
    with _lock:
        found, _prewarmed = _prewarmed, None
    return found


def drop() -> None:
    """Ends the prewarmed process where there is one."""
    if (ready := take()) is not None:
        ready.end()
