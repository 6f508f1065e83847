"""Training beside other training processes: what each way of waiting for threads makes of its share of the cores.

    python benchmarks/busy_machine.py --data DIR [--neighbours 0,1,2,4] [--precision fp32]

A neighbour is the same training with torch's defaults, as another program would run it. The share is what remains
where n + 1 processes divide the cores evenly: the idle speed over n + 1.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import side_by_side

from mtl_core import devices

PASSIVE = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0", "KMP_BLOCKTIME": "0"}
CORES = len(os.sched_getaffinity(0))
SIDES: dict[str, dict[str, str]] = {
    "as torch has it": {},
    "short spin": {"GOMP_SPINCOUNT": devices.SPINS},  # what Tandem sets
    "passive waiting": PASSIVE,
    "one thread fewer": {"OMP_NUM_THREADS": str(max(1, CORES - 1))},
    "one thread fewer and passive": {"OMP_NUM_THREADS": str(max(1, CORES - 1)), **PASSIVE},
}
WARM_UP = 25
"""Seconds until a neighbour has imported and trains."""


def main() -> None:
    parser = side_by_side.options(__doc__)
    parser.add_argument("--tasks", default="sst2")
    parser.add_argument("--max-length", type=int, default=64)
    parser.add_argument("--neighbours", default="0,1,2,4", help="numbers of other trainings")
    parser.add_argument("--sides", default=",".join(SIDES), help="ways of waiting, by their names")
    told = parser.parse_args()
    config = {**side_by_side.base(told), "tasks": told.tasks, "max_length": told.max_length}
    print(
        f"{told.tasks}, batch {told.batch_size}, {told.precision}, {CORES} cores; examples a second, median (range)\n"
    )
    print(
        "| neighbours | " + " | ".join(told.sides.split(",")) + " |\n|---:" + "|---:" * len(told.sides.split(",")) + "|"
    )
    for number in map(int, told.neighbours.split(",")):
        with beside(number, config):
            found = {side: measured(config, SIDES[side], told) for side in told.sides.split(",")}
        print(f"| {number} | " + " | ".join(found.values()) + " |", flush=True)


def measured(config: Mapping[str, Any], environment: Mapping[str, str], told: Any) -> str:
    """Examples a second of one side."""
    speeds = sorted(
        told.batch_size / side_by_side.in_own_process({**config, "seed": turn + 1}, environment=environment)["seconds"]
        for turn in range(told.rounds)
    )
    return f"{speeds[len(speeds) // 2]:.1f} ({speeds[0]:.1f}–{speeds[-1]:.1f})"


@contextmanager
def beside(number: int, config: Mapping[str, Any]) -> Iterator[None]:
    """As many trainings at the same time, which go on until the end."""
    endless = {**config, "train_limit": None, "epochs": 50}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    others = [subprocess.Popen(side_by_side.command(endless), **quiet) for _ in range(number)]  # type: ignore[call-overload]
    try:
        time.sleep(WARM_UP * min(number, 2))
        yield
        if any(other.poll() is not None for other in others):
            sys.exit("a neighbour ended too early: give it more data")
    finally:
        for other in others:
            other.kill()
            other.wait()


if __name__ == "__main__":
    main()
