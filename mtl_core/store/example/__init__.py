"""The example: a finished study that comes with the product, so that there is an answer to read before any training.

It was trained and packed by `python -m tests.example_study`. In a workspace it is a study and runs like all others, but
read-only, behind the user's own, and put in or taken away only as a whole.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from pathlib import Path

from sqlite_utils import Database

from mtl_core.disk import whole
from mtl_core.store import choices, reindex, runs, studies
from mtl_core.store.database import immediate
from mtl_core.store.workspace import EXAMPLE, Workspace, is_example

ARCHIVE = Path(__file__).with_name("study.tar.xz")
"""The study's file, and each run's folder without its checkpoints."""


def shown(workspace: Workspace) -> bool:
    """True where the example is in the workspace."""
    return _file(workspace).is_file()


def greet(workspace: Workspace) -> bool:
    """Puts the example into a workspace that has nothing of its own and where nobody has hidden it; whether it did.

    Raises StoreError.
    """
    if shown(workspace) or not _new(workspace):
        return False
    show(workspace)
    return True


def _new(workspace: Workspace) -> bool:
    """True where there is no run or study, and the example was never hidden."""
    found, unreadable = studies.listing(workspace)
    if found or unreadable or any(not is_example(folder.id) for folder in workspace.runs()):
        return False
    with workspace.read() as index:
        return not choices.get(index, choices.EXAMPLE_HIDDEN) and not _own_runs(index)


def _own_runs(index: Database) -> bool:
    return any(not run.example for run in runs.listing(index, limit=1))  # own runs are listed first


def show(workspace: Workspace) -> None:
    """Puts the example into the workspace; what is left of an earlier one is replaced. Raises StoreError."""
    workspace.check()
    with workspace.writing(), workspace.write() as index, immediate(index):
        choices.keep(index, choices.EXAMPLE_HIDDEN, False)
        if shown(workspace):
            return
        _forget(workspace, index)
        _unpack(workspace, index)


def _unpack(workspace: Workspace, index: Database) -> None:
    """Runs first and the study last: where its file is, all of it is there."""
    with tempfile.TemporaryDirectory(prefix=".example-", dir=workspace.path) as draft:
        with tarfile.open(ARCHIVE) as archive:
            archive.extractall(draft, filter="data")
        for folder in Workspace(Path(draft)).runs():
            folder.path.rename(workspace.run(folder.id).path)
            reindex.bring_in(index, workspace.run(folder.id), host="")
        study = Path(draft) / "studies" / _file(workspace).name
        whole.write_text(_file(workspace), study.read_text("utf-8"))


def hide(workspace: Workspace) -> None:
    """Takes the example away, all of it; it does not come back by itself. Raises StoreError."""
    if not workspace.index_file.exists() and not shown(workspace):
        return
    with workspace.writing(), workspace.write() as index, immediate(index):
        choices.keep(index, choices.EXAMPLE_HIDDEN, True)
        _forget(workspace, index)


def _forget(workspace: Workspace, index: Database) -> None:
    _file(workspace).unlink(missing_ok=True)
    known = [run.id for run in runs.listing(index) if run.example]
    for run_id in known:
        runs.delete(index, run_id)
    for path in [path for path in workspace.path.iterdir() if is_example(path.name)]:
        shutil.rmtree(path)


def _file(workspace: Workspace) -> Path:
    return workspace.studies / f"{EXAMPLE}.json"
