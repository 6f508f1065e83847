"""Studies of the presets with runs that nobody trained: each arm's accuracy is chosen for each of its tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtl_core.config import run as configs
from mtl_core.config.study import StudyConfig
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies.design import design
from mtl_core.study_designs import parsed
from tests.studies.building import study_with_runs
from tests.studies.test_design import look

Accuracy = Callable[[str, str], float]
"""A share of 1, of an arm's name and a task."""


def config_of(
    preset: str,
    tasks: Sequence[str],
    *,
    seeds: Sequence[int] = (1, 2, 3),
    base: Mapping[str, Any] | None = None,
    **settings: Any,
) -> StudyConfig:
    """The preset's whole study with its baselines."""
    common = configs.parse({"tasks": tuple(tasks), **(base or {})})
    return design(parsed(preset, settings), common, tuple(tasks), look, seeds=seeds)


def with_accuracy(
    workspace: Workspace,
    config: StudyConfig,
    accuracy: Accuracy,
    *,
    dev: int = 200,
    spread: float = 0.004,
    states: Mapping[tuple[str, int], str] | None = None,
) -> Study:
    """Its runs. Examples are right in the order of their difficulty, so that arms differ in few of them; `spread` is
    the standard deviation of a seed's accuracy."""

    def scores(arm: str, task: str, seed: int) -> NDArray[np.floating]:
        hardness = np.random.default_rng(sum(map(ord, task))).permutation(dev) / dev
        own = np.random.default_rng([seed, *map(ord, f"{arm} {task}")])
        reached = accuracy(arm, task) + own.normal(0, spread)
        return (hardness + own.normal(0, 0.03, dev) < reached).astype(float)

    return study_with_runs(workspace, config, scores, states)
