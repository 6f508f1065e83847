"""docs/methods.md tells of every method what is so."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from mtl_core import registry
from mtl_core.config.methods import FIELDS
from mtl_core.engine.methods import settings_model

PAGE = (Path(__file__).parents[2] / "docs" / "methods.md").read_text("utf-8")
EVERY = [(family, name) for family in FIELDS for name in registry.names(family)]


def chapter(family: str) -> str:
    """A family's part of the page."""
    [found] = re.findall(rf"^## {family.capitalize()}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    return str(found)


def section(family: str, name: str) -> str:
    found = re.findall(rf"^### `{name}`\n(.*?)(?=^### |\Z)", chapter(family), re.M | re.S)
    assert len(found) == 1, f"docs/methods.md has {len(found)} sections on the {registry.SINGULAR[family]} {name}"
    return str(found[0])


def shown(default: Any) -> str:
    """A default as the page writes it."""
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"{default:g}" if isinstance(default, (int, float)) else default or "empty"


@pytest.mark.parametrize(("family", "name"), EVERY, ids=[f"{family}-{name}" for family, name in EVERY])
class TestSection:
    def test_says_what_the_form_says(self, family: str, name: str) -> None:
        summary = (inspect.getdoc(registry.load(family, name)) or "").partition("\n")[0]
        assert len(summary) <= 100, "a line in the form"
        assert " ".join(section(family, name).split()).startswith(summary)

    def test_names_its_settings_and_their_defaults(self, family: str, name: str) -> None:
        told = dict(re.findall(r"^\| `(\w+)` \| (\S+) \|", section(family, name), re.M))
        schema = settings_model(registry.load(family, name)).model_json_schema()
        assert told == {key: shown(one["default"]) for key, one in schema.get("properties", {}).items()}
        assert ("No settings." in section(family, name)) is not bool(told)

    def test_says_where_it_comes_from_what_it_costs_and_when_to_use_it(self, family: str, name: str) -> None:
        for words in ("```text\n", "**Source:** ", "**Cost:** ", "**Use it** "):
            assert words in section(family, name)


@pytest.mark.parametrize("family", FIELDS)
def test_tells_of_no_method_that_is_gone(family: str) -> None:
    assert set(re.findall(r"^### `(\w+)`$", chapter(family), re.M)) == set(registry.names(family))
