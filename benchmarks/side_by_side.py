"""Several configs measured in turn, each in a process of its own: what the other benchmarks have in common."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SKIPPED = 3
"""First steps that are not counted: memory is fetched and libraries warm up."""
FIRST = "first"
"""How limits choose examples in all benchmarks: as when the figures in the docs were measured."""
Measured = dict[str, float]


def options(about: str | None) -> argparse.ArgumentParser:
    """What all of them can be told."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with SST-2, MNLI and SQuAD")
    parser.add_argument("--steps", type=int, default=15, help="steps that are timed in each process")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--device", default="auto")
    return parser


def base(told: argparse.Namespace) -> dict[str, Any]:
    """The config's fields that are the same for all sides."""
    limits = {"eval_limit": 1, "selection_limit": 1, "eval_every": 10**9, "limit_by": FIRST}
    own = {name: getattr(told, name) for name in ("batch_size", "precision", "device")}
    examples = told.batch_size * (told.steps + SKIPPED)
    return {"source": "folder", "data": told.data, "train_limit": examples, **limits, **own}


def in_turn(
    sides: Mapping[str, Mapping[str, Any]], rounds: int, *, skipped: int = SKIPPED
) -> dict[str, list[Measured]]:
    """Every side's measurements, round by round, without the first `skipped` steps."""
    found: dict[str, list[Measured]] = {side: [] for side in sides}
    for turn in range(rounds):
        for side, values in sides.items():
            found[side].append(in_own_process({**values, "seed": turn + 1}, skipped))
            print(f"round {turn + 1}  {side:24} {found[side][-1]}", file=sys.stderr, flush=True)
    return found


def command(values: Mapping[str, Any], skipped: int = SKIPPED) -> list[str]:
    """The program that measures one config."""
    return [sys.executable, __file__, json.dumps(values), str(skipped)]


def in_own_process(
    values: Mapping[str, Any], skipped: int = SKIPPED, environment: Mapping[str, str] | None = None
) -> Measured:
    """Measures one config, with further variables of the environment."""
    done = subprocess.run(
        command(values, skipped),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(environment or {})},
    )
    if done.returncode:
        sys.exit(done.stderr)
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    return found


def middle(measured: list[Measured], name: str) -> float:
    """The median over rounds."""
    return statistics.median(one[name] for one in measured)


def spread(measured: list[Measured], name: str, form: str = ".3f") -> str:
    """Least and most over rounds."""
    values = [one[name] for one in measured]
    return f"{min(values):{form}}–{max(values):{form}}"


def measure(values: Mapping[str, Any], skipped: int) -> Measured:
    """Trains and times the steps after the first ones: seconds a step (mean), peak memory in bytes."""
    from mtl_core.config import run as configs
    from mtl_core.engine.events import StepDone
    from mtl_core.engine.loop import train

    clock: dict[int, float] = {}
    memory = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for event in train(configs.parse(values), place / "run", cache=place / "cache"):
            if isinstance(event, StepDone):
                step = event.step
                clock[step.step], memory = step.seconds, max(memory, step.memory_bytes)
    last = max(clock)
    seconds = clock[last] - clock[skipped]
    return {"seconds": seconds / (last - skipped), "memory_bytes": memory, "steps": last - skipped}


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(sys.argv[1]), int(sys.argv[2]))))
