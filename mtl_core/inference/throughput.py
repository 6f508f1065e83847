"""How fast this machine trains a config: a few real steps, timed by a process of their own and kept.

A process of its own gives the memory back, a GPU's too, and uses all the threads that a run would.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import Any

from mtl_core.config.fields import deciding
from mtl_core.config.run import RunConfig
from mtl_core.disk import whole
from mtl_core.errors import Fault, InvalidConfig, TandemError
from mtl_core.jobs import programs
from mtl_core.store.workspace import Workspace

SLOWEST = 300.0
"""Seconds after which a measurement is given up."""
DECIDING = set(deciding(RunConfig.model_fields, "step", "token"))
"""Fields of a config that decide its throughput."""


@dataclass(frozen=True, slots=True)
class Throughput:
    """What training costs."""

    seconds_per_token: float
    """Of a training step, forward, backward and update, padding left out of the count."""
    startup_seconds: float
    """From the start of the process to its first step, and what the first steps take more than the later ones."""
    memory_bytes: int
    """Peak of the process, on its device."""


def key(config: RunConfig) -> str:
    """What the throughput depends on."""
    return config.model_dump_json(include=DECIDING)


def measured(config: RunConfig, workspace: Workspace) -> Throughput:
    """The throughput, from the cache or from a few steps taken now (some seconds). Raises TandemErrors."""
    file = workspace.cache / "pace.json"
    known: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    if key(config) not in known:
        known[key(config)] = _measure(config)
        whole.write_text(file, json.dumps(known))
    return Throughput(**known[key(config)])


def _measure(config: RunConfig) -> dict[str, Any]:
    command = programs.throughput(config.model_dump_json())
    try:
        done = subprocess.run(command, cwd=programs.CODE, capture_output=True, text=True, timeout=SLOWEST, check=False)
    except subprocess.TimeoutExpired as error:
        raise TandemError(f"a few training steps took longer than {SLOWEST:.0f} seconds.") from error
    if not done.stdout:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise TandemError(f"a few training steps to time failed: {last}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if "faults" in answer:
        raise InvalidConfig([Fault(**fault) for fault in answer["faults"]])
    return answer
