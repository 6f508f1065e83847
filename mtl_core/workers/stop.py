"""Requests to stop a run: by signals, by the store, or by a folder that is gone."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from types import FrameType

from mtl_core.errors import StoreError


class FolderGone(StoreError):
    """The run's folder was moved or deleted; there is nothing to train for."""

    def __init__(self) -> None:
        super().__init__("its folder was moved or deleted while it ran")


class Stop:
    """Called by the engine between steps; true once someone asked."""

    def __init__(self, notify: Callable[[str], None] = lambda _words: None) -> None:
        """`notify` is called with a sentence when a signal arrives."""
        self._notify = notify
        self._asked = False
        self._signals = 0
        self._gone = False

    def __call__(self) -> bool:
        """Returns True once someone has asked."""
        return self._asked

    def ask(self) -> None:
        """The run ends after its current step, with a checkpoint."""
        self._asked = True

    def give_up(self) -> None:
        """Raises FolderGone in the main thread, from whichever thread notices it."""
        self._gone = True
        os.kill(os.getpid(), signal.SIGINT)

    def listen(self, *numbers: signal.Signals) -> None:
        """From now on the first of these signals (SIGTERM and Ctrl-C) asks to stop, the second ends the run at once."""
        for number in numbers or (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._gone:
            raise FolderGone
        self._signals += 1
        if self._signals > 1:
            raise KeyboardInterrupt
        self.ask()
        self._notify("stopping after this step; ask again to end at once")
