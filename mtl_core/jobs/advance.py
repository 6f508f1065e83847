"""What a study does next, by itself: trials of its tuning, then its own runs, then further seeds.

`advance` may be called at any time, by any process, several at once too: it looks at the study's file and at its runs,
and queues what comes next, once. It is called when a run has ended, by the dashboard every few seconds, and by the
`study` command while it waits. So a study goes on whoever is killed, and rests while it is paused.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace

from mtl_core.errors import StudyNotFound, TandemError
from mtl_core.jobs import auto, control, trials
from mtl_core.jobs.study_runs import queue_missing
from mtl_core.records import RunState
from mtl_core.store import studies
from mtl_core.store.runs import Run
from mtl_core.store.studies import Changes, Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies.members import members
from mtl_core.studies.tuning import trial_runs, untuned

log = logging.getLogger("tandem.advance")


def advance(workspace: Workspace, study_id: str, patience: float | None = None) -> list[str]:
    """Queues what comes next of a study that goes on by itself; the ids of new runs.

    Nothing for one that is paused, or has no more to do. Raises StudyNotFound, StoreError (where another process
    holds the study for longer than `patience` seconds) or DeviceError.
    """
    with studies.changing(workspace, study_id, patience) as changes:
        return queue_next(workspace, changes) if changes.study.automation.going else []


def advance_all(workspace: Workspace, patience: float | None = None) -> None:
    """Every study that goes on by itself. What stands in the way of one is logged, and keeps no other waiting."""
    for study_id in studies.going(workspace):
        try:
            advance(workspace, study_id, patience)
        except StudyNotFound:
            continue  # it was deleted meanwhile
        except TandemError as error:
            log.warning("study %s: %s", study_id, error)


def queue_next(workspace: Workspace, changes: Changes) -> list[str]:
    """Queues what comes next, inside the caller's change of the study; the ids of new runs.

    Of a study without automation that is all of its runs. Raises StoreError or DeviceError.
    """
    if changes.study.automation.going:
        _resume_lost(workspace, changes)
    new = trials.queue_next(workspace, changes)
    if not untuned(changes.study.config):
        new += queue_missing(workspace, changes)
        new += auto.queue_next(workspace, changes)
    if changes.study.automation.going and not _more_to_come(workspace, changes.study):
        changes.keep(automation=replace(changes.study.automation, going=False))
    return new


def wanted(study: Study) -> bool:
    """True if something of the study is left that it does by itself: tuning, or Auto that has not ended."""
    return bool(untuned(study.config)) or (study.config.auto is not None and not study.automation.ended)


def _more_to_come(workspace: Workspace, study: Study) -> bool:
    """True if there will be something to queue once a run ends."""
    if not wanted(study):
        return False
    return not untuned(study.config) or any(run.live for run in runs_of(workspace, study))


def runs_of(workspace: Workspace, study: Study) -> list[Run]:
    """All runs of a study that are there: those of its trials, then those of its arms."""
    found = [one.run for one in trial_runs(workspace, study)]
    found += [one.run for one in members(workspace, study)]
    return [run for run in found if run is not None]


def _resume_lost(workspace: Workspace, changes: Changes) -> None:
    """Resumes runs whose process has died, each once: a machine that was switched off costs no run."""
    for run in runs_of(workspace, changes.study):
        automation = changes.study.automation
        if run.state == RunState.LOST and run.id not in automation.resumed:
            changes.keep(automation=replace(automation, resumed=(*automation.resumed, run.id)))
            with suppress(TandemError):  # it can't be: then it counts as failed
                control.resume(workspace, run.id)
