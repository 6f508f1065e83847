"""The catalogue of methods: kept on disk under the code's fingerprint, so that no form waits for torch."""

from __future__ import annotations

import hashlib
import json
import subprocess
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

from mtl_core import registry
from mtl_core.config.methods import COSTS, FIELDS, Catalogue, from_document
from mtl_core.disk import whole
from mtl_core.errors import TandemError
from mtl_core.jobs import programs
from mtl_core.store.workspace import Workspace

_one_at_a_time = threading.Lock()
"""Two pages that open at once make the copy once."""


def read(workspace: Workspace) -> Catalogue:
    """Every method, from the copy on disk; made first where the code has changed since (seconds).

    Raises TandemError when a method's file can't be read.
    """
    with _one_at_a_time:
        return _read(workspace.cache / f"methods-{fingerprint()}.json")


def fingerprint() -> str:
    """Twelve characters that change with any method's file, or with how they are read."""
    digest = hashlib.sha256()
    files = [path for family in FIELDS for path in sorted((registry.ROOT / family).glob("*.py"))]
    described = [registry.ROOT / "engine" / "methods.py", registry.ROOT / "config" / "changed_defaults.py", COSTS]
    for path in [*files, *described]:
        digest.update(f"{path.relative_to(registry.ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@cache
def _read(path: Path) -> Catalogue:
    if path.exists():
        return from_document(json.loads(path.read_text("utf-8")))
    document = _described()
    with suppress(OSError):  # where nothing can be written it is made anew by every process
        whole.write_text(path, document)
    return from_document(json.loads(document))


def _described() -> str:
    done = subprocess.run(programs.describe_methods(), cwd=programs.CODE, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise TandemError(f"the methods can't be read: {last}. Run `python -m mtl_core methods` for details.")
    return done.stdout
