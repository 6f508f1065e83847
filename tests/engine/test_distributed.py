"""Two processes over gloo train what one process trains at twice the batch, stop and resume included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mtl_core.config.run import parse
from mtl_core.engine.events import Finished, StepDone, Tested
from mtl_core.engine.loop import train
from tests import tiny

ROOT = Path(__file__).resolve().parents[2]
RANK = """
import json, os, sys
sys.path.insert(0, os.getcwd())
from pathlib import Path
from tests.engine.test_distributed import told

for values, folder, stop in json.loads(sys.argv[1]):
    found = told(values, Path(folder), stop)
    if os.environ["RANK"] == "0":
        (Path(folder) / f"told-{stop}.json").write_text(json.dumps(found))
"""
NEVER = 99
PCGRAD = {"schedule": "joint", "balancing": "pcgrad"}
FAMO = {"schedule": "joint", "balancing": "famo"}


def told(values: dict[str, Any], folder: Path, stop: int) -> list[Any]:
    """Trains until `stop` steps are made; every step's numbers, and how it ended."""
    steps: list[Any] = []
    ended: dict[str, Any] = {}
    for event in train(parse(values), folder, cache=folder / "cache", should_stop=lambda: len(steps) >= stop):
        if isinstance(event, StepDone):
            one = event.step
            steps.append([one.step, one.task, one.loss, one.gradient_norm, one.examples, one.tokens])
        elif isinstance(event, Tested):
            ended[event.task] = dict(event.scores)
        elif isinstance(event, Finished):
            ended["state"] = event.state
    return [steps, ended]


def asked(encoder: Path, processes: int, **values: str) -> dict[str, Any]:
    """41 examples in steps of 8: the last step has one, and with two processes one of them goes without."""
    sizes = {"train_limit": 41, "eval_limit": 8, "selection_limit": 6, "max_length": 48}
    shared = {"tasks": "sst2,squad", "encoder": str(encoder), "learning_rate": 1e-3, "device": "cpu"}
    return {**sizes, **shared, "batch_size": 8 // processes, "processes": processes, **values}


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tiny.encoder(tmp_path_factory.mktemp("tiny"), width=16)
    settings = json.loads((made / "config.json").read_text())
    settings |= {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}  # processes draw their own dropout
    (made / "config.json").write_text(json.dumps(settings))
    return made


@pytest.fixture(scope="module")
def by_two(encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What two processes tell: of a whole run by sum, by pcgrad and by famo, and of one that is stopped and goes on."""
    place = tmp_path_factory.mktemp("two")
    plain, pcgrad = asked(encoder, 2), asked(encoder, 2, **PCGRAD)
    runs = {"sum": (plain, "sum", NEVER), "pcgrad": (pcgrad, "pcgrad", NEVER)}
    runs |= {"famo": (asked(encoder, 2, **FAMO), "famo", NEVER)}
    runs |= {"stopped": (plain, "parts", 4), "resumed": (plain, "parts", NEVER)}
    (place / "rank.py").write_text(RANK)
    document = json.dumps([(values, str(place / folder), stop) for values, folder, stop in runs.values()])
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run([*torchrun, str(place / "rank.py"), document], check=True, env=environment, timeout=300, cwd=ROOT)
    return {
        name: json.loads((place / folder / f"told-{stop}.json").read_text()) for name, (_, folder, stop) in runs.items()
    }


@pytest.mark.parametrize(("name", "values"), [("sum", {}), ("pcgrad", PCGRAD), ("famo", FAMO)])
def test_two_processes_are_one_at_twice_the_batch(
    name: str, values: dict[str, str], by_two: dict[str, list[Any]], encoder: Path, tmp_path: Path
) -> None:
    one, alone = told(asked(encoder, 1, **values), tmp_path, NEVER)
    two, together = by_two[name]
    assert [step[:2] + step[4:] for step in two] == [step[:2] + step[4:] for step in one]
    for mine, its in zip(one, two, strict=True):
        assert its[2:4] == pytest.approx(mine[2:4], rel=1e-4)
    assert together == alone


def test_two_processes_stop_and_go_on(by_two: dict[str, list[Any]]) -> None:
    first, stopped = by_two["stopped"]
    second, ended = by_two["resumed"]
    assert stopped == {"state": "stopped"}
    assert [first + second, ended] == by_two["sum"]
