"""Whether the index and the folders are whole, and agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from mtl_core.store import paths, runs
from mtl_core.store.index import open_index


@dataclass(frozen=True, slots=True)
class Health:
    """What was found. Folders and rows are told by run id."""

    damage: str
    """What SQLite says is wrong with the index, "" where it is whole."""
    states: dict[str, int]
    """How many runs are in each state."""
    without_folder: tuple[str, ...]
    without_row: tuple[str, ...]


def examine(runs_dir: Path) -> Health:
    """Looks at everything and changes nothing. Raises StoreError."""
    folders = {folder.id for folder in paths.run_folders(runs_dir)}
    if not paths.index_file(runs_dir).exists():
        return Health("", {}, (), tuple(sorted(folders)))
    with open_index(runs_dir) as index:
        said = [row[0] for row in index.execute("PRAGMA integrity_check")]
        known = {run.id: run.state for run in runs.listing(index)}
    return Health(
        damage="" if said == ["ok"] else "; ".join(said),
        states=dict(Counter(known.values())),
        without_folder=tuple(sorted(known.keys() - folders)),
        without_row=tuple(sorted(folders - known.keys())),
    )
