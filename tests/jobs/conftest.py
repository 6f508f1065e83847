"""Real detached runs: a tiny encoder, a place for them, and nothing left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from mtl_core.config import run as configs
from mtl_core.config.run import RunConfig
from mtl_core.errors import StoreError
from mtl_core.records import RunState
from mtl_core.store import queue, runs
from mtl_core.store.workspace import Workspace
from tests import tiny

Make = Callable[..., RunConfig]


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.encoder(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def quick(encoder: Path) -> Make:
    """A run of a few steps."""

    def make(**values: Any) -> RunConfig:
        small = {"tasks": "sst2", "train_limit": 64, "eval_limit": 16, "selection_limit": 8, "batch_size": 16}
        return configs.parse({"encoder": str(encoder), "max_length": 32, "device": "cpu", **small, **values})

    return make


@pytest.fixture
def endless(quick: Make) -> Make:
    """A run that goes on until it is stopped or killed."""
    return lambda **values: quick(epochs=1000, train_limit=2000, eval_every=100_000, **values)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A runs folder; what still runs for it afterwards is killed."""
    workspace = Workspace(tmp_path / "runs")
    yield workspace
    if workspace.index_file.exists():
        with suppress(StoreError), workspace.write() as index:
            for run in runs.listing(index, states=(RunState.QUEUED,)):
                queue.ask_to_stop(index, run.id)
    while found := processes_of(workspace):  # again: a keeper may have been about to start a worker
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(found, timeout=5)
        time.sleep(0.3)


def processes_of(workspace: Workspace) -> list[psutil.Process]:
    """Keepers and workers of a runs folder, told by their command lines."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if str(workspace) in words and process.pid != os.getpid():
            found.append(process)
    return found
