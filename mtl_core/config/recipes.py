"""Recipes in words, with the settings of their methods: "soft(strength=0.1)/proportional/sum"."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from mtl_core.config.presets import PRESETS
from mtl_core.config.run import RunConfig
from mtl_core.config.settings import field_text, value_text
from mtl_core.errors import Fault, InvalidConfig

FIELDS = ("sharing", "schedule", "balancing")
PART = re.compile(r'\s*([^/()]*?)\s*(?:\(((?:[^()"]|"(?:\\.|[^"\\])*")*)\))?\s*(/|$)')
"""A method, its settings in brackets, and what parts it from the next."""
BARE = re.compile(r"[^,]*")
"""A value without quotes."""


def split(text: str) -> list[tuple[str, dict[str, Any]]]:
    """The methods of a recipe with their settings. Raises InvalidConfig for brackets that do not fit."""
    parts, place = list[tuple[str, dict[str, Any]]](), 0
    while True:
        found = PART.match(text, place)
        if found is None:
            words = f"'{text}' can't be read. Write settings as soft(strength=0.1)/proportional/sum."
            raise InvalidConfig([Fault("recipes", words)])
        parts.append((found[1], _settings(text, found[2] or "")))
        place = found.end()
        if not found[3]:
            return parts


def text_of(config: RunConfig) -> str:
    """The recipe of a config, which `split` reads; the name of the preset that it amounts to."""
    values = {
        f"{field}{ending}": getattr(config, f"{field}{ending}") for field in FIELDS for ending in ("", "_settings")
    }
    settings = {field: values[f"{field}_settings"] for field in FIELDS}
    if any(settings.values()):
        named = next((preset.name for preset in PRESETS if preset.values(config.tasks) == values), "")
        if named:
            return named
    return "/".join(f"{values[field]}{_written(settings[field])}" for field in FIELDS)


def arm_name(config: RunConfig, text: str) -> str:
    """What to call the arm of a recipe: its methods, and the settings that the text says."""
    told = [
        f"{field_text(name)} {value_text(name, value)}"
        for field in FIELDS
        for name, value in getattr(config, f"{field}_settings").items()
        if "(" in text
    ]
    return " · ".join([config.recipe, *told])[:120]


def _settings(text: str, inside: str) -> dict[str, Any]:
    """ "rates=phase, share=0.5" as values: JSON where it is some, else text."""
    found, rest = dict[str, Any](), inside.strip()
    while rest:
        name, equals, rest = rest.partition("=")
        if not equals or not name.strip():
            words = f"'{text}' has a setting without a value. Write it as soft(strength=0.1)/proportional/sum."
            raise InvalidConfig([Fault("recipes", words)])
        found[name.strip()], rest = _value(rest.lstrip())
        rest = rest.lstrip().removeprefix(",").lstrip()
    return found


def _value(text: str) -> tuple[Any, str]:
    """The first value, and what comes after it."""
    bare = BARE.match(text)
    assert bare is not None
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return bare[0].strip(), text[bare.end() :]
    if text[end:].lstrip()[:1] not in ("", ","):
        return bare[0].strip(), text[bare.end() :]  # such as 3fold: text that begins with a number
    return value, text[end:]


def _written(settings: Mapping[str, Any]) -> str:
    if not settings:
        return ""
    return f"({', '.join(f'{name}={_written_value(value)}' for name, value in settings.items())})"


def _written_value(value: Any) -> str:
    """A word as it is, everything else as JSON."""
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z_]\w*", value) and value not in ("true", "false", "null"):
        return value
    return json.dumps(value)
