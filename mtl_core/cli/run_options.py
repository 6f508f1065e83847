"""The config's fields as options of `train`: the same names, with dashes."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import click
from pydantic.fields import FieldInfo

from mtl_core import registry
from mtl_core.config import run as configs
from mtl_core.config.earlier import SELDOM_TYPED, given
from mtl_core.config.presets import PRESETS
from mtl_core.config.run import RunConfig
from mtl_core.config.training_presets import TRAINING_PRESETS
from mtl_core.config.typed import path, split_names
from mtl_core.disk.json_text import parsed
from mtl_core.errors import Fault, InvalidConfig, unknown_name

Command = TypeVar("Command", bound=Callable[..., Any])
UNTYPED = ("definitions",)
"""Fields that nobody types."""
NONE = ("", "none", "null")
"""What stands for "no value" where a field may have none."""
METAVARS: dict[object, str] = {int: "NUMBER", float: "NUMBER", str: "TEXT", bool: "true|false"}


def config_options(command: Command) -> Command:
    """One option for each field of RunConfig. Values are checked by RunConfig itself, all faults at once."""
    for name, field in reversed(RunConfig.model_fields.items()):
        if name in UNTYPED:
            continue
        option = click.option(f"--{name.replace('_', '-')}", name, metavar=_metavar(field), help=_help(field))
        command = option(command)
    return command


def config_from(given: Mapping[str, str | None], file: Path | None = None, presets: Sequence[str] = ()) -> RunConfig:
    """The checked config of a file's values, the presets and the options that were given; what comes later in this
    list counts. Raises InvalidConfig."""
    values: dict[str, Any] = _read(file) if file else {}
    stored = values.keys() >= SELDOM_TYPED
    values |= preset_values(presets, given.get("tasks") or values.get("tasks") or ())
    faults: list[Fault] = []
    for name, text in given.items():
        if text is None:
            continue
        try:
            values[name] = _value(RunConfig.model_fields[name], text)
        except ValueError:
            values.pop(name, None)
            faults.append(Fault(name, f"'{text}' is not valid JSON. Use names and values such as {{\"share\": 0.5}}."))
    try:
        config = configs.parse(values, stored=stored and not _chosen(given, presets))
    except InvalidConfig as error:
        raise InvalidConfig([*faults, *error.faults]) from None
    if faults:
        raise InvalidConfig(faults)
    return config


def preset_names(text: str) -> list[str]:
    """Names in the option `--preset`: "bert-2018,cross_domain"."""
    return [name.strip() for name in text.split(",") if name.strip()]


def preset_values(names: Sequence[str], tasks: Any) -> dict[str, Any]:
    """The fields that presets of recipes or of training set for the tasks. Raises InvalidConfig for unknown names."""
    known = {preset.name: preset for preset in (*PRESETS, *TRAINING_PRESETS)}
    unknown = [Fault("preset", unknown_name("preset", name, known)) for name in names if name not in known]
    if unknown:
        raise InvalidConfig(unknown)
    split = split_names(tasks)
    there = [task for task in split if registry.has("tasks", task)] if isinstance(split, (list, tuple)) else []
    return {field: value for name in names for field, value in known[name].values(there).items()}


def _chosen(given: Mapping[str, str | None], presets: Sequence[str]) -> bool:
    """True where options or presets choose a method or its settings, so that they are not those of a file."""
    names = {field.removesuffix("_settings") for field, text in given.items() if text is not None}
    return bool(names & {"sharing", "schedule", "balancing"}) or any(one.name in presets for one in PRESETS)


def _read(file: Path) -> dict[str, Any]:
    """A run's config.json, or what `show --json` has printed. Raises InvalidConfig."""
    try:
        document = parsed(path(str(file)).read_text("utf-8"))
    except OSError as error:
        raise InvalidConfig([Fault("config", f"can't read {file}: {error.strerror}.")]) from error
    except ValueError as error:
        raise InvalidConfig([Fault("config", f"{file} is not valid JSON: {error}.")]) from error
    if isinstance(document, dict) and isinstance(document.get("config"), dict):
        document = document["config"]
    if not isinstance(document, dict):
        raise InvalidConfig([Fault("config", f"{file} holds no config. Give a run's config.json.")])
    return given(document)


def _value(field: FieldInfo, text: str) -> Any:
    """The value of an option's text; numbers are left to RunConfig. Raises ValueError for bad JSON."""
    kinds = _kinds(field)
    if kinds == (dict,) and Any in get_args(field.annotation):
        settings = parsed(text)
        if not isinstance(settings, dict):
            raise ValueError(text)
        return settings
    return None if type(None) in kinds and text.lower() in NONE else text


def _kinds(field: FieldInfo) -> tuple[object, ...]:
    """The types that a field takes: `int | None` is int and NoneType."""
    annotation = field.annotation
    parts = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
    return tuple(get_origin(part) or part for part in parts)


def _metavar(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return "|".join(map(str, get_args(field.annotation)))
    kinds = _kinds(field)
    if tuple in kinds:
        return "NAME,NAME"
    if kinds == (dict,) and Any not in get_args(field.annotation):
        return "NAME=VALUE,..."
    return "JSON" if kinds == (dict,) else METAVARS.get(kinds[0], "TEXT")


def _help(field: FieldInfo) -> str:
    words = " ".join((field.description or "").replace("`", "").split())
    default = field.get_default()
    default = str(default).lower() if isinstance(default, bool) else default
    return f"{words}  [default: {default}]" if isinstance(default, (int, float, str)) and default != "" else words
