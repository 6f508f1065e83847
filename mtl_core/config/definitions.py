"""Definitions of own tasks, which are JSON: what is a new version of one, and what only names it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

WORDS = ("title", "question", "input_titles", "tries", "source", "metrics")
"""Fields of a task that change nothing of its data."""
SPLITS = ("train", "dev")
KEPT_OF_FILES = ("bytes", "sha256")
"""What tells a file's content, wherever it lies."""


def version(definition: Mapping[str, Any]) -> str:
    """Eight characters that change with the data's content, columns, labels, rules or splits; never with a title or
    the place where a file lies."""
    known = {name: value for name, value in definition.items() if name != "counts"}
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
