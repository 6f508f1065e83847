"""The throughput of a config, asked of a process of its own and kept."""

from __future__ import annotations

import pytest

from mtl_core.config import run as configs
from mtl_core.errors import InvalidConfig
from mtl_core.inference import throughput
from mtl_core.store.workspace import Workspace


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
