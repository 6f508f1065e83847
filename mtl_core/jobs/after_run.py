"""What comes after the end of a run: sealed studies note its results, those that go on by themselves do so."""

from __future__ import annotations

import logging

from mtl_core.errors import TandemError
from mtl_core.store import studies
from mtl_core.store.workspace import Workspace

PATIENCE = 60.0
"""Seconds to wait for others that change the same study: whose run has ended may be the last to look."""


log = logging.getLogger("tandem.after_run")


def note_results(workspace: Workspace, run_id: str) -> None:
    """Notes the run's scores in the chain of every sealed study that has it. What fails is done at the next export."""
    found = studies.with_run(workspace, run_id)
    if found:
        from mtl_core.jobs import sealing  # brings the store's vectors

        for study_id in found:
            try:
                sealing.note(workspace, study_id)
            except TandemError as error:
                log.warning("study %s: %s", study_id, error)


def let_studies_go_on(workspace: Workspace, patience: float | None = PATIENCE) -> None:
    """Advances every study that goes on by itself; takes a millisecond where there is none."""
    if studies.going(workspace):
        from mtl_core.jobs import advance  # brings the judging of studies, a second of work

        advance.advance_all(workspace, patience)
