"""Answers to pages: a module per page, plain values; and the records that several pages show."""

from mtl_core.errors import Fault, InvalidConfig, RunNotFound, StudyNotFound, TandemError
from mtl_core.records import LIVE
from mtl_core.store import tasks as task_store
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

__all__ = [
    "LIVE",
    "Fault",
    "InvalidConfig",
    "Run",
    "RunNotFound",
    "StudyNotFound",
    "TandemError",
    "Workspace",
    "open_workspace",
]


def open_workspace() -> Workspace:
    """The runs folder that this server shows: `TANDEM_RUNS_DIR`, or `runs/` beside app.py; its tasks are known by
    name from then on."""
    workspace = Workspace.default()
    task_store.use(workspace)
    return workspace
