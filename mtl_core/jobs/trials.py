"""Tuning a study's arms: trials that ended are told, the next ones asked and queued, the best settings chosen.

All of it is in the study's file, and the next trial follows from what is there: who is killed between two steps
proposes the same trial again, and finds its run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mtl_core.config.methods import Catalogue
from mtl_core.config.study import Arm
from mtl_core.jobs import catalogue, tuner
from mtl_core.jobs.study_runs import run_of
from mtl_core.records import RunState
from mtl_core.store import runs
from mtl_core.store.automation import Automation, Trial
from mtl_core.store.runs import Run
from mtl_core.store.studies import Changes, Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import tuning
from mtl_core.studies.search_space import search_space

NO_START = "no trial finished of the condition that it starts from"


def queue_next(workspace: Workspace, changes: Changes) -> list[str]:
    """Tells what has ended, chooses where the budget is used up, and queues each arm's next trial; the new runs' ids.

    An arm that starts from another one waits until that is tuned. Raises StoreError or DeviceError.
    """
    new: list[str] = []
    for arm in tuning.untuned(changes.study.config):
        _tell(workspace, changes, arm)
        new += _ask(workspace, changes, arm)
        _choose(changes, arm)
    return new


def _tell(workspace: Workspace, changes: Changes, arm: Arm) -> None:
    """Takes over the loss, or the fault, of trials that have ended."""
    listed = _trials(changes.study, arm)
    with workspace.read() as index:
        known = {run.id: run for run in runs.of_ids(index, [one.run for one in listed])}
    targets = tuning.targets(changes.study.config, arm)
    told = tuple(one if one.ended else _told(workspace, one, known.get(one.run), targets) for one in listed)
    if told != listed:
        changes.keep(automation=_with(changes.study, arm, told))


def _told(workspace: Workspace, trial: Trial, run: Run | None, targets: Sequence[str]) -> Trial:
    if run is None:
        return replace(trial, failed="its run was deleted")
    if run.live or run.state == RunState.STOPPED:
        return trial
    if run.state != RunState.FINISHED:
        return replace(trial, failed=run.detail or f"its run is {run.state}", seconds=run.seconds)
    loss = tuning.selection_loss(workspace, run.id, targets)
    if loss is None:
        return replace(trial, failed="its run has not evaluated the validation split", seconds=run.seconds)
    return replace(trial, loss=loss, seconds=run.seconds)


def _ask(workspace: Workspace, changes: Changes, arm: Arm) -> list[str]:
    """Queues the arm's next trial where none is under way and budget is left; its run where that is new."""
    config, listed, new = changes.study.config, _trials(changes.study, arm), list[str]()
    assert config.tune is not None
    while len(listed) < config.tune.trials and all(one.ended for one in listed):
        start = _start(changes.study, arm)
        if start is None:
            return new
        trial, is_new = _submitted(workspace, changes.study, arm, listed, start)
        listed = (*listed, trial)
        changes.keep(automation=_with(changes.study, arm, listed))
        new += [trial.run] * is_new
        _tell(workspace, changes, arm)  # a run that was taken over may have finished
        listed = _trials(changes.study, arm)
    return new


def _submitted(workspace: Workspace, study: Study, arm: Arm, listed: Sequence[Trial], start: str) -> tuple[Trial, bool]:
    """The arm's next trial with its run, and whether that run is new; with a fault where it can't be started."""
    number, tune = len(listed) + 1, study.config.tune
    assert tune is not None
    space = search_space(study.config, arm, _methods(workspace, arm))
    values = {name: bounds.base for name, bounds in space.items()}
    if number > 1:
        told = [(one.values, one.loss) for one in listed]
        seed = f"{study.id} {arm.name} {len(listed)}"
        values = tuner.propose(space, told, tuner=tune.tuner, trials=tune.trials, seed=seed)
    if arm.after and not start:
        return Trial(number, values, "", failed=NO_START), False
    try:
        run_id, new = run_of(workspace, tuning.trial_config(study.config, arm, number, values, start))
    except ValueError as error:
        return Trial(number, values, "", failed=" ".join(str(error).split())), False
    return Trial(number, values, run_id), new


def _methods(workspace: Workspace, arm: Arm) -> Catalogue:
    """The settings of all methods; an arm of one task has none to tune."""
    return catalogue.read(workspace) if len(arm.config.tasks) > 1 else {}


def _start(study: Study, arm: Arm) -> str | None:
    """The run that the arm's trials start from: the chosen trial's of the arm that it goes on from.

    "" for an arm that starts from no other; None where that one is not tuned yet.
    """
    if not arm.after:
        return ""
    before = study.config.arm(arm.after)
    if before.tuned is None:
        return None
    listed = study.automation.trials.get(before.name, ())
    return next((one.run for one in listed if one.number == before.tuned.trial), "")


def _choose(changes: Changes, arm: Arm) -> None:
    """Gives the arm its best trial's settings, once its budget is used up."""
    study, listed = changes.study, _trials(changes.study, arm)
    assert study.config.tune is not None
    if len(listed) < study.config.tune.trials or not all(one.ended for one in listed):
        return
    tuned = tuning.chosen(study.config, arm, listed)
    expected = dict(study.expected)
    if arm.name in expected:
        expected[arm.name] *= tuned.config.epochs / arm.config.epochs
    changes.keep(config=tuning.with_chosen(study.config, {arm.name: tuned}), expected=expected)


def _trials(study: Study, arm: Arm) -> tuple[Trial, ...]:
    return study.automation.trials.get(arm.name, ())


def _with(study: Study, arm: Arm, trials: tuple[Trial, ...]) -> Automation:
    return replace(study.automation, trials=study.automation.with_trials(arm.name, trials))
