"""How fast this machine trains, from a few real steps."""

from __future__ import annotations

import pytest

from mtl_core.config import run as configs
from mtl_core.store.workspace import Workspace
from mtl_core.workers import throughput
from tests import trained


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
