"""The facts about a config's field that its type, bounds and docstring don't tell: they stand in its annotation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

Group = Literal["", "Model", "Rates", "Steps", "Data", "Machine"]
GROUPS: tuple[Group, ...] = ("Model", "Rates", "Steps", "Data", "Machine")
"""Headings of a form's advanced fields, in their order."""


@dataclass(frozen=True, slots=True)
class About:
    """The part of a field's description that faults, settings, forms and estimates of time read."""

    example: str = ""
    """A value to give, where the default is no example; `{tasks}` stands for the names of tasks."""
    empty: str = ""
    """The meaning of the field left empty: "the learning rate"."""
    placeholder: str = ""
    """The same in a form, where room is short."""
    label: str = ""
    """What forms and tables call the field, where its name is not what people say: "validation examples"."""
    group: Group = ""
    """The heading that a form draws it under among the advanced fields. Empty: the form has a place of its own."""
    width: float = 1
    """Of its column in the form, next to those of its group."""
    step: float = 0.1
    """By which a form's buttons change a number that is not whole."""
    format: str = "%g"
    """printf's, for a number that is not whole."""
    speed: Literal["", "step", "token"] = ""
    """`token`: decides the time that a token takes, so that runs with another value tell nothing about this one's.
    `step`: changes the measured time of a step, but is accounted for otherwise."""


def about(field: FieldInfo) -> About:
    """The facts beside a field, all empty where it has none."""
    return next((fact for fact in field.metadata if isinstance(fact, About)), About())


def deciding(fields: Mapping[str, FieldInfo], *speeds: str) -> tuple[str, ...]:
    """Names of the fields that decide the speed of a run in one of these ways."""
    return tuple(name for name, field in fields.items() if about(field).speed in speeds)


class Frozen(BaseModel):
    """A record that is checked when it is made and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
