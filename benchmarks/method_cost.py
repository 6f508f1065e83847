"""What each method costs a step: every balancing against `sum`, every sharing against `hard`; sst2 + mnli, joint.

    python benchmarks/method_cost.py --data DIR --write

A step takes a batch of both tasks, so that all methods are asked for the same work. Balancings take turns step by step
on one model, so that their times compare well; a ratio is the median over rounds of turns, each against `sum` in the
same round on the same batches. Sharing methods train a model of their own, in a process of their own, in turn. Memory
is the peak of a process that trains with one method alone.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import side_by_side
from side_by_side import SKIPPED, Measured

from mtl_core import registry
from mtl_core.config.methods import COSTS

PLAIN = {"balancing": "sum", "sharing": "hard"}
FEW = 4
"""Steps after which a process's memory has peaked."""


def main() -> None:
    if len(sys.argv) == 2 and sys.argv[1].startswith("{"):
        print(json.dumps(_in_turns(json.loads(sys.argv[1]))))
        return
    parser = side_by_side.options(__doc__)
    parser.add_argument("--family", choices=("sharing", "balancing"), action="append", help="default: both")
    parser.add_argument("--write", action="store_true", help="keep the result for the Launch form")
    told = parser.parse_args()
    costs = json.loads(COSTS.read_text("utf-8"))
    for family in told.family or ("balancing", "sharing"):
        plain = PLAIN[family]
        names = [plain, *(name for name in registry.names(family) if name != plain)]
        joint = {**side_by_side.base(told), "tasks": "sst2,mnli", "schedule": "joint"}
        sides = {name: {**joint, family: name} for name in names}
        if family == "balancing":
            seconds = _own_process(joint)
            few = {name: {**values, "train_limit": FEW * told.batch_size} for name, values in sides.items()}
            memory = {name: [one] for name, [one] in side_by_side.in_turn(few, 1, skipped=1).items()}
        else:
            memory = side_by_side.in_turn(sides, told.rounds)
            seconds = {name: [one["seconds"] for one in measured] for name, measured in memory.items()}
        costs[family] = _report(family, seconds, memory)
    if told.write:
        COSTS.write_text(json.dumps(costs, indent=2, sort_keys=True) + "\n", "utf-8")


def _report(
    family: str, seconds: Mapping[str, list[float]], memory: Mapping[str, list[Measured]]
) -> dict[str, dict[str, float]]:
    """Prints the table; each method's cost against the plain one's."""
    plain, found = PLAIN[family], {}
    bytes_ = side_by_side.middle(memory[plain], "memory_bytes")
    print(f"\n| {family} | time a step | range | memory |\n|---|---:|---:|---:|")
    print(f"| `{plain}` | {statistics.median(seconds[plain]):.2f} s | | {bytes_ / 1e9:.2f} GB |")
    for name in seconds.keys() - {plain}:
        ratios = sorted(one / other for one, other in zip(seconds[name], seconds[plain], strict=True))
        more = side_by_side.middle(memory[name], "memory_bytes") / bytes_
        found[name] = {"time": round(statistics.median(ratios), 2), "memory": round(more, 2)}
    for name, cost in sorted(found.items()):
        ratios = sorted(one / other for one, other in zip(seconds[name], seconds[plain], strict=True))
        spread = f"{ratios[0]:.2f}–{ratios[-1]:.2f}"
        print(f"| `{name}` | {cost['time']:.2f} × | {spread} | {cost['memory']:.2f} × |", flush=True)
    return found


def _own_process(values: Mapping[str, Any]) -> dict[str, list[float]]:
    command = [sys.executable, __file__, json.dumps(values)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def _in_turns(values: dict[str, Any]) -> dict[str, list[float]]:
    """Seconds of each balancing's steps. Every round gives all of them the same batches, in another order."""
    from dataclasses import replace

    from mtl_core.config import run as configs
    from mtl_core.config.changed_defaults import new_defaults
    from mtl_core.engine import parents
    from mtl_core.engine.distributed import Distributed
    from mtl_core.engine.progress import Progress
    from mtl_core.engine.session import Session, prepare
    from mtl_core.engine.step import make_step

    with tempfile.TemporaryDirectory() as folder:
        *_, session = prepare(configs.parse(values), Path(folder), Distributed(), parents.none)
    assert isinstance(session, Session)
    names = list(registry.names("balancing"))
    new = {name: registry.load("balancing", name)(2, **new_defaults("balancing", name)) for name in names}
    sessions = {name: replace(session, balancing=new[name]) for name in names}
    streams = {task: session.stream(task) for task in session.tasks}
    progress, found = Progress(session.order.draws, session.device), {name: list[float]() for name in names}
    session.model.train()
    for number, step_plan in enumerate(session.order.step_plans):
        chosen = {task: next(streams[task]) for task in step_plan.tasks}
        for name in names[number % len(names) :] + names[: number % len(names)]:
            began = time.perf_counter()
            make_step(sessions[name], step_plan, chosen, progress)
            if number >= SKIPPED:
                found[name].append(time.perf_counter() - began)
    return found


if __name__ == "__main__":
    main()
