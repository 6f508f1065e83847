"""How long and how large a run will be, worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from mtl_core.config import run as configs
from mtl_core.store import runs, throughput
from mtl_core.store.throughput import Past
from mtl_core.store.workspace import Workspace
from mtl_core.studies import estimate
from mtl_core.studies.estimate import Amount, RunCost
from tests import builders

CONFIG = configs.parse({"tasks": "sst2,mnli"})
PLAN = {
    "steps": 6,
    "tasks": {
        "sst2": {"draw": {"planned_examples": 100}, "tokens": 10.0, "selection": 20, "dev": 50},
        "mnli": {"draw": {"planned_examples": 50}, "tokens": 20.0, "selection": 10, "dev": 5},
    },
}


def past(**values: Any) -> Past:
    usual = {
        "config": configs.parse({"tasks": "sst2", "selection_limit": 10}).model_dump(mode="json"),
        "seconds": 30.0,
        "examples_per_second": 50.0,
        "examples": 1000,
        "tokens": 10_000,
        "dev": 260,
        "memory_bytes": 10**9,
    }
    return Past(**{**usual, **values})


def test_what_a_run_reads() -> None:
    found = estimate.amount_of(CONFIG, PLAN)
    assert found.trained == 100 * 10 + 50 * 20
    assert found.read == (4 * 20 + 50) * 10 + (4 * 10 + 5) * 20
    assert found.tokens_per_example == pytest.approx(2000 / 150)
    often = CONFIG.model_copy(update={"eval_every": 2})
    assert estimate.amount_of(often, PLAN).read == (4 * 20 + 50) * 10 + (4 * 10 + 5) * 20


def test_seconds_are_startup_training_and_a_third_for_reading() -> None:
    assert RunCost(0.01, 5.0, None, "").seconds(Amount(1000, 300, 10)) == pytest.approx(5 + 10 + 1)


def test_earlier_runs_tell_the_pace() -> None:
    found = estimate.from_earlier(CONFIG, Amount(1000, 0, 10), [past(), past(memory_bytes=2 * 10**9)])
    assert found is not None
    assert found.seconds_per_token == pytest.approx(0.002)
    assert found.startup_seconds == pytest.approx(30 - 20 - 0.002 * (4 * 10 + 260) * 10 / 3)
    assert found.memory_bytes == 2 * 10**9
    assert found.basis == "from 2 earlier runs"
    assert estimate.from_earlier(CONFIG, Amount(1, 0, 10), [past()]).basis == "from an earlier run"  # type: ignore[union-attr]


def test_memory_is_only_known_from_runs_of_the_same_size() -> None:
    found = estimate.from_earlier(CONFIG.model_copy(update={"batch_size": 8}), Amount(1000, 0, 10), [past()])
    assert found is not None
    assert found.memory_bytes is None


def test_texts_of_another_length_tell_nothing() -> None:
    assert estimate.from_earlier(CONFIG, Amount(1000, 0, 21), [past()]) is None
    assert estimate.from_earlier(CONFIG, Amount(1000, 0, 4.9), [past()]) is None
    assert estimate.from_earlier(CONFIG, Amount(1000, 0, 20), [past()]) is not None


def test_a_measurement_says_that_it_is_one() -> None:
    told = {"seconds_per_token": 0.001, "startup_seconds": 8.0, "memory_bytes": 0}
    assert estimate.from_measurement(told) == RunCost(0.001, 8.0, None, "from a few steps timed on this machine")


def test_only_finished_runs_that_are_alike_count(workspace: Workspace) -> None:
    alike = builders.run(workspace, tasks="sst2,mnli")
    for values in ({"precision": "bf16"}, {"encoder": "other"}, {"attention_dropout": 0.0}, {"state": "running"}):
        builders.run(workspace, **values)
    with workspace.write() as index:
        [found] = throughput.earlier(index, CONFIG, "cpu")
        assert throughput.earlier(index, CONFIG, "cuda:0") == []
        run = runs.get(index, alike)
    assert found.config["tasks"] == list(run.config.tasks)
    assert (found.examples, found.tokens, found.dev) == (2 * 960, 2 * 23040, 2 * 40)
    assert found.tokens_per_example == 24
    assert found.seconds_per_token == pytest.approx(1920 / 83.2 / 46080)
