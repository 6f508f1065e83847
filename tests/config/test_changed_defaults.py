"""A stored config keeps its meaning where a default has changed, and a new one says the new value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mtl_core import registry
from mtl_core.cli.run_options import config_from
from mtl_core.config.changed_defaults import CHANGED
from mtl_core.config.methods import FIELDS
from mtl_core.config.run import RunConfig, parse
from mtl_core.engine.methods import catalogue
from mtl_core.services import command
from mtl_core.study_designs import recipe, with_tasks
from tests.sharing.test_cross_stitch import model

STITCHED = {"tasks": "sst2,mnli", "sharing": "cross_stitch"}
FAMILIES = {field: family for family, field in FIELDS.items()}


@pytest.mark.parametrize(("field", "method"), CHANGED)
def test_a_class_keeps_the_old_default_and_a_form_shows_the_new(field: str, method: str) -> None:
    shown = catalogue()[FAMILIES[field]][method]["settings"]["properties"]
    defaults = registry.load(FAMILIES[field], method).__init__.__kwdefaults__
    for name, changed in CHANGED[field, method].items():
        assert defaults[name] == changed.before
        assert shown[name]["default"] == changed.now


def test_a_new_config_says_it_and_a_stored_one_stays_as_it_is() -> None:
    assert parse(STITCHED).sharing_settings == {"mixing_rate": 100.0}
    assert parse({**STITCHED, "sharing_settings": {"own": 0.8}}).sharing_settings == {"mixing_rate": 100.0, "own": 0.8}
    assert parse({**STITCHED, "sharing_settings": {"mixing_rate": 3}}).sharing_settings == {"mixing_rate": 3}
    assert parse({**STITCHED, "sharing": "soft"}).sharing_settings == {}
    stored = RunConfig.model_validate(STITCHED)
    assert stored.sharing_settings == {}
    assert parse(stored.model_dump(), stored=True) == stored
    assert stored.arm != parse(STITCHED).arm, "no study takes one for the other"
    assert with_tasks(stored, stored.tasks, **recipe("cross_stitch", stored.tasks)) == parse(STITCHED)


def test_the_class_takes_a_stored_config_as_it_was() -> None:
    assert model().mixing_rate == 1.0


def test_a_stored_run_can_be_launched_again_as_it_was(tmp_path: Path) -> None:
    file, stored = tmp_path / "config.json", RunConfig.model_validate(STITCHED)
    file.write_text(json.dumps(stored.model_dump(mode="json")), "utf-8")
    assert config_from({"seed": "2"}, file).sharing_settings == {}
    assert config_from({"sharing": "cross_stitch"}, file).sharing_settings == {"mixing_rate": 100.0}
    assert "--sharing-settings '{\"mixing_rate\": 1.0}'" in command.train(stored)
    assert "--sharing-settings '{\"mixing_rate\": 100.0}'" in command.train(parse(STITCHED))
