"""The command line that does what the app would do with a config."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence

from mtl_core.config.automation import Auto, Tune
from mtl_core.config.changed_defaults import said
from mtl_core.config.run import RunConfig
from mtl_core.config.study import Match
from mtl_core.store.workspace import Workspace
from mtl_core.study_designs import StudyPreset

ALWAYS = ("tasks", "source", "encoder", "sharing", "schedule", "seed")
"""What a reader wants to see in the command even where it is the default."""


SHARED = ("source", "encoder")
"""The same for a study."""
NOT_SHARED = ("name", "tasks", "seed", "sharing", "schedule", "balancing", "definitions")
"""What a study decides by itself, or says otherwise."""


def train(config: RunConfig, workspace: Workspace | None = None) -> str:
    """`python -m mtl_core train …` with the options that differ from their defaults, quoted for a POSIX shell."""
    parts = ["python", "-m", "mtl_core", "train"]
    usual = RunConfig.model_construct(tasks=()).model_dump(mode="json")
    for field, value in said(config.model_dump(mode="json"), stored=True).items():
        if field == "definitions":
            continue  # the name of an own task says it all
        if field in ALWAYS or value != usual[field]:
            parts += [f"--{field.replace('_', '-')}", _text(field, value)]
    if workspace is not None:
        parts += ["--runs-dir", str(workspace)]
    return shlex.join(parts)


def study(
    preset: StudyPreset,
    base: RunConfig,
    tasks: Sequence[str],
    seeds: Sequence[int],
    *,
    match: Match,
    margin: float,
    name: str = "",
    by_itself: tuple[Tune | None, Auto | None] = (None, None),
    workspace: Workspace | None = None,
) -> str:
    """`python -m mtl_core study …` that designs the same study and starts it in the background."""
    parts = ["python", "-m", "mtl_core", "study", "--preset", preset.name, "--tasks", ",".join(tasks)]
    own, usual = preset.model_dump(mode="json"), type(preset)().model_dump(mode="json")
    changed = {field: value for field, value in own.items() if value != usual[field]}
    parts += ["--settings", json.dumps(changed)] if changed else []
    parts += ["--seeds", _seeds(seeds), "--match", match, "--margin", f"{margin:g}"]
    parts += ["--name", name] if name else []
    parts += _by_itself(*by_itself)
    defaults = RunConfig.model_construct(tasks=()).model_dump(mode="json")
    for field, value in base.model_dump(mode="json").items():
        shown = field in SHARED or field in preset.suggested or value != defaults[field]
        if shown and field not in NOT_SHARED:
            parts += [f"--{field.replace('_', '-')}", _text(field, value)]
    parts += ["--runs-dir", str(workspace)] if workspace is not None else []
    return shlex.join([*parts, "--background"])


def _by_itself(tune: Tune | None, auto: Auto | None) -> list[str]:
    """Options of tuning and Auto."""
    parts = ["--tune", str(tune.trials), "--tuner", tune.tuner] if tune else []
    parts += ["--auto", "--most-seeds", str(auto.most_seeds)] if auto else []
    return parts + (["--hours", f"{auto.hours:g}"] if auto and auto.hours else [])


def _seeds(seeds: Sequence[int]) -> str:
    """ "3" for 1, 2, 3; a list for any others, with a comma where it is one alone."""
    if list(seeds) == list(range(1, len(seeds) + 1)):
        return str(len(seeds))
    return ",".join(map(str, seeds)) + "," * (len(seeds) == 1)


def _text(field: str, value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, dict) and not field.endswith("_settings"):
        return ",".join(f"{name}={limit}" for name, limit in value.items())
    if isinstance(value, (dict, bool)):
        return json.dumps(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
