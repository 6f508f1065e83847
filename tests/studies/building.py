"""Studies whose runs are there without training, every dev example's score chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mtl_core.config.automation import Tune
from mtl_core.config.run import RunConfig
from mtl_core.config.study import Arm, Comparison, StudyConfig
from mtl_core.store import studies
from mtl_core.store.automation import Automation, Trial
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import tuning
from mtl_core.studies.members import resolved
from tests import builders

Scores = Callable[[str, str, int], Sequence[float] | NDArray[np.floating]]
"""Scores of the dev examples, shares of 1, of an arm's name, a task and a seed."""


def study_with_runs(
    workspace: Workspace, config: StudyConfig, scores: Scores, states: Mapping[tuple[str, int], str] | None = None
) -> Study:
    """A study with a run for each arm and seed, finished with those scores, or in the state that `states` says.

    The state "not started" leaves the run out.
    """
    study = studies.add(workspace, config)
    made: dict[str, dict[int, str]] = {}
    for arm, seed, wanted in config.runs():
        state = (states or {}).get((arm.name, seed), "finished")
        ready = resolved(arm, seed, wanted, made)
        if state == "not started" or ready is None:
            continue
        reached = {task: scores(arm.name, task, seed) for task in ready.tasks} if state == "finished" else None
        made.setdefault(arm.name, {})[seed] = builders.run(workspace, state=state, scores=reached, **ready.model_dump())
    with studies.changing(workspace, study.id) as changes:
        return changes.keep(runs=made)


def drawn(accuracies: Mapping[str, float], *, dev: int = 200, spread: float = 0.01) -> Scores:
    """Scores drawn about each arm's accuracy: the examples' difficulty is common to all arms, the rest is chance.

    `spread` is the standard deviation of a seed's accuracy.
    """

    def scores(arm: str, task: str, seed: int) -> NDArray[np.floating]:
        hard = np.random.default_rng(sum(map(ord, task))).uniform(-0.15, 0.15, dev)
        own = np.random.default_rng([seed, *map(ord, f"{arm} {task}")])
        chance = np.clip(accuracies[arm] + own.normal(0, spread) + hard - hard.mean(), 0, 1)
        return (own.uniform(size=dev) < chance).astype(float)

    return scores


def pair(workspace: Workspace, gain: float = 0.05, *, dev: int = 200, seeds: Sequence[int] = (1, 2, 3)) -> Study:
    """sst2 alone against sst2 with mnli, which is `gain` (a share of 1) better, on the generated sample."""
    config = pair_config(seeds)
    accuracies = {"sst2 alone": 0.8, "sst2 + mnli": 0.8 + gain}
    return study_with_runs(workspace, config, drawn(accuracies, dev=dev))


def rates(workspace: Workspace, arms: int, *, dev: int, seeds: Sequence[int] = (1,)) -> Study:
    """sst2 alone against so many less one recipes with mnli that differ in their learning rate and do equally well."""
    pair = pair_config(seeds)
    recipes = []
    for place in range(arms - 1):
        config = pair.arms[1].config.model_copy(update={"learning_rate": 1e-5 * (place + 1)})
        recipes.append(Arm(name=f"sst2 + mnli · rate {place}", config=config))
    compared = tuple(Comparison(target="sst2", baseline="sst2 alone", treatment=arm.name) for arm in recipes)
    config = StudyConfig(name="Which rate?", arms=(pair.arms[0], *recipes), comparisons=compared, seeds=tuple(seeds))
    return study_with_runs(workspace, config, drawn({arm.name: 0.8 for arm in config.arms}, dev=dev))


def pair_config(seeds: Sequence[int] = (1, 2, 3), **values: object) -> StudyConfig:
    """One comparison of two arms; `values` are further fields of both runs."""
    together = RunConfig.model_validate({"tasks": ("sst2", "mnli"), **values})
    return StudyConfig(
        name="Does sst2 get better with mnli?",
        preset="question",
        arms=(
            Arm(name="sst2 alone", config=together.alone("sst2"), baseline=True),
            Arm(name="sst2 + mnli", config=together),
        ),
        comparisons=(Comparison(target="sst2", baseline="sst2 alone", treatment="sst2 + mnli"),),
        seeds=tuple(seeds),
    )


def tuned(workspace: Workspace) -> Study:
    """The pair after tuning with three trials each, one of which failed; the seeds trained with what was chosen."""
    config = pair_config().model_copy(update={"tune": Tune(trials=3)})
    trials = {
        arm.name: (
            Trial(1, {"learning_rate": 5e-5, "epochs": 1.0}, "aaaa2222", 0.61, 20.0),
            Trial(2, {"learning_rate": 1e-4 * (place + 1), "epochs": 1.5}, "bbbb2222", 0.42, 31.0),
            Trial(3, {"learning_rate": 1.7e-4, "epochs": 0.7}, "cccc2222", None, 9.0, "Loss became NaN at step 3."),
        )
        for place, arm in enumerate(config.arms)
    }
    arms = {arm.name: tuning.chosen(config, arm, trials[arm.name]) for arm in config.arms}
    scores = drawn({"sst2 alone": 0.8, "sst2 + mnli": 0.9})
    study = study_with_runs(workspace, tuning.with_chosen(config, arms), scores)
    with studies.changing(workspace, study.id) as changes:
        return changes.keep(automation=Automation(trials=trials))
