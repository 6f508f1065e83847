"""The memory that a run is estimated to need against what it takes at its peak.

python benchmarks/memory_estimate.py --data DIR
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import side_by_side

SQUAD = {"tasks": "squad", "batch_size": 16, "max_length": 256}
CASES: tuple[dict[str, Any], ...] = (
    {"tasks": "sst2"},
    {"tasks": "mnli"},
    {"tasks": "mnli", "precision": "bf16"},
    {"tasks": "mnli", "batch_size": 128},
    SQUAD,
    {**SQUAD, "attention_dropout": 0},
    {**SQUAD, "precision": "bf16"},
    {**SQUAD, "gradient_checkpointing": True},
    {**SQUAD, "max_length": 384, "batch_size": 8},
    {"tasks": "sst2,mnli", "schedule": "joint", "balancing": "pcgrad"},
    {"tasks": "sst2,mnli", "sharing": "cross_stitch"},
)


def main() -> None:
    if len(sys.argv) == 2 and sys.argv[1].startswith("{"):
        print(json.dumps(_measure(json.loads(sys.argv[1]))))
        return
    told = side_by_side.options(__doc__).parse_args()
    print("| run | estimated | measured | off by |\n|---|---:|---:|---:|")
    for case in CASES:
        values = {**side_by_side.base(told), "train_limit": 4 * case.get("batch_size", 32), **case}
        command = [sys.executable, __file__, json.dumps(values)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        estimated, measured = json.loads(done.stdout.splitlines()[-1])
        name = ", ".join(str(value) if key == "tasks" else f"{key} {value}" for key, value in case.items())
        off = f"{estimated / measured - 1:+.0%}"
        print(f"| {name} | {estimated / 1e9:.2f} GB | {measured / 1e9:.2f} GB | {off} |", flush=True)


def _measure(values: dict[str, Any]) -> tuple[int, int]:
    from mtl_core.config import run as configs
    from mtl_core.engine.events import Started, StepDone
    from mtl_core.engine.loop import train

    estimated = measured = 0
    with tempfile.TemporaryDirectory() as folder:
        for event in train(configs.parse(values), Path(folder) / "run", cache=Path(folder) / "cache"):
            if isinstance(event, Started):
                estimated = event.facts["memory_estimate_bytes"]
            elif isinstance(event, StepDone):
                measured = max(measured, event.step.memory_bytes)
    return estimated, measured


if __name__ == "__main__":
    main()
