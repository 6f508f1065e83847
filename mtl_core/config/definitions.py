"""Definitions of own tasks, which are JSON: what is a new version of one, and what only names it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from mtl_core.errors import Fault, InvalidConfig

WORDS = ("title", "question", "input_titles", "tries", "source", "metrics")
"""Fields of a task that change nothing of its data."""
SPLITS = ("train", "dev")
LEAST_HELD_OUT, MOST_HELD_OUT = 0.01, 0.5
"""Share of the rows that can become the dev set."""
KEPT_OF_FILES = ("bytes", "sha256")
"""What tells a file's content, wherever it lies."""


def shaped(definitions: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The same definitions. Raises ValueError for one without the parts that all have; kinds check the rest."""
    for name, one in definitions.items():
        task, data = one.get("task"), one.get("data")
        files = [data.get(split) for split in SPLITS] if isinstance(data, dict) and "hub" not in data else []
        whole = isinstance(task, dict) and isinstance(data, dict) and one.get("name") == name
        if not whole or not all(file is None or (isinstance(file, dict) and "path" in file) for file in files):
            raise ValueError(f"'{name}' is not the definition of a task. Leave definitions out: they are filled in.")
    return definitions


def need_share(share: object) -> None:
    """Raises InvalidConfig for a share that can't be held out as dev set; None is the usual one."""
    fits = isinstance(share, (int, float)) and LEAST_HELD_OUT <= share <= MOST_HELD_OUT
    if share is not None and not fits:
        words = f"{share} of the rows can't be the dev set. Use a share from {LEAST_HELD_OUT} to {MOST_HELD_OUT}."
        raise InvalidConfig([Fault("hold_out", words)])


def version(definition: Mapping[str, Any]) -> str:
    """Eight characters that change with the data's content, columns, labels, rules or splits; never with a title or
    the place where a file lies."""
    known = {name: value for name, value in definition.items() if name not in ("counts", "unused")}
    content = {
        **{"rules": [], "left_out": [], **known},
        "name": "",
        "task": {name: value for name, value in definition["task"].items() if name not in WORDS},
        "data": _content(definition["data"]),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:8]


def _content(data: Mapping[str, Any]) -> dict[str, Any]:
    if "hub" in data:
        return dict(data)
    files = {split: data.get(split) for split in SPLITS}
    return {split: file and {name: file.get(name) for name in KEPT_OF_FILES} for split, file in files.items()}
