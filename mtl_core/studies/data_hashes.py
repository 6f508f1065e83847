"""Hashes of the data that a study is about to read, found without reading a single example."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from mtl_core import registry
from mtl_core.config.run import RunConfig
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
            key = " · ".join([name, " ".join(filter(None, (arm.config.source, arm.config.data)))])
            if key not in found and name in registry.names("tasks"):
                found[key] = _of_task(registry.load("tasks", name), arm.config)
    return found


def _of_task(task: Task, config: RunConfig) -> dict[str, Any]:
    if config.source == "hub":
        repository, configuration = task.hub
        return {"repository": repository, "configuration": configuration, "revision": _revision(repository)}
    folder = SAMPLE if config.source == "sample" else Path(config.data or "").expanduser()
    return {"files": _layout.hashes(task, folder)}


def _revision(repository: str) -> str | None:
    """The commit of a data set in the hub's local cache."""
    home = Path(os.environ.get("HF_HOME", HUB_CACHE)).expanduser()
    cache = Path(os.environ.get("HF_HUB_CACHE", home / "hub")).expanduser()
    try:
        return (cache / f"datasets--{repository.replace('/', '--')}" / "refs" / "main").read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
