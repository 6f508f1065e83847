"""The catalogue of methods on disk."""

from __future__ import annotations

import os
import subprocess
import sys

from mtl_core.jobs import catalogue
from mtl_core.store.workspace import Workspace


def test_it_is_made_once_and_read_from_disk_without_torch(workspace: Workspace) -> None:
    made = catalogue.read(workspace)
    [copy] = workspace.cache.glob("methods-*.json")
    assert copy.stem.endswith(catalogue.fingerprint())
    program = (
        "import sys; from mtl_core.jobs import catalogue; from mtl_core.store.workspace import Workspace; "
        "print(len(catalogue.read(Workspace.default())['sharing'])); print('torch' in sys.modules)"
    )
    environment = {**os.environ, "TANDEM_RUNS_DIR": str(workspace)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(len(made["sharing"])), "False"]
