"""Which runs belong to which study, read from the studies' files: each once for as long as it stays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mtl_core.store.workspace import Workspace, is_example


@dataclass(frozen=True, slots=True)
class StudyRuns:
    """A study as the queue sees it."""

    id: str
    name: str
    created: float
    planned: int
    """Runs of its arms, started or not."""
    runs: tuple[str, ...]
    """Ids of its arms' runs, seed by seed."""
    trials: tuple[str, ...]
    """Ids of its tuning's runs."""
    kept: tuple[str, ...]
    """Ids of all runs that its file names, of seeds and arms that it has no more, too."""
    places: Mapping[str, str]
    """Run id → what it is in the study: "seed 2 of 'sst2 alone'", or a trial of its tuning."""
    going: bool
    """True where it queues by itself what comes next."""


def listing(workspace: Workspace) -> list[StudyRuns]:
    """Every study that can be read, the oldest first, the example before all. Takes a millisecond for a few studies."""
    found = []
    for path in workspace.studies.glob("*.json"):
        try:
            known = path.stat()
            found.append(_read(path, known.st_ino, known.st_mtime_ns))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # `store.studies.listing` tells of what can't be read
    return sorted(found, key=lambda study: (not is_example(study.id), study.created))


def owners(listed: list[StudyRuns]) -> dict[str, StudyRuns]:
    """Run id → its study; of a run that several have, the first that had it."""
    return {run: study for study in reversed(listed) for run in (*study.trials, *study.runs)}


@lru_cache(maxsize=1024)
def _read(path: Path, inode: int, changed: int) -> StudyRuns:
    """Each change puts another file in its place, with another inode or time."""
    del inode, changed
    document: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    config, started = document["config"], document["runs"]
    seeds = [str(seed) for seed in config["seeds"]]
    automation = document.get("automation", {})
    trials = [str(one["run"]) for of_arm in automation.get("trials", {}).values() for one in of_arm if one.get("run")]
    runs = [str(run) for by_seed in started.values() for run in by_seed.values()]
    return StudyRuns(
        id=str(document["id"]),
        name=str(config["name"]),
        created=float(document["created"]),
        planned=sum(len(seeds if arm.get("seeds") is None else arm["seeds"]) for arm in config["arms"]),
        runs=tuple(
            dict.fromkeys(
                str(started[arm["name"]][seed])
                for seed in seeds
                for arm in config["arms"]
                if seed in started.get(arm["name"], {})
            )
        ),
        trials=tuple(trials),
        kept=tuple(dict.fromkeys([*runs, *trials])),
        places={
            **dict.fromkeys(trials, "a trial of its tuning"),
            **{
                str(run): f"seed {seed} of '{arm}'" for arm, by_seed in started.items() for seed, run in by_seed.items()
            },
        },
        going=bool(automation.get("going")),
    )
