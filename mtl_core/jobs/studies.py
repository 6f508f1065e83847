"""What people do with a study: start it, pause and resume it, make it larger, let it run by itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from mtl_core.config import study as study_config
from mtl_core.config.automation import Auto
from mtl_core.config.study import StudyConfig
from mtl_core.errors import TandemError
from mtl_core.jobs import advance, control, queue, sealing
from mtl_core.store import studies
from mtl_core.store.studies import Changes, Study
from mtl_core.store.workspace import Workspace


def settled(config: StudyConfig) -> StudyConfig:
    """The study with paths that mean the same wherever it is read."""
    arms = [arm.model_copy(update={"config": queue.settle(arm.config)}) for arm in config.arms]
    return config.model_copy(update={"arms": tuple(arms)})


def start(workspace: Workspace, study_id: str) -> list[str]:
    """Queues what comes next of a study: its first trials, or every run that it lacks; the ids of the new ones.

    The plan is sealed before the first. Runs that exist are taken over. What follows then is queued by `jobs.advance`,
    until the study is paused. Raises StudyNotFound, StoreError or DeviceError.
    """
    sealing.seal(workspace, study_id)
    with studies.changing(workspace, study_id) as changes:
        _go(changes, going=advance.wanted(changes.study))
        queued = advance.queue_next(workspace, changes)
    sealing.note(workspace, study_id)  # runs that were taken over have results, and their scores were known
    return queued


def _go(changes: Changes, *, going: bool) -> None:
    """Sets whether the study queues by itself what comes next."""
    if changes.study.automation.going != going:
        changes.keep(automation=replace(changes.study.automation, going=going))


def pause(workspace: Workspace, study_id: str) -> list[str]:
    """Stops what waits and what trains, each with a checkpoint; the ids. Runs go on where they stopped.

    Tuning and Auto rest from now on.
    """
    with studies.changing(workspace, study_id) as changes:
        _go(changes, going=False)
    live = [run for run in advance.runs_of(workspace, studies.get(workspace, study_id)) if run.live]
    for run in live:
        with suppress(TandemError):  # it has ended meanwhile, which is as good
            control.request_stop(workspace, run.id)
    return [run.id for run in live]


def go_on(workspace: Workspace, study_id: str) -> list[str]:
    """Resumes what was stopped, lost or has failed, and starts what is missing; the ids.

    Trials that count as failed are not resumed: they are a part of the budget that is used.

    Raises TandemError, naming them, where some can't go on; the others do all the same.
    """
    going, refused = [], []
    study = studies.get(workspace, study_id)
    over = {trial.run for trials in study.automation.trials.values() for trial in trials if trial.ended}
    for run in advance.runs_of(workspace, study):
        if run.state.resumable and run.id not in over:
            try:
                going.append(control.resume(workspace, run.id).id)
            except TandemError as error:
                refused.append(str(error))
    going += start(workspace, study_id)
    if refused:
        raise TandemError(" ".join(dict.fromkeys(refused)), field="study")
    return going


def grow(workspace: Workspace, study_id: str, config: StudyConfig) -> list[str]:
    """Gives a study more seeds or arms, and starts them; the ids of the new runs."""
    change(workspace, study_id, config)
    return start(workspace, study_id)


def change(workspace: Workspace, study_id: str, config: StudyConfig) -> Study:
    """Replaces what a study says of itself; runs of arms or seeds that it no longer has are let go, not deleted."""
    with studies.changing(workspace, study_id) as changes:
        names = {arm.name for arm in config.arms}
        kept = {
            arm: {seed: run for seed, run in seeds.items() if seed in config.seeds}
            for arm, seeds in changes.study.runs.items()
            if arm in names
        }
        return changes.keep(config=settled(config), runs=kept)


def more_seeds(config: StudyConfig, count: int) -> StudyConfig:
    """The study with so many seeds more of every arm, the lowest that it does not have.

    Its plan stays: a verdict that was planned with 3 seeds is that of these 3, and later seeds are shown beside it.
    Arms that Auto has stopped catch up. Raises InvalidConfig for too many.
    """
    looks = config.planned_looks if len(config.seeds) > 1 else ()
    seeds, values = config.more_seeds(count), config.model_dump()
    if config.auto is not None:
        values["auto"]["most_seeds"] = max(config.auto.most_seeds, len(seeds))
    arms = [{**arm, "seeds": None} for arm in values["arms"]]
    return study_config.parse({**values, "seeds": seeds, "arms": arms, "looks": looks})


def run_auto(workspace: Workspace, study_id: str, limits: Auto) -> list[str]:
    """Lets a study add seeds by itself from now on, within these limits; the ids of new runs.

    Where its plan is over and a verdict was seen, it is planned anew, and says so: two plans err more often than one.
    Raises InvalidConfig for limits that the study exceeds already, and as `go_on` does.
    """
    with studies.changing(workspace, study_id) as changes:
        before = changes.study.config
        config = study_config.with_auto(before, limits)
        state = replace(changes.study.automation, ended="", settled={})
        planned = before.planned_looks
        if config.looks != planned and _verdict_seen(workspace, changes.study):
            words = f"looks were planned after a verdict of {planned[-1]} seeds had been seen"
            state = replace(state, replanned=f"{words}: a wrong verdict is more likely than {100 * before.alpha:g} %")
        changes.keep(config=config, automation=state)
    return go_on(workspace, study_id)


def _verdict_seen(workspace: Workspace, study: Study) -> bool:
    from mtl_core.studies.judge import judge  # brings scipy

    return any(one.verdict is not None and not one.provisional for one in judge(workspace, study))


def end_auto(workspace: Workspace, study_id: str) -> None:
    """Lets a study add no more seeds; what waits or trains goes on."""
    with studies.changing(workspace, study_id) as changes:
        study = changes.study
        if study.config.auto is None or study.automation.ended:
            return
        ended = f"by hand, after {len(study.config.seeds)} of {study.config.auto.most_seeds} seeds"
        ended_now = changes.keep(automation=replace(study.automation, ended=ended))
        _go(changes, going=study.automation.going and advance.wanted(ended_now))
