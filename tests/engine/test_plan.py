"""What is told before a run starts, and that it is what the run then does."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mtl_core.config.run import RunConfig, parse
from mtl_core.engine.check import check
from mtl_core.engine.events import Started
from mtl_core.engine.loop import train
from mtl_core.engine.plan import plan
from mtl_core.errors import InvalidConfig
from tests import tiny


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.encoder(tmp_path_factory.mktemp("tiny"))


def config(encoder: Path, **values: Any) -> RunConfig:
    return parse({"tasks": "sst2,squad", "encoder": str(encoder), "train_limit": 40, "max_length": 64, **values})


def test_the_plan_is_what_happens(encoder: Path, tmp_path: Path) -> None:
    asked = config(encoder, train_limit="sst2=64,squad=20", batch_size=16, schedule="phases", epochs=1.5)
    found = plan(asked)
    started = next(event for event in train(asked, tmp_path, cache=tmp_path) if isinstance(event, Started))
    assert found.steps == started.total_steps
    for task, draw in zip(found.tasks.values(), started.draws, strict=True):
        assert task.draw.planned_tokens == pytest.approx(draw.planned_tokens, rel=0.02)  # it looks at some alone
        assert replace(task.draw, planned_tokens=draw.planned_tokens) == draw
    assert found.parameters == started.facts["parameters"]
    assert found.device == started.device
    for name, task in found.tasks.items():
        sizes = started.facts["data"][name]
        assert (task.train, task.selection, task.dev) == (sizes["train"], sizes["selection"], sizes["dev"])
        assert len(task.glance) == 3
    assert found.tasks["squad"].rows > 1
    assert found.tasks["squad"].tokens > found.tasks["sst2"].tokens > 4
    assert found.tokens == pytest.approx(sum(t.draw.planned_examples * t.tokens for t in found.tasks.values()))


def test_every_fault_of_a_plan_is_told_at_once(encoder: Path) -> None:
    asked = config(
        encoder, device="cuda:7", max_length=512, schedule="phases", schedule_settings={"share": 2, "firts": "squad"}
    )
    with pytest.raises(InvalidConfig) as caught:
        check(asked)
    assert [fault.field for fault in caught.value.faults] == [
        "schedule_settings.firts",
        "schedule_settings.share",
        "device",
        "max_length",
    ]
    assert caught.value.faults[3].message == f"512 is more than {encoder} can read. Use 256 or less."


def test_a_schedule_that_refuses_its_tasks_says_so(encoder: Path) -> None:
    with pytest.raises(InvalidConfig) as caught:
        check(config(encoder, schedule="phases", schedule_settings={"first": "mnli"}))
    assert str(caught.value) == "schedule_settings.first: no task of this run called 'mnli'. Choose from squad, sst2."


def test_checking_loads_no_torch() -> None:
    """So that `train --background` answers soon."""
    asked = "parse({'tasks': 'sst2,mnli,squad', 'schedule': 'phases'})"
    code = (
        f"import sys; from mtl_core.config.run import parse; from mtl_core.engine.check import check; check({asked}); "
    )
    code += "print({'torch', 'transformers', 'datasets'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_plan_starts_nothing_and_leaves_nothing(encoder: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    check(config(encoder))
    assert list(tmp_path.iterdir()) == []
