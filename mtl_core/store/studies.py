"""Studies on disk: one JSON file each in the runs folder, the config and the runs that it is made of.

Files, not rows of the index: a study is written by people, and must outlive an index that is made anew.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mtl_core.config import study as study_config
from mtl_core.config.earlier import stored_study
from mtl_core.config.study import StudyConfig
from mtl_core.disk import lock, whole
from mtl_core.disk.json_text import parsed
from mtl_core.errors import InvalidConfig, StoreError, StudyNotFound
from mtl_core.store import automation, runs, seal, study_members
from mtl_core.store.automation import Automation
from mtl_core.store.seal import Seal
from mtl_core.store.workspace import EXAMPLE, Workspace, is_example, is_run_id

READ_ONLY = (
    "the example study can't be changed. Copy it to make it yours, or take it away as a whole: "
    "`python -m mtl_core example --hide`."
)
PATIENCE = 10.0
"""Seconds to wait for another process that changes the same study."""


@dataclass(frozen=True, slots=True)
class Study:
    """A study as it is kept."""

    id: str
    created: float
    config: StudyConfig
    runs: dict[str, dict[int, str]] = field(default_factory=dict)
    """Name of an arm → seed → id of the run, for those that were started or taken over."""
    expected: dict[str, float] = field(default_factory=dict)
    """Seconds that a run of an arm was thought to take when the study was started, where that was known."""
    automation: Automation = field(default_factory=Automation)
    """How far tuning and Auto have come."""
    seal: Seal | None = None
    """Its plan as it was before the first run. None: not started yet, or started by an earlier version."""

    def run_ids(self) -> list[str]:
        """All of its arms' runs, each once; trials are not among them."""
        return list(dict.fromkeys(run for seeds in self.runs.values() for run in seeds.values()))

    @property
    def example(self) -> bool:
        """True for the one that came with the product."""
        return is_example(self.id)


def add(workspace: Workspace, config: StudyConfig, expected: Mapping[str, float] | None = None) -> Study:
    """Keeps a new study. Raises StoreError."""
    study = Study(runs.new_id(), time.time(), config, expected=dict(expected or {}))
    _write(workspace, study)
    return study


def get(workspace: Workspace, study_id: str) -> Study:
    """One study. Raises StudyNotFound, and StoreError for a file that is none."""
    path = _path(workspace, study_id)
    if not path.exists():
        raise StudyNotFound(f"there is no study '{study_id}'. `python -m mtl_core study --list` lists them.")
    return _read(path)


def listing(workspace: Workspace) -> tuple[list[Study], dict[str, str]]:
    """All studies, the newest first and the example last, and why others can't be read, by file name."""
    found, unreadable = [], {}
    for path in workspace.studies.glob("*.json"):
        try:
            found.append(_read(path))
        except StoreError as error:
            unreadable[path.name] = str(error)
    return sorted(found, key=lambda study: (study.example, -study.created)), unreadable


def going(workspace: Workspace) -> list[str]:
    """Ids of the studies that queue by themselves what comes next. Takes a millisecond for a few studies."""
    return sorted(study.id for study in study_members.listing(workspace) if study.going)


def with_run(workspace: Workspace, run_id: str) -> list[str]:
    """Ids of the studies that have this run. Takes a millisecond for a few studies."""
    return [study.id for study in listing(workspace)[0] if run_id in study.run_ids()]


@contextmanager
def changing(workspace: Workspace, study_id: str, patience: float | None = None) -> Iterator[Changes]:
    """A study that nobody else changes meanwhile; what `keep` was given last is written at the end.

    Raises as `get` does, and StoreError for the example, or where another process holds it for longer than `patience`
    seconds.
    """
    _own(study_id)
    held = _held(workspace, study_id, PATIENCE if patience is None else patience)
    try:
        changes = Changes(get(workspace, study_id))
        yield changes
        if changes.study is not changes.found:
            _write(workspace, changes.noted())
    finally:
        os.close(held)


class Changes:
    """A study and what becomes of it."""

    def __init__(self, found: Study) -> None:
        self.found = self.study = found

    def keep(self, **values: Any) -> Study:
        """The study with other values of its fields; StudyConfig's go by `config`."""
        self.study = replace(self.study, **values)
        return self.study

    def noted(self) -> Study:
        """The study with every change of its sealed plan in its chain."""
        before, after = self.found, self.study
        if before.seal is None or after.seal is None or before.config == after.config:
            return after
        return replace(after, seal=seal.changed(after.seal, before.config, after.config, time.time()))


def delete(workspace: Workspace, study_id: str) -> Study:
    """Forgets a study, not its runs; what it was. Raises StudyNotFound, and StoreError as `changing` does."""
    _own(study_id)
    get(workspace, study_id)
    held = _held(workspace, study_id, PATIENCE)  # who changes it would write it anew
    try:
        found = get(workspace, study_id)
        with workspace.writing():
            _path(workspace, study_id).unlink(missing_ok=True)
            _path(workspace, study_id).with_suffix(".lock").unlink(missing_ok=True)
    finally:
        os.close(held)
    return found


def restore(workspace: Workspace, study: Study) -> None:
    """Puts a study back that was deleted."""
    _write(workspace, study)


def _own(study_id: str) -> None:
    """Raises StoreError for the example, which is read-only."""
    if study_id == EXAMPLE:
        raise StoreError(READ_ONLY)


def _path(workspace: Workspace, study_id: str) -> Path:
    if not is_run_id(study_id):
        raise StudyNotFound(f"there is no study '{study_id}'. `python -m mtl_core study --list` lists them.")
    return workspace.studies / f"{study_id}.json"


def _held(workspace: Workspace, study_id: str, patience: float) -> int:
    path = _path(workspace, study_id).with_suffix(".lock")
    with workspace.writing():
        path.parent.mkdir(parents=True, exist_ok=True)
    latest = time.monotonic() + patience
    while (held := lock.take(path)) is None:
        if time.monotonic() >= latest:
            break
        time.sleep(0.05)
    else:
        return held
    raise StoreError(f"the study '{study_id}' is being changed by another process. Try again in a moment.")


def _write(workspace: Workspace, study: Study) -> None:
    path = _path(workspace, study.id)
    document = {
        "id": study.id,
        "created": study.created,
        "config": study.config.model_dump(mode="json"),
        "runs": study.runs,
        "expected": study.expected,
        "automation": automation.document(study.automation),
        "seal": seal.document(study.seal),
    }
    with workspace.writing():
        whole.write_text(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _read(path: Path) -> Study:
    try:
        document = parsed(path.read_text("utf-8"))
        config = study_config.parse(stored_study(document["config"]))
        members = {arm: {int(seed): str(run) for seed, run in seeds.items()} for arm, seeds in document["runs"].items()}
        expected = {str(arm): float(seconds) for arm, seconds in document.get("expected", {}).items()}
        state = automation.from_document(document.get("automation", {}))
        sealed = seal.from_document(document.get("seal"))
        return Study(str(document["id"]), float(document["created"]), config, members, expected, state, sealed)
    except InvalidConfig as error:
        raise StoreError(f"{path.name} is not a study of this version: {error}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{path.name} can't be read: {error}") from error
