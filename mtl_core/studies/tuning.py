"""The tuning of a study's arms: which are still to be tuned, the runs of their trials, and what was chosen.

Every arm, baselines too, gets the same number of trials, each on one seed that no verdict uses. A trial is judged on
the validation split alone, by the mean loss of the arm's targets, and scores no dev example.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from mtl_core.config.automation import Tuned
from mtl_core.config.run import RunConfig
from mtl_core.config.settings import field_text, value_text
from mtl_core.config.study import MOST_RUNS, Arm, Comparison, StudyConfig, with_settings
from mtl_core.records import RunState
from mtl_core.store import evaluations, runs
from mtl_core.store.automation import Trial
from mtl_core.store.runs import Run
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace

FIRST_SEED = 1_000_000
"""Seeds of trials begin here, far from those of verdicts."""
NO_DEV = 0
"""`eval_limit` of a trial: it scores no dev example, so none can be chosen by."""


@dataclass(frozen=True, slots=True)
class TrialRun:
    """A trial of an arm, and its run where that is there."""

    arm: str
    trial: Trial
    run: Run | None


def untuned(config: StudyConfig) -> list[Arm]:
    """The arms that are still to be tuned; none where the study does not tune.

    An arm that merges is not: its coefficients are chosen on the validation split in any case, and what it merges is
    tuned.
    """
    return [arm for arm in config.arms if config.tune and arm.tuned is None and not arm.merges]


def planned_trials(config: StudyConfig) -> int:
    """Trial runs that the study has, those of arms that are tuned already left out."""
    return len(untuned(config)) * (config.tune.trials if config.tune else 0)


def trial_seed(config: StudyConfig, arm: Arm) -> int:
    """The seed of all trials of an arm: no seed of the study, and none that it may grow by."""
    own = (*config.seeds, *range(1, MOST_RUNS + 1))
    used = {seed + one.seed_shift for one in config.arms for seed in own}
    shifts = {one.seed_shift for one in config.arms}
    first = next(seed for seed in count(FIRST_SEED) if not any(seed + shift in used for shift in shifts))
    return first + arm.seed_shift


def trial_config(config: StudyConfig, arm: Arm, number: int, values: Mapping[str, Any], start: str) -> RunConfig:
    """The run of a trial; `start` is the run that it starts from where the arm starts from another arm.

    Raises ValueError for values that a config can't have.
    """
    changes = {"seed": trial_seed(config, arm), "name": f"{arm.name} · trial {number}"[-120:], "eval_limit": NO_DEV}
    if arm.after:
        changes["start_from"] = start
    return with_settings(arm.untuned.config, values).model_copy(update=changes)


def targets(config: StudyConfig, arm: Arm) -> tuple[str, ...]:
    """The tasks that the arm is compared on; those that it trains where it is compared on none."""
    compared = [one.target for one in config.comparisons if arm.name in (one.baseline, one.treatment)]
    return tuple(dict.fromkeys(compared)) or arm.config.tasks


def selection_loss(workspace: Workspace, run_id: str, tasks: Sequence[str]) -> float | None:
    """Mean loss of the tasks on the validation split, in nats, at the checkpoint that the run chose.

    None where the run has evaluated nothing. The checkpoint is the one with the lowest mean over all of its tasks.
    """
    folder = workspace.run(run_id)
    if not folder.database.exists():
        return None
    with folder.open() as run_db:
        curve = evaluations.curve(run_db)
    losses = curve[curve["metric"] == "loss"].pivot(index="step", columns="task", values="value").dropna()
    if losses.empty or not set(tasks) <= set(losses.columns):
        return None
    best = losses.iloc[int(losses.mean(axis=1).to_numpy().argmin())]
    return float(best[list(tasks)].mean())


def chosen(config: StudyConfig, arm: Arm, trials: Sequence[Trial]) -> Arm:
    """The arm with the settings of its best trial; as it was designed where no trial has finished."""
    budget = config.tune.trials if config.tune else len(trials)
    done = [one for one in trials if one.loss is not None]
    if not done:
        return arm.model_copy(update={"tuned": Tuned(trials=budget)})
    best = min(done, key=lambda one: (one.loss, one.number))
    base = {name: value_of(arm.config, name) for name in best.values}
    tuned = Tuned(trials=budget, trial=best.number, values=dict(best.values), base=base)
    settled = arm.config if best.number == 1 else with_settings(arm.config, best.values)
    return arm.model_copy(update={"config": settled, "tuned": tuned})


def with_chosen(config: StudyConfig, arms: Mapping[str, Arm]) -> StudyConfig:
    """The study with tuned arms in the place of those of their names; comparisons of two tuned arms say so."""
    new = [arms.get(arm.name, arm) for arm in config.arms]
    tuned = config.model_copy(update={"arms": tuple(new)})
    budget = {arm.name: budget_of(tuned, arm) for arm in new}
    compared = tuple(
        one.model_copy(update={"tuned": budget[one.baseline] * (budget[one.baseline] == budget[one.treatment])})
        for one in config.comparisons
    )
    return tuned.model_copy(update={"comparisons": compared})


def budget_of(config: StudyConfig, arm: Arm) -> int:
    """Trials that an arm was tuned with; of an arm that merges, the fewest that one of those had."""
    if arm.merges:
        return min(budget_of(config, config.arm(name)) for name in arm.merges)
    return arm.tuned.trials if arm.tuned else 0


def value_of(config: RunConfig, name: str) -> Any:
    """A flat setting's value; None for a method's setting that stands at its default."""
    field, _, setting = name.partition(".")
    return getattr(config, field).get(setting) if setting else getattr(config, field)


def trial_runs(workspace: Workspace, study: Study) -> list[TrialRun]:
    """All trials of a study with their runs, in the order of its arms."""
    listed = [(arm.name, one) for arm in study.config.arms for one in study.automation.trials.get(arm.name, ())]
    with workspace.read() as index:
        known = {run.id: run for run in runs.of_ids(index, [one.run for _, one in listed])}
    return [TrialRun(arm, one, known.get(one.run)) for arm, one in listed]


def failed_trials(trials: Sequence[Trial]) -> list[str]:
    """Trials without a result, and why: "trial 3 (Loss became NaN …)"."""
    return [f"trial {one.number} ({one.failed.rstrip('.')})" for one in trials if one.failed]


def values_text(values: Mapping[str, Any]) -> str:
    """ "learning rate 3.1e-5, epochs 1.4, warmup 0.08"."""
    return ", ".join(f"{field_text(name)} {value_text(name, value)}" for name, value in values.items())


def tuned_text(arm: Arm) -> str:
    """The settings that an arm was given by tuning, "" for one that was not tuned."""
    if arm.tuned is None:
        return ""
    if arm.tuned.trial is None:
        return f"as designed, as none of {arm.tuned.trials} trials finished"
    kept = " (as designed)" * (arm.tuned.trial == 1)
    return f"{values_text(arm.tuned.values)}{kept}, trial {arm.tuned.trial} of {arm.tuned.trials}"


def tuned_words(config: StudyConfig, comparison: Comparison) -> tuple[str, ...]:
    """What tuning has given both arms of a comparison: "sst2 alone: learning rate 3.1e-5, …"."""
    arms = (config.arm(comparison.baseline), config.arm(comparison.treatment))
    return tuple(f"{arm.name}: {text}" for arm in arms if (text := tuned_text(arm)))


def tuned_settings(config: StudyConfig, comparison: Comparison) -> frozenset[str]:
    """Flat settings that two arms may differ in as both were tuned with the same budget; none else."""
    if not comparison.tuned:
        return frozenset()
    arms = (config.arm(comparison.baseline), config.arm(comparison.treatment))
    return frozenset(name for arm in arms if arm.tuned for name in arm.tuned.values)


def unequal_tuning(config: StudyConfig, comparison: Comparison) -> tuple[str, ...]:
    """Says so where one of two arms was tuned and the other was not, or with another budget."""
    budgets = [budget_of(config, config.arm(name)) for name in (comparison.treatment, comparison.baseline)]
    return (f"tuned with {budgets[0]} trials against {budgets[1]}",) if budgets[0] != budgets[1] else ()


def progress(config: StudyConfig, listed: Sequence[TrialRun]) -> str:
    """ "Tuning: 5 of 16 trials, 1 failed" while arms are tuned, "" else."""
    left = untuned(config)
    if not left or config.tune is None:
        return ""
    total = config.tune.trials * sum(not arm.merges for arm in config.arms)
    ended = [one.trial for one in listed if one.trial.ended]
    failed = sum(bool(one.failed) for one in ended)
    return f"Tuning: {len(ended)} of {total} trials" + f", {failed} failed" * bool(failed)


def state_of(listed: Sequence[TrialRun]) -> RunState | None:
    """Running while a trial trains, queued while one waits; None where neither."""
    states = {one.run.state for one in listed if one.run}
    return next((live for live in (RunState.RUNNING, RunState.QUEUED) if live in states), None)
