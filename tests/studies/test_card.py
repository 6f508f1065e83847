from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mtl_core import __version__
from mtl_core.errors import InvalidConfig
from mtl_core.store import studies
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import card
from tests.studies import building


@pytest.fixture
def study(workspace: Workspace) -> Study:
    return studies.add(workspace, building.pair_config(learning_rate=1e-4))


def changed(study: Study, **values: Any) -> str:
    return json.dumps({**json.loads(card.card(study)), **values})


def test_a_card_makes_the_same_study(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_text(card.card(study), "utf-8")
    config = card.read(path)
    assert config == study.config
    assert [arm.config.arm for arm in config.arms] == [arm.config.arm for arm in study.config.arms]


def test_another_format_is_named(study: Study) -> None:
    with pytest.raises(InvalidConfig) as caught:
        card.parse(changed(study, card=2, tandem="9.1"))
    assert str(caught.value) == (
        f"from: this card has the format 2, made by Tandem 9.1; this is {__version__}, which reads format 1."
    )


def test_unknown_names_are_told_all_at_once(study: Study) -> None:
    document = json.loads(card.card(study))
    document["config"]["arms"][1]["config"] |= {"sharing": "hardd", "balancing": "pcgrud", "tasks": ["sst2", "mrcp"]}
    with pytest.raises(InvalidConfig) as caught:
        card.parse(json.dumps(document))
    assert [(fault.field, fault.message) for fault in caught.value.faults][1:] == [
        ("sharing", "no sharing called 'hardd'. Did you mean 'hard'?"),
        ("balancing", "no balancing called 'pcgrud'. Did you mean 'pcgrad'?"),
    ]
    assert caught.value.faults[0].message.startswith("no task called 'mrcp'.")


def test_settings_of_another_version_are_told(study: Study) -> None:
    document = json.loads(card.card(study))
    document["config"]["arms"][0]["config"]["flux"] = 3
    with pytest.raises(InvalidConfig, match=r"arms\.0\.config\.flux: "):
        card.parse(json.dumps(document))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "from: this is not valid JSON: Expecting property name enclosed in double quotes"),
        ("[" * 100_000, "from: this is not valid JSON: values are nested too deeply: line 1 column 201"),
        ("[1]", "from: this is not a run card. Give one that Tandem has made."),
        ('{"config": {}}', "from: this is not a run card. Give one that Tandem has made."),
        ('{"card": 1, "config": 3}', "from: this is not a run card. Give one that Tandem has made."),
    ],
)
def test_what_is_no_card_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidConfig) as caught:
        card.parse(text)
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(
    "config",
    [
        {"arms": 3},
        {"arms": [3]},
        {"arms": [{"config": 3}]},
        {"arms": [{"config": {"tasks": 3}}]},
        {"arms": [{"config": {"tasks": [["sst2"]], "sharing": ["hard"]}}]},
        {"arms": None},
    ],
)
def test_a_broken_card_is_refused_in_words(study: Study, config: dict[str, Any]) -> None:
    with pytest.raises(InvalidConfig):
        card.parse(changed(study, config={**json.loads(card.card(study))["config"], **config}))


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidConfig, match=r"from: can't read .*card\.json: "):
        card.read(path)
