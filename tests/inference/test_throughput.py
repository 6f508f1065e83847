"""The throughput of a config, asked of a process of its own and kept."""

from __future__ import annotations

import pytest

from mtl_core.config import run as configs
from mtl_core.errors import InvalidConfig
from mtl_core.inference import throughput
from mtl_core.store.workspace import Workspace
from tests import trained


def test_faults_come_back_from_the_process(workspace: Workspace) -> None:
    workspace.cache.mkdir()
    config = configs.parse({"tasks": "sst2", "source": "folder", "data": str(workspace)})
    with pytest.raises(InvalidConfig) as told:
        throughput.measured(config, workspace)
    assert {fault.field for fault in told.value.faults} == {"data"}
    assert not (workspace.cache / "pace.json").exists()


def test_only_what_decides_the_throughput_is_its_key() -> None:
    usual = configs.parse({"tasks": "sst2"})
    assert throughput.key(usual) == throughput.key(
        usual.model_copy(update={"seed": 5, "epochs": 9.0, "learning_rate": 1e-3})
    )
    assert throughput.key(usual) != throughput.key(usual.model_copy(update={"batch_size": 8}))


def test_slow_first_steps_belong_to_the_start() -> None:
    points = [(0.0, 0), (4.0, 10), (6.0, 20), (7.0, 30), (8.0, 40)]
    found = throughput._throughput(points, startup=5.0, memory=7)
    assert found.seconds_per_token == pytest.approx(0.1)
    assert found.startup_seconds == pytest.approx(5 + 8 - 4)
    assert found.memory_bytes == 7


def test_real_steps_are_timed(workspace: Workspace) -> None:
    config = configs.parse(
        {"tasks": "sst2,squad", "encoder": str(trained.encoder()), "max_length": 48, "batch_size": 4}
    )
    found = throughput.take_steps(config, workspace.cache)
    assert 0 < found.seconds_per_token < 1
    assert found.startup_seconds > 0
    assert found.memory_bytes > 10**7
