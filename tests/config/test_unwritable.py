"""Values that no file or database takes are told, field by field, wherever a config comes from."""

from __future__ import annotations

from typing import Any

import pytest

from mtl_core.cli.run_options import config_from
from mtl_core.config import study
from mtl_core.config.run import RunConfig, parse
from mtl_core.config.typed import path_fault
from mtl_core.errors import InvalidConfig

HALF = "holds half a character (a lone surrogate). Type it again."
DIGITS = "is a number of too many digits. Use a smaller one."
TEXTS = [
    "\ud83d",
    "a\udc80b",
    "a\0b",
    "~nosuchuser/x",
    "x" * 5000,
    "/" + "y" * 300,
    "²",
    "9" * 5000,
    "-" + "9" * 5000,
    "[" * 3000,
    '{"a":' * 2000 + "1" + "}" * 2000,
    '{"a": ' + "9" * 5000 + "}",
    '{"share": 1e999}',
    '{"\\ud83d": 1}',
    "sst2=²",
    "1e400",
    "nan",
]


def faults(values: dict[str, Any]) -> list[str]:
    with pytest.raises(InvalidConfig) as caught:
        parse(values)
    return [str(fault) for fault in caught.value.faults]


def test_what_can_not_be_written_is_told_by_its_field() -> None:
    assert faults({"tasks": "sst2", "name": "a \ud83d", "seed": 10**400, "max_grad_norm": float("inf")}) == [
        f"name: {HALF}",
        f"seed: {DIGITS}",
        "max_grad_norm: is not a finite number. Use one that is.",
    ]
    assert faults({"tasks": ["sst2", "a\0b"]}) == ["tasks: holds a NUL character. Take it out."]
    assert faults({"tasks": "sst2", "sharing_settings": {"a": {"\ud83d": 1}}}) == [f"sharing_settings: {HALF}"]
    assert faults({"tasks": "sst2", "\ud83d": 1}) == [f"config: {HALF}"]
    deep: Any = 1
    for _ in range(40):
        deep = {"a": deep}
    assert faults({"tasks": "sst2", "balancing_settings": deep}) == [
        "balancing_settings: is nested too deeply. Give names and plain values."
    ]


def test_digits_of_other_kinds_are_no_numbers() -> None:
    assert faults({"tasks": "sst2", "train_limit": "²"})[0].startswith(
        "train_limit: ² is not a number of examples. Use a whole number such as 4000"
    )
    assert faults({"tasks": "sst2", "head_layers": "²"}) == [
        "head_layers: ² is not a choice, the choices are 1 or 2. Use 1 or 2."
    ]


def test_a_message_repeats_only_the_beginning_of_a_long_value() -> None:
    assert all(len(words) < 700 for field in RunConfig.model_fields for words in told(field, "x" * 5000))


def told(field: str, text: str) -> list[str]:
    try:
        config_from({"tasks": "sst2,mnli", field: text}, None).model_dump_json().encode()
    except InvalidConfig as error:
        return [str(fault) for fault in error.faults]
    return []


@pytest.mark.parametrize("field", list(RunConfig.model_fields))
def test_no_text_in_a_field_ends_in_anything_but_a_word(field: str) -> None:
    for text in TEXTS:
        for words in told(field, text):
            words.encode()
        for value in ([text], {text: 1}, {"share": text}, 10**5000, object()):
            try:
                parse({"tasks": "sst2,mnli", field: value}).model_dump_json().encode()
            except InvalidConfig as error:
                str(error).encode()


@pytest.mark.parametrize("field", list(study.StudyConfig.model_fields))
def test_nor_in_a_study(field: str) -> None:
    arm = {"name": "a", "config": {"tasks": ["sst2"]}}
    usual = {"name": "x", "arms": [arm], "comparisons": [], "seeds": [1]}
    for text in TEXTS:
        inside = [{"name": text, "config": {"tasks": ["sst2"], "name": text}}]
        for value in (text, [text], {text: 1}, inside):
            try:
                study.parse({**usual, field: value}).model_dump_json().encode()
            except InvalidConfig as error:
                str(error).encode()


def test_paths_that_can_be_none() -> None:
    assert path_fault("a\ud83d") == HALF
    assert path_fault("~nosuchuser/x") == (
        "names the home folder of 'nosuchuser', a user that this machine does not have."
    )
    assert path_fault("y" * 300) == path_fault("y/" * 3000) == "is too long for a path."
    assert path_fault("~/nothing/here") == path_fault("") == ""
