from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from mtl_core.cli.commands.train import command
from mtl_core.cli.run_options import config_from
from mtl_core.config.run import RunConfig
from mtl_core.errors import InvalidConfig


def test_every_field_is_an_option_with_its_help() -> None:
    options = {option.name: option for option in command.params if isinstance(option, click.Option)}
    for name, field in RunConfig.model_fields.items():
        assert options[name].opts == [f"--{name.replace('_', '-')}"]
        assert field.description
        assert (options[name].help or "").split()[0] == field.description.replace("`", "").split()[0]
    said = CliRunner().invoke(command, ["--help"], terminal_width=200).output
    assert "--source sample|folder|hub" in said
    assert "--sharing-settings JSON" in said
    assert "--head-layers 1|2" in said
    assert "--teachers NAME,NAME" in said
    assert "--compile true|false" in said
    assert "about half the memory, a third slower.  [default: false]" in " ".join(said.split()).replace(" [", "  [")
    assert "AdamW's highest rate, reached after the warm-up.  [default: 5e-05]" in said


def test_texts_become_values() -> None:
    given = {
        "tasks": "sst2,mnli",
        "learning_rate": "3e-5",
        "train_limit": "none",
        "eval_limit": "40",
        "schedule": "phases",
        "schedule_settings": '{"share": 0.25}',
        "seed": None,
        "head_layers": "2",
        "head_rate": "none",
        "teachers": "ab3de6fg, hj4kmn5p",
        "compile": "true",
        "gradient_checkpointing": "no",
    }
    config = config_from(given)
    assert config.tasks == ("sst2", "mnli")
    assert (config.learning_rate, config.train_limit, config.eval_limit, config.seed) == (3e-5, None, 40, 1)
    assert config.schedule_settings == {"share": 0.25}
    assert (config.head_layers, config.head_rate, config.teachers) == (2, None, ("ab3de6fg", "hj4kmn5p"))
    assert (config.compile, config.gradient_checkpointing) == (True, False)


@pytest.mark.parametrize("text", ["{", "[1]", "0.5"])
def test_settings_are_a_json_object(text: str) -> None:
    with pytest.raises(InvalidConfig) as caught:
        config_from({"tasks": "sst2,mnli", "schedule_settings": text})
    assert (
        str(caught.value)
        == f"schedule_settings: '{text}' is not valid JSON. Use names and values such as {{\"share\": 0.5}}."
    )
