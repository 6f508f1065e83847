"""Models in memory, under a limit."""

from __future__ import annotations

import pytest

from mtl_core.errors import RunNotFound
from mtl_core.inference.loaded_models import LoadedModels, memory_limit
from tests import trained


def test_a_model_is_loaded_once() -> None:
    together, alone = trained.ids()
    models = LoadedModels(trained.workspace(), limit=10**9)
    assert models.get(together) is models.get(together)
    models.get(alone)
    models.get(together)
    assert models.ids == (alone, together)


def test_the_one_that_was_not_used_for_longest_goes() -> None:
    together, alone = trained.ids()
    models = LoadedModels(trained.workspace(), limit=1)
    models.get(together)
    models.get(alone)
    assert models.ids == (alone,)


def test_a_run_that_is_gone_is_not_answered_from_memory() -> None:
    with pytest.raises(RunNotFound, match="there is no run 'nothere'"):
        LoadedModels(trained.workspace(), limit=1).get("nothere")


def test_the_limit_is_a_part_of_the_memory() -> None:
    assert 0 < memory_limit() <= 2_000_000_000
