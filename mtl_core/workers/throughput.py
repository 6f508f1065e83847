"""Times a few training steps and prints what they cost: `python -m mtl_core.workers.throughput CONFIG_JSON`."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from mtl_core.config import run as configs
from mtl_core.config.run import RunConfig
from mtl_core.engine.events import Started, StepDone
from mtl_core.engine.loop import train
from mtl_core.errors import TandemError
from mtl_core.inference.throughput import Throughput

STEPS = 12
"""The first ones fill memory and caches and are several times slower; the later half is timed."""
FEWEST, ENOUGH = 4, 20.0
"""After so many steps that took so many seconds no more are taken."""


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
    config = configs.parse(json.loads(sys.argv[1]))
    with tempfile.TemporaryDirectory(prefix="tandem-pace-") as folder:
        try:
            answer = asdict(take_steps(config, Path(folder)))
        except TandemError as error:
            answer = {"faults": [asdict(fault) for fault in error.faults]}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
