"""The settings of runs as they are told apart and written."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from mtl_core.config.definitions import version
from mtl_core.config.fields import about
from mtl_core.config.places import place_text
from mtl_core.config.run import RunConfig

ENCODERS = {"embedded": "MiniLM-L6 (built in)", "embedded-base": "MPNet base (from the package registry)"}
METHOD = (
    "sharing",
    "sharing_settings",
    "schedule",
    "schedule_settings",
    "balancing",
    "balancing_settings",
    "teachers",
    "merging",
    "merging_settings",
    "merge_from",
)
"""The fields of a config that make its method; with `tasks`, the question that a comparison asks."""


PLACES = ("source", "data", "task_sources", "definitions")
"""The fields of a config that say where examples come from."""
STEPS = (
    *("epochs", "batch_size", "learning_rate", "start_from", "freeze_layers", "attention_dropout"),
    *("gradient_checkpointing", "compile", "processes"),
    *(name for name, field in RunConfig.model_fields.items() if about(field).group in ("Rates", "Steps")),
)
"""Fields that act in optimisation steps alone, so that they say nothing of a merged run."""


def flat(config: RunConfig) -> dict[str, Any]:
    """A config's fields, settings of methods as fields of their own ("schedule_settings.share").

    Without what has no meaning in it: how a limit draws where there is none; nor the rules of reading, which the data's
    fingerprint tells where they matter. Sources task by task, and versions of own tasks, where a run has such."""
    values: dict[str, Any] = {}
    by_task = config.task_sources or config.definitions
    for field, value in config.model_dump(mode="json").items():
        if field.endswith("_settings"):
            values |= {f"{field}.{name}": setting for name, setting in value.items()}
        elif field in PLACES and (by_task or field not in ("source", "data")):
            values |= _places(config) if field == "source" else {}
        elif field == "data_rules":
            continue
        elif (field != "limit_by" or config.limited) and (field != "overlap" or config.leaves_overlap_out):
            values[field] = value
    return values


def _places(config: RunConfig) -> dict[str, str]:
    """Each task's source, or its version where it is an own one."""
    found = {}
    for task in config.tasks:
        own = config.version_of(task)
        key, value = ("definitions", own) if own else ("task_sources", place_text(*config.place_of(task)))
        found[f"{key}.{task}"] = value
    return found


def place_differences(ours: RunConfig, theirs: RunConfig) -> list[str]:
    """Tasks of both configs whose examples come from different places or versions, in words."""
    by_task = any(config.task_sources or config.definitions for config in (ours, theirs))
    if not by_task:
        pairs = [(field, getattr(ours, field), getattr(theirs, field)) for field in ("source", "data")]
        return [
            f"{field} {value_text(field, one)} against {value_text(field, other)}"
            for field, one, other in pairs
            if one != other
        ]
    words = []
    for task in (task for task in ours.tasks if task in theirs.tasks):
        versions = [config.version_of(task) for config in (ours, theirs)]
        places = [place_text(*config.place_of(task)) for config in (ours, theirs)]
        if places[0] != places[1]:
            words.append(f"{task} from {places[0]} against {places[1]}")
        elif versions[0] != versions[1]:
            words.append(f"version {versions[0]} of {task} against {versions[1]}")
    return words


def setting_differences(
    ours: RunConfig, theirs: RunConfig, left_out: Collection[str], *, names: Collection[str] = ()
) -> list[str]:
    """Where data come from and settings in which configs differ, in words: "precision bf16 against fp32".

    `left_out`: fields, with all that is in them; `names`: single settings.
    """
    mine, its = flat(ours), flat(theirs)
    return place_differences(ours, theirs) + [
        f"{field_text(name)} {value_text(name, mine[name])} against {value_text(name, its.get(name))}"
        for name in mine
        if root(name) not in (*left_out, *PLACES) and name not in names and differ(name, mine, its)
    ]


def differ(field: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """True where two flat configs differ in a field. How a limit draws is no difference to one without a limit."""
    if field == "limit_by" and not (field in ours and field in theirs):
        return False
    return bool(ours.get(field) != theirs.get(field))


def root(field: str) -> str:
    """The config's own field that a flat one belongs to."""
    return field.partition(".")[0]


def field_text(field: str) -> str:
    """A flat field as words: "learning rate", "share"."""
    if root(field) in ("definitions", "task_sources"):
        task = field.partition(".")[2]
        return f"{task} version" if root(field) == "definitions" else f"{task} from"
    own = about(RunConfig.model_fields[field]).label if field in RunConfig.model_fields else ""
    return own or field.rpartition(".")[2].replace("_", " ")


def encoder_name(encoder: str) -> str:
    """An encoder as people read it: "MiniLM-L6 (built in)" for `embedded`, any other by its own id or folder."""
    return ENCODERS.get(encoder, encoder)


def value_text(field: str, value: Any) -> str:
    """A setting's value as it is written: 5e-05 is "5e-5", 4000 is "4,000", nothing is what it means or "–"."""
    if value is None or value in ("", [], ()):
        return (about(RunConfig.model_fields[field]).empty if field in RunConfig.model_fields else "") or "–"
    if field == "encoder":
        return encoder_name(str(value))
    if field == "definitions" and isinstance(value, dict):
        return ", ".join(f"{task} version {version(one)}" for task, one in value.items())
    if isinstance(value, dict) and field == "train_limit":
        return ", ".join(f"{task} {limit:,}" for task, limit in value.items())
    if isinstance(value, (bool, dict)):
        return json.dumps(value)
    if isinstance(value, float):
        return _short(value)
    if isinstance(value, int):
        return str(value) if field == "seed" else f"{value:,}"
    if isinstance(value, (list, tuple)):
        return " + ".join(map(str, value))
    return str(value)


def _short(value: float) -> str:
    """0.00005 is "5e-5", 0.06 is "0.06"."""
    if value and abs(value) < 0.001:
        digits, _, power = f"{value:.5e}".partition("e")
        return f"{float(digits):g}e{int(power)}"
    return f"{value:g}"


def differing(configs: Sequence[RunConfig]) -> list[tuple[str, list[str]]]:
    """Only the settings that are not the same in all configs: the field's words and each config's value."""
    values = [flat(config) for config in configs]
    fields = dict.fromkeys(field for config in values for field in config if field != "name")
    rows = [(field, [value_text(field, config.get(field)) for config in values]) for field in fields]
    return [(field_text(field), values) for field, values in rows if len(set(values)) > 1]
