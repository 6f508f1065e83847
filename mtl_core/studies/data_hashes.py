"""Hashes of the data that a study is about to read, found without reading a single example."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from mtl_core import registry
from mtl_core.config.definitions import SPLITS
from mtl_core.config.study import StudyConfig
from mtl_core.kinds import Task, _layout

SAMPLE = registry.ROOT / "data" / "sample"
"""The files of the generated sample."""
HUB_CACHE = "~/.cache/huggingface"


def of_study(config: StudyConfig) -> dict[str, Any]:
    """Each task and source, "sst2 · folder /data", with what is known of its files; tasks that are gone are left out.

    Files of a folder, and of the generated sample, have their size and SHA-256. Of the hub's data sets the revision in
    the local cache is noted, None before they were fetched: the fingerprints that runs note are of what they read.
    """
    found: dict[str, Any] = {}
    for arm in config.arms:
        for name in arm.config.tasks:
            source, data = arm.config.place_of(name)
            key = " · ".join([name, " ".join(filter(None, (source, data)))])
            if name in arm.config.definitions:
                key = f"{key} {arm.config.version_of(name)}"
                found[key] = _of_own(arm.config.definitions[name])
            elif key not in found and registry.has("tasks", name):
                found[key] = _of_task(registry.load("tasks", name), source, data)
    return found


def _of_own(definition: dict[str, Any]) -> dict[str, Any]:
    data = definition["data"]
    if "hub" in data:
        return {"repository": data["hub"][0], "configuration": data["hub"][1], "revision": _revision(data["hub"][0])}
    files = [file for split in SPLITS if (file := data.get(split))]
    return {"files": {file["path"]: {"bytes": file["bytes"], "sha256": file["sha256"]} for file in files}}


def _of_task(task: Task, source: str, data: str | None) -> dict[str, Any]:
    if source == "hub":
        repository, configuration = task.hub
        return {"repository": repository, "configuration": configuration, "revision": _revision(repository)}
    folder = SAMPLE if source == "sample" else Path(data or "").expanduser()
    return {"files": _layout.hashes(task, folder)}


def _revision(repository: str) -> str | None:
    """The commit of a data set in the hub's local cache."""
    home = Path(os.environ.get("HF_HOME", HUB_CACHE)).expanduser()
    cache = Path(os.environ.get("HF_HUB_CACHE", home / "hub")).expanduser()
    try:
        return (cache / f"datasets--{repository.replace('/', '--')}" / "refs" / "main").read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
