"""Really trained tiny models in a runs folder, and a real model server beside it: made once for all tests."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from mtl_core.cli import main
from mtl_core.jobs import model_client
from mtl_core.jobs.model_client import ModelServerAway
from mtl_core.jobs.model_server import ModelServer
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace
from tests import tiny

_home = tempfile.TemporaryDirectory(prefix="tandem-tests-")
SMALL = {"train-limit": 64, "eval-limit": 16, "selection-limit": 8, "batch-size": 16, "max-length": 32, "device": "cpu"}


@cache
def encoder() -> Path:
    """The tiny encoder's folder."""
    return tiny.encoder(Path(_home.name) / "encoder")


@cache
def workspace() -> Workspace:
    """A runs folder with two finished runs: all three tasks together, and sst2 alone."""
    trained = Workspace(Path(_home.name) / "runs")
    for tasks in ("sst2,mnli,squad", "sst2"):
        options = {**SMALL, "tasks": tasks, "encoder": encoder(), "runs-dir": trained}
        assert main(["train", *(part for name, value in options.items() for part in (f"--{name}", str(value)))]) == 0
    return trained


def ids() -> tuple[str, str]:
    """The runs of `workspace`: together, alone."""
    with workspace().write() as index:
        alone, together = runs.listing(index)
    return together.id, alone.id


@contextmanager
def serving(workspace: Workspace) -> Iterator[ModelServer]:
    """A model server that is ready to answer."""
    server = ModelServer(workspace)
    server.start()
    try:
        wait_until(lambda: state(workspace) == "ready")
        yield server
    finally:
        server.stop()


def state(workspace: Workspace) -> str:
    """What the server says of itself; "away" where none answers."""
    try:
        return str(model_client.ask(workspace, "/health")["state"])
    except ModelServerAway:
        return "away"


def wait_until(true: Callable[[], object], seconds: float = 120) -> None:
    """Waits for something that other processes bring about."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
