"""The command line as a user calls it: a process of its own, looked at from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mtl_core.store.workspace import Workspace
from tests import tiny

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "mtl_core"]
SMALL = {"train-limit": 64, "eval-limit": 16, "selection-limit": 8, "batch-size": 16, "max-length": 32, "device": "cpu"}


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output; fails where there is anything else."""
        return json.loads(self.out)


Call = Callable[..., Said]


def call(*arguments: object, **environment: str) -> Said:
    """Runs a command to its end."""
    words = [*COMMAND, *map(str, arguments)]
    done = subprocess.run(
        words, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.encoder(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def small(encoder: Path) -> list[str]:
    """Options of a run of a few steps."""
    return [part for name, value in {**SMALL, "encoder": encoder}.items() for part in (f"--{name}", str(value))]


@pytest.fixture(scope="session")
def trained(small: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Said]:
    """A runs folder with one run that a user has trained in the foreground, and what was said of it."""
    workspace = Workspace(tmp_path_factory.mktemp("runs"))
    return workspace, call("train", "--tasks", "sst2,squad", *small, "--json", "--runs-dir", workspace)
