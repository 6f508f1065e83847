"""A check that the index and the folders are whole, and agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from mtl_core.store import runs
from mtl_core.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Health:
    """The outcome of the check. Folders and rows are given by run id."""

    damage: str
    """What SQLite says is wrong with the index, "" where it is whole."""
    states: dict[str, int]
    """How many runs are in each state."""
    without_folder: tuple[str, ...]
    without_row: tuple[str, ...]


def examine(workspace: Workspace) -> Health:
    """Looks at everything and changes nothing. Raises StoreError."""
    folders = {folder.id for folder in workspace.runs()}
    with workspace.read() as index:
        said = [row[0] for row in index.execute("PRAGMA integrity_check")]
        known = {run.id: run.state for run in runs.listing(index)}
    return Health(
        damage="" if said == ["ok"] else "; ".join(said),
        states=dict(Counter(known.values())),
        without_folder=tuple(sorted(known.keys() - folders)),
        without_row=tuple(sorted(folders - known.keys())),
    )
