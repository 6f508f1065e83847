"""The programs that are started by name, each as its command line; they start in the folder CODE.

They are the supervisor, and those of the room below, which load torch: a program is a process of its own, and its
starter loads nothing of it. The supervisor loads this module alone, so it stays light.
"""

from __future__ import annotations

import sys
from pathlib import Path

CODE = Path(__file__).parents[2]
"""The folder that holds app.py, pages/ and mtl_core/."""


def supervisor(runs_dir: str, run_id: str, lock: int) -> list[str]:
    """Stands by a run whose lock it inherits as the descriptor `lock`."""
    return _python("mtl_core.jobs.supervisor", "--runs-dir", runs_dir, "--lock", str(lock), run_id)


def waiting_supervisor(door: int) -> list[str]:
    """The same, for a run that is still to come through the socket `door`."""
    return _python("mtl_core.jobs.supervisor", "--wait", str(door))


def worker(runs_dir: str, run_id: str, lock: int | None) -> list[str]:
    """Trains a run. `lock` is the descriptor of the run's lock, None for one of several processes of a run."""
    held = ["--lock", str(lock)] if lock is not None else []
    return _python("mtl_core.workers.worker", "--runs-dir", runs_dir, *held, run_id)


def waiting_worker(door: int) -> list[str]:
    """The same, for a run that is still to come through the socket `door`; its libraries are loaded by then."""
    return _python("mtl_core.workers.worker", "--wait", str(door))


def model_server(runs_dir: str) -> list[str]:
    """Answers what needs torch."""
    return _python("mtl_core.workers.model_server", "--runs-dir", runs_dir)


def intake(runs_dir: str, output: str = "") -> list[str]:
    """Adds or checks a task, as a request on its standard input says."""
    return _python("mtl_core.workers.intake", "--runs-dir", runs_dir, *(["--output", output] if output else []))


def describe_methods() -> list[str]:
    """Prints the catalogue of methods as JSON."""
    return _python("mtl_core.workers.describe_methods")


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]
