"""The throughput of a config on this machine: a few real steps, timed by a process of their own and kept.

    python -m mtl_core.inference.throughput CONFIG_JSON

A process of its own gives the memory back, a GPU's too, and uses all the threads that a run would.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from mtl_core import registry
from mtl_core.config import run as configs
from mtl_core.config.fields import deciding
from mtl_core.config.run import NOT_MERGED, RunConfig
from mtl_core.disk import whole
from mtl_core.engine.events import Started, StepDone
from mtl_core.engine.loop import train
from mtl_core.errors import Fault, InvalidConfig, TandemError
from mtl_core.store.workspace import Workspace

STEPS = 12
"""The first ones fill memory and caches and are several times slower; the later half is timed."""
FEWEST, ENOUGH = 4, 20.0
"""After so many steps that took so many seconds no more are taken."""
SLOWEST = 300.0
"""Seconds after which a measurement is given up."""
DECIDING = set(deciding(RunConfig.model_fields, "step", "token"))
"""Fields of a config that decide its throughput."""


@dataclass(frozen=True, slots=True)
class Throughput:
    """The cost of training."""

    seconds_per_token: float
    """Of a training step, forward, backward and update, padding left out of the count."""
    startup_seconds: float
    """From the start of the process to its first step, and what the first steps take more than the later ones."""
    memory_bytes: int
    """Peak of the process, on its device."""


def key(config: RunConfig) -> str:
    """The fields that the throughput depends on, as JSON."""
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
    command = [sys.executable, "-m", "mtl_core.inference.throughput", config.model_dump_json()]
    try:
        done = subprocess.run(command, cwd=registry.CODE, capture_output=True, text=True, timeout=SLOWEST, check=False)
    except subprocess.TimeoutExpired as error:
        raise TandemError(f"a few training steps took longer than {SLOWEST:.0f} seconds.") from error
    if not done.stdout:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise TandemError(f"a few training steps to time failed: {last}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if "faults" in answer:
        raise InvalidConfig([Fault(**fault) for fault in answer["faults"]])
    return answer


def take_steps(config: RunConfig, folder: Path) -> Throughput:
    """Trains the first steps of a small run in `folder` and times them. Raises TandemErrors."""
    size = config.batch_size * config.gradient_accumulation
    few: dict[str, Any] = {
        "train_limit": size * STEPS,
        "eval_limit": 1,
        "selection_limit": 1,
        "epochs": 1.0,
        "eval_every": 10_000,
    }
    few |= {"start_from": None, "teachers": (), "processes": 1}  # other runs, and processes, change no step's cost
    few |= NOT_MERGED  # reading costs what it costs in a run that trains
    tokens: dict[str, int] = {}
    points = {0: (0.0, 0)}
    startup, memory = 0.0, 0
    for event in train(config.model_copy(update=few), folder / "checkpoints", cache=folder):
        if isinstance(event, Started):
            startup = time.time() - psutil.Process().create_time()
        elif isinstance(event, StepDone):
            tokens[event.step.task] = event.step.tokens
            points[event.step.step] = (event.step.seconds, sum(tokens.values()))
            memory = max(memory, event.step.memory_bytes)
        if len(points) > STEPS or (len(points) > FEWEST and points[max(points)][0] > ENOUGH):
            break
    return _throughput([points[step] for step in sorted(points)], startup, memory)


def _throughput(points: list[tuple[float, int]], startup: float, memory: int) -> Throughput:
    """The throughput of the later half of the steps; what the earlier ones took on top belongs to the start.

    `points` are (seconds, tokens) at the start and after each step.
    """
    each = [(after[0] - before[0]) / (after[1] - before[1]) for before, after in pairwise(points)]
    steady = median(each[len(each) // 2 :])
    seconds, tokens = points[-1]
    return Throughput(steady, startup + max(0.0, seconds - steady * tokens), memory)


def main() -> None:
    """Prints the throughput, or the faults, as one JSON document on the last line."""
    config = configs.parse(json.loads(sys.argv[1]), stored=True)
    with tempfile.TemporaryDirectory(prefix="tandem-pace-") as folder:
        try:
            answer = asdict(take_steps(config, Path(folder)))
        except TandemError as error:
            answer = {"faults": [asdict(fault) for fault in error.faults]}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
