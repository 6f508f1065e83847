"""Kept for processes of version 0.1 that are still running; goes with the next version.

A worker that waited for its run while the code was updated asks here before it trains, and becomes one of this version.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NoReturn

from mtl_core.jobs import programs


def wanted(_processes: int) -> bool:
    """Returns True: the process is always to make way."""
    return True


def become(runs_dir: Path, run: Any, held: int | None) -> NoReturn:
    """Turns this process into a worker of this version, which keeps the run's lock."""
    if held is not None:
        os.set_inheritable(held, True)
    command = programs.worker(str(runs_dir), run.id, held)
    os.execv(command[0], command)
