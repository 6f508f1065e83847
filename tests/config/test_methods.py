"""What forms know of methods, and what is wrong with settings."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from mtl_core import registry
from mtl_core.config import methods as catalogue
from mtl_core.config import run as configs
from mtl_core.config.methods import Catalogue, Method
from mtl_core.engine import methods
from mtl_core.errors import Fault


class Example:
    """A first line.

    More lines.
    """

    name = "an_example"

    def __init__(
        self,
        batches: int,
        *,
        share: Annotated[float, Field(gt=0, lt=1, description="A part.")] = 0.5,
        count: Annotated[int, Field(ge=1, le=9)] = 3,
        heads: Literal["keep", "renew"] = "keep",
        loud: bool = False,
        first: Annotated[str, Field(json_schema_extra={"of": "tasks"})] = "",
    ) -> None: ...


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return catalogue.from_document(json.loads(json.dumps(methods.catalogue())))


@pytest.fixture(scope="module")
def example() -> Method:
    return catalogue.method("schedules", methods._facts(Example))


def wrong(method: Method, **settings: Any) -> list[str]:
    return [str(fault) for fault in catalogue.settings_faults(method, settings)]


@pytest.mark.parametrize("family", catalogue.FIELDS)
def test_every_registered_method_is_in_it(known: Catalogue, family: str) -> None:
    assert tuple(known[family]) == registry.names(family)
    for method in known[family].values():
        assert method.title
        assert method.summary.endswith(".")
        assert "Source:" in method.docstring
        for schema in method.properties.values():
            assert schema["description"]
            assert "default" in schema


def test_shared_layers_are_measured(known: Catalogue) -> None:
    assert known["sharing"]["hard"].layers == (1.0,) * 7
    assert known["sharing"]["single"].layers == (0.0,) * 7
    assert known["schedules"]["phases"].layers == ()
    drawn = {name: (min(method.layers), max(method.layers), method.linked) for name, method in known["sharing"].items()}
    assert drawn["soft"] == drawn["cross_stitch"] == (0, 0, True)
    assert (drawn["single"], drawn["hard"], drawn["branch"]) == ((0, 0, False), (1, 1, False), (0, 1, False))
    assert 0 < drawn["pal"][0] < drawn["pal"][1] == 1
    assert (known["sharing"]["hard"].head, known["sharing"]["span"].head) == (0, 1)


def test_names_become_titles(known: Catalogue) -> None:
    assert known["schedules"]["round_robin"].title == "Round robin"


def test_settings_are_the_keyword_only_arguments(example: Method) -> None:
    assert list(example.properties) == ["share", "count", "heads", "loud", "first"]
    assert example.properties["share"]["description"] == "A part."
    assert example.summary == "A first line."
    assert example.field == "schedule_settings"


def test_settings_that_fit_have_no_faults(example: Method) -> None:
    assert wrong(example, share=0.25, count=9, heads="renew", loud=True, first="sst2") == []


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"share": 1}, "share: 1 is too large, it must be below 1. Use a value such as 0.5."),
        ({"share": 0.0}, "share: 0.0 is too small, it must be above 0. Use a value such as 0.5."),
        ({"share": "half"}, 'share: "half" is not a number. Use a value such as 0.5.'),
        ({"share": float("nan")}, "share: nan is not a number. Use a value such as 0.5."),
        ({"share": None}, "share: null is not a number. Use a value such as 0.5."),
        ({"count": 0}, "count: 0 is too small, the minimum is 1. Use a value such as 3."),
        ({"count": 10}, "count: 10 is too large, the maximum is 9. Use a value such as 3."),
        ({"count": 2.5}, "count: 2.5 is not a whole number. Use a value such as 3."),
        ({"heads": "off"}, 'heads: "off" is not a choice. Use keep or renew.'),
        ({"loud": "yes"}, 'loud: "yes" is not true or false. Use a value such as false.'),
        ({"shar": 0.5}, "shar: no setting of 'an_example' called 'shar'. Did you mean 'share'?"),
    ],
)
def test_what_is_wrong_with_a_setting(example: Method, settings: dict[str, Any], message: str) -> None:
    assert wrong(example, **settings) == [f"schedule_settings.{message}"]


def test_all_faults_at_once(example: Method) -> None:
    assert len(wrong(example, share=7, count=0, heads="off")) == 3


def test_a_method_without_settings_says_so(known: Catalogue) -> None:
    message = "balancing_settings.mu: 'sum' has no settings. Leave 'mu' out."
    assert wrong(known["balancing"]["sum"], mu=1) == [message]


def test_both_sides_say_the_same(known: Catalogue) -> None:
    asked = {"tasks": "sst2,mnli", "schedule": "phases", "schedule_settings": {"share": 3, "x": 1}}
    config = configs.parse(asked | {"balancing": "pcgrad", "sharing": "single"})
    found = methods.config_faults(config)
    assert [fault.field for fault in found] == ["schedule_settings.x", "schedule_settings.share", *["balancing"] * 2]
    assert found == catalogue.config_faults(known, config.model_dump())


def test_methods_that_do_not_go_together_say_why(known: Catalogue) -> None:
    config = {"tasks": ("sst2", "mnli"), "sharing": "single", "schedule": "phases", "balancing": "pcgrad"}
    assert [fault.message for fault in catalogue.config_faults(known, config)] == [
        "'pcgrad' compares all tasks in each step, and 'phases' trains one at a time. Use the schedule joint.",
        "'pcgrad' weighs the gradients of shared parameters, and 'single' shares none. "
        "Use another sharing, or the balancing sum.",
    ]
    assert not catalogue.config_faults(known, {**config, "sharing": "hard", "schedule": "joint"})


def test_a_task_in_a_setting_must_be_one_of_the_run(known: Catalogue) -> None:
    config = {"tasks": ("sst2", "mnli"), "schedule": "phases", "schedule_settings": {"first": "mnl"}}
    message = "no task of this run called 'mnl'. Did you mean 'mnli'?"
    assert catalogue.config_faults(known, config) == [Fault("schedule_settings.first", message)]


def test_unknown_methods_are_left_to_the_config(known: Catalogue) -> None:
    assert catalogue.config_faults(known, {"schedule": "fases", "schedule_settings": {"x": 1}}) == []


def test_only_what_differs_from_the_defaults_is_kept(example: Method) -> None:
    assert catalogue.changed(example, {"share": 0.5, "count": 4, "strange": 1}) == {"count": 4, "strange": 1}
