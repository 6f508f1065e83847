"""The command line that does what the app would do with a config."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from mtl_core.config import RunConfig

ALWAYS = ("tasks", "source", "encoder", "sharing", "schedule", "seed")
"""What a reader wants to see in the command even where it is the default."""


def train(config: RunConfig, runs_dir: Path | None = None) -> str:
    """`python -m mtl_core train …` with the options that differ from their defaults, quoted for a POSIX shell."""
    parts = ["python", "-m", "mtl_core", "train"]
    usual = RunConfig.model_construct(tasks=()).model_dump(mode="json")
    for field, value in config.model_dump(mode="json").items():
        if field in ALWAYS or value != usual[field]:
            parts += [f"--{field.replace('_', '-')}", _text(field, value)]
    if runs_dir is not None:
        parts += ["--runs-dir", str(runs_dir)]
    return shlex.join(parts)


def _text(field: str, value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, dict) and not field.endswith("_settings"):
        return ",".join(f"{name}={limit}" for name, limit in value.items())
    if isinstance(value, (dict, bool)):
        return json.dumps(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
