"""Keeps one model server process running beside the web server, and ends it with it. No torch."""

from __future__ import annotations

import subprocess
import threading
from contextlib import suppress

from mtl_core.jobs import programs
from mtl_core.store import model_server as address
from mtl_core.store.workspace import Workspace

LONGEST_PAUSE = 30.0
"""Seconds between two starts of a server that keeps dying."""


class ModelServer:
    """The model server of one runs folder. It is started again whenever it dies.

    The process holds the reading end of a pipe whose writing end is ours: when we die, by whatever signal,
    the pipe closes and the process ends by itself.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: threading.Thread | None = None
        self._ended = threading.Event()
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process's id while there is one."""
        with self._lock:
            return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Starts the process and whatever starts it again; returns at once. Starting twice is starting once."""
        if self._watcher and self._watcher.is_alive():
            return
        self._ended.clear()
        self.ensure()
        self._watcher = threading.Thread(target=self._watch, name="model-server-watcher", daemon=True)
        self._watcher.start()

    def ensure(self) -> None:
        """Starts the process where none is running."""
        with self._lock:
            if self._ended.is_set() or (self._process and self._process.poll() is None):
                return
            self._process = self._spawn()

    def stop(self) -> None:
        """Ends the process and waits for its end."""
        self._ended.set()
        with self._lock:
            process = self._process
        if process is None:
            return
        with suppress(OSError):
            process.stdin.close()  # type: ignore[union-attr]
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _spawn(self) -> subprocess.Popen[bytes]:
        cache = self.workspace.cache
        cache.mkdir(parents=True, exist_ok=True)
        with (cache / "model_server.log").open("wb") as log:
            return subprocess.Popen(
                programs.model_server(str(self.workspace.path.resolve())),
                cwd=programs.CODE,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _watch(self) -> None:
        pause = 1.0
        while not self._ended.is_set():
            process = self._process
            code = process.wait() if process else 0
            address.forget(self.workspace, process.pid if process else 0)
            killed = code < 0  # from outside, so it may start at once; an exit has a reason within
            pause = 1.0 if killed else min(pause * 2, LONGEST_PAUSE)
            if not self._ended.wait(pause):
                self.ensure()
