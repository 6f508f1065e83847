"""Prediction over a dev set against training, examples a second: the same model, texts of the same task.

python benchmarks/predict_speed.py --data DIR --task sst2
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import side_by_side
from side_by_side import SKIPPED


def main() -> None:
    parser = side_by_side.options(__doc__)
    parser.add_argument("--task", default="sst2")
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--predicted", type=int, default=1000, help="dev examples")
    told = parser.parse_args()
    values = {**side_by_side.base(told), "tasks": told.task, "max_length": told.max_length}
    found = [_measure({**values, "eval_limit": told.predicted, "seed": turn + 1}) for turn in range(told.rounds)]
    for name, unit in (("train", "trained on"), ("predict", "predicted")):
        rate, spread = side_by_side.middle(found, name), side_by_side.spread(found, name, ".1f")
        print(f"{rate:8.1f} examples a second {unit} ({spread})")
    ratios = sorted(one["predict"] / one["train"] for one in found)
    print(f"prediction is {ratios[len(ratios) // 2]:.2f} × as fast ({ratios[0]:.2f}–{ratios[-1]:.2f})")


def _measure(values: dict[str, Any]) -> dict[str, float]:
    from mtl_core.config import run as configs
    from mtl_core.engine.events import Preparing, StepDone, Tested
    from mtl_core.engine.loop import train

    clock: dict[int, tuple[float, int]] = {}
    began = 0.0
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for event in train(configs.parse(values), place / "run", cache=place / "cache"):
            if isinstance(event, StepDone):
                clock[event.step.step] = (event.step.seconds, event.step.examples)
            elif isinstance(event, Preparing) and event.what.startswith("testing"):
                began = time.perf_counter()
            elif isinstance(event, Tested):
                found["predict"] = len(event.examples) / (time.perf_counter() - began)
    (first, before), (last, after) = clock[SKIPPED], clock[max(clock)]
    found["train"] = (after - before) / (last - first)
    print(json.dumps(found), file=sys.stderr)
    return found


if __name__ == "__main__":
    main()
