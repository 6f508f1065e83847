"""Adding and checking tasks for pages: in a process of its own, as files may be large and checks take a minute."""

from __future__ import annotations

import hashlib
import json
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mtl_core.errors import Fault, InvalidConfig, TandemError
from mtl_core.jobs import programs
from mtl_core.store.workspace import Workspace

LONGEST = 600.0
"""Seconds that a page waits for an answer."""
_running: dict[Path, subprocess.Popen[str]] = {}
_one_at_a_time = threading.Lock()


def ask(workspace: Workspace, request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a request (`workers/intake.py`), waited for. Raises InvalidConfig with its faults, TandemError."""
    command = programs.intake(str(workspace))
    try:
        done = subprocess.run(
            command,
            cwd=programs.CODE,
            input=json.dumps(request),
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired as error:
        raise TandemError(f"reading the data took longer than {LONGEST:g} seconds. Use `tasks add`.") from error
    return _answer(done.stdout, done.returncode, done.stderr)


def answer_of_check(workspace: Workspace, request: Mapping[str, Any], state: str) -> dict[str, Any] | None:
    """The answer to a check of data in some `state` (their version); it is begun where it never was. None: not yet.

    Raises InvalidConfig with its faults, TandemError.
    """
    key = hashlib.sha256(json.dumps([request, state], sort_keys=True).encode()).hexdigest()[:16]
    path = workspace.cache / "checks" / f"{key}.json"
    with _one_at_a_time:
        if path.exists():
            _running.pop(path, None)
            return _answer(path.read_text("utf-8"), 0, "")
        process = _running.get(path)
        if process is None:
            _running[path] = _begun(workspace, path, request)
            return None
        if process.poll() is None or path.exists():
            return None
        del _running[path]
    error = process.stderr.read() if process.stderr else ""
    return _answer("", process.returncode, error)


def _begun(workspace: Workspace, path: Path, request: Mapping[str, Any]) -> subprocess.Popen[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        programs.intake(str(workspace), str(path)),
        cwd=programs.CODE,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(request))
    process.stdin.close()
    return process


def _answer(text: str, code: int, error: str) -> dict[str, Any]:
    if code or not text.strip():
        last = (error.strip().splitlines() or ["no reason given"])[-1]
        raise TandemError(f"the data can't be read: {last}")
    answer: dict[str, Any] = json.loads(text.strip().splitlines()[-1])
    if "faults" in answer:
        raise InvalidConfig([Fault(**fault) for fault in answer["faults"]])
    return answer
