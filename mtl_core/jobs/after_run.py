"""What comes after the end of a run: studies that go on by themselves do so."""

from __future__ import annotations

from mtl_core.store import studies
from mtl_core.store.workspace import Workspace

PATIENCE = 60.0
"""Seconds to wait for others that change the same study: whose run has ended may be the last to look."""


def let_studies_go_on(workspace: Workspace, patience: float | None = PATIENCE) -> None:
    """Advances every study that goes on by itself; takes a millisecond where there is none."""
    if studies.going(workspace):
        from mtl_core.jobs import advance  # brings the judging of studies, a second of work

        advance.advance_all(workspace, patience)
