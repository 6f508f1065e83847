"""What all tests share."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtl_core.store.workspace import Workspace

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two cores: a suite fell from 32 s to 4 s
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    """A runs folder with nothing in it."""
    return Workspace(tmp_path)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The test's runs folder: an empty one, where its module or folder makes no other."""
    return Workspace(tmp_path)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Signal handlers are the process's own: whatever a test's run made of them is put back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)
