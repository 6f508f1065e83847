"""Answers to the Help page: where things lie on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from mtl_core import registry
from mtl_core.services import forms
from mtl_core.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file or folder, and what is in it."""

    what: str
    path: str
    note: str = ""


def places(workspace: Workspace) -> list[FilePlace]:
    """Where this workspace keeps everything, and what Tandem reads from elsewhere."""
    run = workspace.path / "RUN"
    hub = Path(os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")) / "huggingface")
    return [
        FilePlace("runs folder", str(workspace), "everything below; `--runs-dir` or TANDEM_RUNS_DIR names another"),
        FilePlace("a run", str(run), "RUN is its id. The folder is the whole run: copy it, or delete it"),
        FilePlace("its settings", str(run / "config.json"), "`train --config FILE` trains it again"),
        FilePlace("its log", str(run / "log.txt"), "what happened when"),
        FilePlace("its curves and answers", str(run / "run.db"), "SQLite"),
        FilePlace("its weights", str(run / "checkpoints"), "safetensors"),
        FilePlace("studies", str(workspace.studies), "a file each"),
        FilePlace("index", str(workspace.index_file), "`reindex` makes it again from the runs' folders"),
        FilePlace("cache", str(workspace.cache), "may be deleted: all of it is made again"),
        FilePlace("generated sample", str(registry.ROOT / "data" / "sample"), "comes with Tandem"),
        FilePlace(
            "encoders and data of the hub", str(hub.expanduser()), "Hugging Face's own cache; HF_HOME names another"
        ),
    ]


def data_files() -> list[FilePlace]:
    """The files that a data folder holds for each task."""
    own = forms.own_tasks(forms.task_names())
    found = [registry.load("tasks", name) for name in forms.task_names() if name not in own]
    splits = [(task, task.folder_train, task.folder_dev) for task in found]
    return [
        FilePlace(task.title, task.folder.format(split=train), task.folder.format(split=dev))
        for task, train, dev in splits
    ]
