from __future__ import annotations

import shlex
from pathlib import Path

from mtl_core.config import run as configs
from mtl_core.services import command
from mtl_core.store.workspace import Workspace


def test_what_is_usual_goes_without_saying() -> None:
    config = configs.parse({"tasks": "sst2,mnli"})
    assert command.train(config) == (
        "python -m mtl_core train --tasks sst2,mnli --source sample --encoder embedded "
        "--sharing hard --schedule proportional --seed 1"
    )


def test_what_differs_is_said_in_the_configs_own_words(tmp_path: Path) -> None:
    values = {
        "tasks": "sst2,mnli",
        "source": "folder",
        "data": str(tmp_path / "my data"),
        "learning_rate": 2e-5,
        "schedule": "phases",
        "schedule_settings": {"share": 0.25},
        "name": "it's a try",
    }
    (tmp_path / "my data").mkdir()
    config = configs.parse(values)
    words = shlex.split(command.train(config, Workspace(tmp_path)))
    said = dict(zip(words[4::2], words[5::2], strict=True))
    assert said["--learning-rate"] == "2e-05"
    assert said["--schedule-settings"] == '{"share": 0.25}'
    assert said["--data"] == str(tmp_path / "my data")
    assert said["--name"] == "it's a try"
    assert said["--runs-dir"] == str(tmp_path)
    assert "--batch-size" not in said


def test_a_limit_for_each_task_comes_back_as_it_was() -> None:
    config = configs.parse({"tasks": "sst2,squad", "train_limit": {"sst2": 80, "squad": 40}})
    words = shlex.split(command.train(config))
    text = words[words.index("--train-limit") + 1]
    assert text == "sst2=80,squad=40"
    assert configs.parse({"tasks": "sst2,squad", "train_limit": text}) == config
