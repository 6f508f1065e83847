"""Answers to the Help page: where things lie on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from mtl_core import registry
from mtl_core.services import forms
from mtl_core.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder, and what is in it."""

    what: str
    path: str
    note: str = ""


def places(workspace: Workspace) -> list[Place]:
    """Where this workspace keeps everything, and what Tandem reads from elsewhere."""
    run = workspace.path / "RUN"
    hub = Path(os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")) / "huggingface")
    return [
        Place("runs folder", str(workspace), "everything below; `--runs-dir` or TANDEM_RUNS_DIR names another"),
        Place("a run", str(run), "RUN is its id. The folder is the whole run: copy it, or delete it"),
        Place("its settings", str(run / "config.json"), "`train --config FILE` trains it again"),
        Place("its log", str(run / "log.txt"), "what happened when"),
        Place("its curves and answers", str(run / "run.db"), "SQLite"),
        Place("its weights", str(run / "checkpoints"), "safetensors"),
        Place("studies", str(workspace.studies), "a file each"),
        Place("index", str(workspace.index_file), "`reindex` makes it again from the runs' folders"),
        Place("cache", str(workspace.cache), "may be deleted: all of it is made again"),
        Place("generated sample", str(registry.ROOT / "data" / "sample"), "comes with Tandem"),
        Place("encoders and data of the hub", str(hub.expanduser()), "Hugging Face's own cache; HF_HOME names another"),
    ]


def data_files() -> list[Place]:
    """The files that a data folder holds for each task."""
    found = [registry.load("tasks", name) for name in forms.task_names()]
    splits = [(task, task.folder_train, task.folder_dev) for task in found]
    return [
        Place(task.title, task.folder.format(split=train), task.folder.format(split=dev)) for task, train, dev in splits
    ]
