"""What would miss a run that is deleted: studies that have it, and runs that have yet to build on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mtl_core.store import found_runs
from mtl_core.store.found_runs import Members
from mtl_core.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Need:
    """Someone who needs a run."""

    run: str
    """The run that is needed."""
    by: str
    """The id of the study or run that needs it."""
    words: str
    """Who that is and what for: "the study 'Does mnli help?' (ab3de6fg) uses it"."""


def of_runs(workspace: Workspace, run_ids: Sequence[str]) -> list[Need]:
    """Everyone who needs one of the runs and is not among them: studies, then runs that have not finished."""
    wanted = set(run_ids)
    found = [
        Need(run, study, f"the study '{name}' ({study}) uses it")
        for study, name, run in members(workspace)
        if run in wanted
    ]
    with workspace.read() as index:
        later = [run for run in found_runs.building_on(index, run_ids) if run.id not in wanted]
    for run in later:
        config = run.config
        starts = (config.start_from or "").partition(":")[0]
        for verb, named in (("starts", (starts,)), ("learns", config.teachers), ("is merged", config.merge_from)):
            found += [
                Need(one, run.id, f"the run '{run.title}' ({run.id}), {run.state}, {verb} from it")
                for one in named
                if one in wanted
            ]
    return found


def members(workspace: Workspace) -> Members:
    """Every run that a study has, trials of its tuning too: (the study's id, its name, the run)."""
    found = list[tuple[str, str, str]]()
    for path in sorted(workspace.studies.glob("*.json")):
        try:
            known = path.stat()
            found += _members_of(path, known.st_ino, known.st_mtime_ns)
        except (OSError, ValueError, AttributeError, KeyError, TypeError):
            continue  # `studies.listing` tells of what can't be read
    return found


@lru_cache(maxsize=1024)
def _members_of(path: Path, inode: int, changed: int) -> Members:
    """Read once for as long as the file stays, as each change puts another in its place."""
    del inode, changed
    document = json.loads(path.read_text("utf-8"))
    runs = [run for seeds in document["runs"].values() for run in seeds.values()]
    runs += [trial["run"] for own in document.get("automation", {}).get("trials", {}).values() for trial in own]
    return [(path.stem, str(document["config"]["name"]), str(run)) for run in dict.fromkeys(runs)]
