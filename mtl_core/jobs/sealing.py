"""Seals a study's plan before its first run, and notes in its chain what comes after."""

from __future__ import annotations

import time
from contextlib import suppress

from mtl_core.errors import StoreError
from mtl_core.store import studies
from mtl_core.store.seal import Seal
from mtl_core.store.studies import Changes, Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import sealing


def seal(workspace: Workspace, study_id: str) -> Study:
    """Seals a study that has no run yet, on disk before one is queued; of a sealed one it notes changed data.

    A study that an earlier version has started stays without. Raises StudyNotFound and StoreError.
    """
    with studies.changing(workspace, study_id) as changes:
        study, now = changes.study, time.time()
        if study.seal is not None:
            _note_data(changes, study.seal, now)
        elif not study.run_ids() and not study.automation.trials:
            changes.keep(seal=sealing.sealed(study, now))
        return changes.study


def note(workspace: Workspace, study_id: str) -> Study:
    """Notes the runs that have results by now in a sealed study's chain. Raises StudyNotFound and StoreError."""
    found = studies.get(workspace, study_id)
    if found.seal is None:
        return found
    with studies.changing(workspace, study_id) as changes:
        _note_runs(workspace, changes, time.time())
        return changes.study


def for_report(workspace: Workspace, study_id: str) -> Study:
    """A study to make a report of, its runs noted where the runs folder can be written. Raises StudyNotFound."""
    with suppress(StoreError):
        return note(workspace, study_id)
    return studies.get(workspace, study_id)


def _note_data(changes: Changes, found: Seal, now: float) -> None:
    noted = sealing.with_data(found, changes.study, now)
    if noted is not found:
        changes.keep(seal=noted)


def _note_runs(workspace: Workspace, changes: Changes, now: float) -> None:
    study = changes.study
    if study.seal is not None:
        noted = sealing.with_runs(workspace, study.seal, study, now)
        if noted is not study.seal:
            changes.keep(seal=noted)
