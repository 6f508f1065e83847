"""A thread that tells the index every two seconds that a run lives, how far it is, and hears of stops."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, fields
from typing import Self

from mtl_core.disk import lock
from mtl_core.errors import StoreError
from mtl_core.store import queue
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.workers.stop import Stop

PERIOD = 2.0
"""Seconds between two beats."""


@dataclass(slots=True)
class RunProgress:
    """The progress of a run: columns of its row in the index."""

    step: int = 0
    total_steps: int | None = None
    examples_per_second: float | None = None
    seconds_left: float | None = None
    seconds: float | None = None
    memory_bytes: int | None = None
    data_fingerprint: str | None = None

    @classmethod
    def of(cls, run: Run) -> Self:
        """The progress that the index knows of a run. Its seconds are those of all its parts together."""
        return cls(**{field.name: getattr(run, field.name) for field in fields(cls)})


class Heartbeat:
    """Beats while its `with` block lasts, also while the main thread reads data or evaluates."""

    def __init__(self, workspace: Workspace, run_id: str, held: int, progress: RunProgress, stop: Stop) -> None:
        """`held` is the descriptor of the run's lock."""
        self._workspace = workspace
        self._folder = workspace.run(run_id)
        self._held = held
        self._progress = progress
        self._stop = stop
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.is_set():
            if not lock.in_place(self._held, self._folder.lock):
                self._stop.give_up()
                return
            if self._workspace.index_file.exists() and self._asked():
                self._stop.ask()
            self._over.wait(PERIOD)

    def _asked(self) -> bool:
        """Tells the index, and answers whether someone asked to stop; an index that fails now is told next time."""
        try:
            with self._workspace.write() as index:
                return queue.beat(index, self._folder.id, asdict(self._progress))
        except StoreError:
            return False
