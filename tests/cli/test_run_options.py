from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from mtl_core.cli.commands.train import command
from mtl_core.cli.run_options import UNTYPED, config_from, preset_names
from mtl_core.config.run import RunConfig
from mtl_core.errors import InvalidConfig


def test_every_field_is_an_option_with_its_help() -> None:
    options = {option.name: option for option in command.params if isinstance(option, click.Option)}
    assert not options.keys() & set(UNTYPED)
    for name, field in RunConfig.model_fields.items():
        if name in UNTYPED:
            continue
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


def test_presets_go_before_options_and_after_a_file(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text('{"tasks": ["sst2", "squad"], "epochs": 7, "eval_limit": 40}', "utf-8")
    config = config_from({"warmup": "0.2"}, file, preset_names("bert-2018, cross_domain"))
    assert (config.epochs, config.eval_limit, config.warmup, config.max_length) == (3, 40, 0.2, 384)
    assert (config.schedule, config.schedule_settings) == ("phases", {"rates": "phase", "first": "squad"})
    assert config_from({"tasks": "sst2"}, presets=["bert-2018"]).max_length == 128


def test_an_unknown_preset_is_told_the_nearest() -> None:
    with pytest.raises(InvalidConfig) as caught:
        config_from({"tasks": "sst2"}, presets=["bert2018"])
    assert str(caught.value) == "preset: no preset called 'bert2018'. Did you mean 'bert-2018'?"
