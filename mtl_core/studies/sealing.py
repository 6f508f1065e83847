"""What a study's seal is made of, and what is noted of each run that has results."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from mtl_core import __version__
from mtl_core.store import seal, vectors
from mtl_core.store.runs import Run
from mtl_core.store.seal import CHANGED, DATA, RUN, Seal
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import data_hashes
from mtl_core.studies.members import Member, members


def sealed(study: Study, now: float) -> Seal:
    """The seal of a study that is about to start."""
    plan = {
        "tandem": __version__,
        "study": study.id,
        "time": seal.moment(now),
        "config": study.config.model_dump(mode="json"),
        DATA: data_hashes.of_study(study.config),
    }
    return seal.made(plan)


def with_data(found: Seal, study: Study, now: float) -> Seal:
    """The seal with the data's hashes noted again, where they are others by now."""
    before, after = found.data(), data_hashes.of_study(study.config)
    if all(before.get(key) == value for key, value in after.items()):
        return found
    planned = all(before.get(key, value) == value for key, value in after.items())
    values = {"part": DATA, "from": before, "to": {**before, **after}, "planned": planned}
    return found.with_entry(CHANGED, now, **values)


def with_runs(workspace: Workspace, found: Seal, study: Study, now: float) -> Seal:
    """The seal with an entry for every run that has results and none yet."""
    noted = {(entry["arm"], entry["seed"], entry["run"]) for entry in found.entries if entry["kind"] == RUN}
    with workspace.read() as index:
        for one in members(workspace, study):
            if one.done and one.run and (one.arm, one.seed, one.run.id) not in noted:
                found = found.with_entry(RUN, now, **_of_run(workspace, index, found, one, one.run))
    return found


def _of_run(workspace: Workspace, index: Database, found: Seal, member: Member, run: Run) -> dict[str, Any]:
    folder = workspace.run(run.id)
    data = folder.data_facts()
    return {
        "arm": member.arm,
        "seed": member.seed,
        "run": run.id,
        "earlier": seal.moment(run.created) < found.time,
        "data": {task: str(facts.get("fingerprint", "")) for task, facts in data.items()},
        "scores": dict(_scores(index, run)),
    }


def _scores(index: Database, run: Run) -> Iterator[tuple[str, dict[str, str]]]:
    """By task, a fingerprint of its dev examples, and the hash of what each contributes to the main metric."""
    for task in run.config.tasks:
        of_task = vectors.of_runs(index, [run.id], task).get(run.id)
        if of_task is not None:
            yield task, {"examples": of_task.examples, "sha256": scores_hash(of_task.contributions)}


def scores_hash(contributions: NDArray[np.float64]) -> str:
    """SHA-256 of the contributions (examples,) as little-endian float64; -0.0 counts as 0.0."""
    return sha256(np.ascontiguousarray(contributions + 0.0, "<f8").tobytes()).hexdigest()
