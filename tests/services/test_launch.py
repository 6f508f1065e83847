"""From a form to runs, and what is wrong with a form."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from mtl_core.cli.commands import train
from mtl_core.cli.run_options import config_from
from mtl_core.config import methods as catalogues
from mtl_core.config import run as configs
from mtl_core.config.methods import Catalogue
from mtl_core.config.run import RunConfig
from mtl_core.engine import methods
from mtl_core.errors import Fault, RunNotFound
from mtl_core.services import launch
from mtl_core.services.launch import Draft
from mtl_core.store.workspace import Workspace
from tests import builders


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return catalogues.from_document(json.loads(json.dumps(methods.catalogue())))


def draft(known: Catalogue, *, seeds: str = "1", alone: bool = True, **values: Any) -> Draft:
    fields = RunConfig.model_fields
    form = {name: field.default for name, field in fields.items() if name != "seed" and "settings" not in name}
    return launch.draft({**form, "tasks": ("sst2", "mnli"), **values}, seeds=seeds, alone=alone, catalogue=known)


def test_a_pair_comes_with_each_task_alone(known: Catalogue) -> None:
    made = draft(known)
    assert not made.faults
    assert [(run.tasks, run.sharing) for run in made.configs] == [
        (("sst2", "mnli"), "hard"),
        (("sst2",), "single"),
        (("mnli",), "single"),
    ]


def test_without_company_or_without_the_wish_there_is_one_run(known: Catalogue) -> None:
    assert len(draft(known, tasks=("squad",)).configs) == 1
    assert len(draft(known, alone=False).configs) == 1


def test_every_seed_is_a_run_and_a_seeds_runs_stand_together(known: Catalogue) -> None:
    made = draft(known, seeds="3, 1; 3", tasks=("sst2", "mnli"))
    assert [run.seed for run in made.configs] == [3, 3, 3, 1, 1, 1]
    assert len({run.arm for run in made.configs}) == 3


def test_a_name_tells_the_runs_apart(known: Catalogue) -> None:
    made = draft(known, seeds="1 2", name="first look")
    assert [run.name for run in made.configs][:3] == [
        "first look · seed 1",
        "first look · sst2 alone · seed 1",
        "first look · mnli alone · seed 1",
    ]
    assert [run.name for run in draft(known, name="first look", alone=False).configs] == ["first look"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is missing. Give one or several, such as 1, 2, 3."),
        (" , ", "is missing. Give one or several, such as 1, 2, 3."),
        ("1, x", "x can't be a seed. Use whole numbers from 0 to 2,147,483,647, such as 1, 2, 3."),
        ("-1 2.5", "-1, 2.5 can't be a seed. Use whole numbers from 0 to 2,147,483,647, such as 1, 2, 3."),
        ("2147483648", "2147483648 can't be a seed. Use whole numbers from 0 to 2,147,483,647, such as 1, 2, 3."),
        ("٣", "٣ can't be a seed. Use whole numbers from 0 to 2,147,483,647, such as 1, 2, 3."),
    ],
)
def test_seeds_that_are_none(known: Catalogue, text: str, message: str) -> None:
    made = draft(known, seeds=text)
    assert made.configs == ()
    assert made.faults == (Fault("seed", message),)


def test_too_many_runs(known: Catalogue) -> None:
    made = draft(known, seeds=" ".join(map(str, range(100))))
    assert made.faults == (Fault("seed", "300 runs at once are too many, 200 are the most."),)


def test_all_faults_at_once_and_no_run(known: Catalogue) -> None:
    made = draft(
        known,
        tasks=(),
        seeds="one",
        learning_rate=7.0,
        epochs=None,
        device="cuda:9",
        source="folder",
        schedule="phases",
        schedule_settings={"share": 2.0},
    )
    assert made.configs == ()
    assert {fault.field for fault in made.faults} == {
        "tasks",
        "seed",
        "learning_rate",
        "epochs",
        "device",
        "data",
        "schedule_settings.share",
    }
    assert Fault("epochs", "is empty. Use a value such as 1.") in made.faults


def test_a_relative_folder_means_the_same_wherever_the_run_starts(
    known: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    assert draft(known, source="folder", data="data").configs[0].data == str(tmp_path / "data")


STRANGE = {
    "tasks": ("squad", "sst2"),
    "name": 'it\'s "a" $(name); & more',
    "schedule": "phases",
    "schedule_settings": {"share": 0.25, "heads": "renew"},
    "learning_rate": 3.1e-05,
    "epochs": 2.5,
    "train_limit": 4000,
    "attention_dropout": 0.0,
    "precision": "bf16",
    "seed": 7,
    "head_layers": 2,
    "pooling": "mean",
    "layer_decay": 0.9,
    "head_rate": 5e-4,
    "early_stopping": 3,
    "start_from": "ab3de6fg:sst2",
    "teachers": ("ab3de6fg", "hj4kmn5p"),
    "gradient_checkpointing": True,
}


@pytest.mark.parametrize("values", [{"tasks": ("sst2",)}, {"tasks": ("sst2", "mnli")}, STRANGE])
def test_a_command_makes_the_same_config(values: dict[str, Any], tmp_path: Path) -> None:
    config = configs.parse(values)
    line = launch.commands([config], Workspace(tmp_path / "runs with spaces"))
    assert "\n" not in line
    words = shlex.split(line)
    assert words[:4] == ["python", "-m", "mtl_core", "train"]
    given = train.command.make_context("train", words[4:]).params
    assert given["background"]
    assert given["workspace"] == Workspace(tmp_path / "runs with spaces")
    assert config_from({name: given[name] for name in RunConfig.model_fields if name != "definitions"}) == config


def test_a_command_is_short_and_there_is_one_a_run() -> None:
    runs = [configs.parse({"tasks": "sst2,mnli", "seed": seed}) for seed in (1, 2)]
    assert launch.commands(runs, Workspace.default()).splitlines() == [
        "python -m mtl_core train --tasks sst2,mnli --source sample --encoder embedded --sharing hard "
        f"--schedule proportional --seed {seed} --background"
        for seed in (1, 2)
    ]


def test_a_form_begins_from_a_run(workspace: Workspace) -> None:
    run_id = builders.run(workspace, tasks="mnli,squad", schedule="phases", schedule_settings={"share": 0.3})
    found = launch.values_of(workspace, run_id)
    assert (found["tasks"], found["schedule_settings"]) == (("mnli", "squad"), {"share": 0.3})
    with pytest.raises(RunNotFound, match="there is no run 'nothere'"):
        launch.values_of(workspace, "nothere")


def test_the_preset_that_a_form_amounts_to(known: Catalogue) -> None:
    form = {**configs.parse({"tasks": "sst2,squad"}).model_dump()}
    assert launch.preset_of(form).name == "same_domain"
    phases = {**form, "schedule": "phases", "schedule_settings": {"first": "squad", "rates": "phase"}}
    assert launch.preset_of(phases).name == "cross_domain"
    assert launch.preset_of({**phases, "schedule_settings": {"share": 0.1}}) is None
    assert launch.preset_of({**phases, "schedule_settings": {"first": "squad"}}) is None, "as it was before"
    assert launch.preset_of({**form, "tasks": ()}) is None


def test_runs_that_wait_or_train_on_the_device(workspace: Workspace) -> None:
    assert launch.ahead(workspace, "cpu") == 0
    for state in ("queued", "running", "finished"):
        builders.run(workspace, state=state)
    assert launch.ahead(workspace, "cpu") == 2
    assert launch.ahead(workspace, "cuda:0") == 0
