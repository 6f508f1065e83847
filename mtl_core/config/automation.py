"""Studies that run by themselves: tuning of every arm before its runs, and seeds added until it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mtl_core.config.faults import fault
from mtl_core.config.fields import About
from mtl_core.errors import Fault, InvalidConfig

Tuner = Literal["tpe", "random"]
TUNERS: dict[Tuner, str] = {
    "tpe": "TPE: learns from the condition's earlier trials",
    "random": "Random search",
}
USUAL_MOST_SEEDS = 10
USUAL_LOOKS = (3, 4, 5, 6, 8, 10)
"""Seeds after which Auto looks at a study, unless it plans others."""
Wish = TypeVar("Wish", bound="Automated")


class Automated(BaseModel):
    """A part of a study's config; it never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Tune(Automated):
    """The tuning that each arm of a study gets, baselines too."""

    trials: int = Field(8, ge=2, le=200)
    """Trials an arm; the first is the arm as it was designed."""
    tuner: Tuner = "tpe"
    """How Optuna proposes the others: `tpe` learns from earlier trials, `random` does not."""


class Tuned(Automated):
    """The settings that an arm got by tuning."""

    trials: int = Field(ge=1)
    """Its budget, used up."""
    trial: int | None = None
    """Number of the trial that was chosen, from 1. None: no trial finished, so the arm stays as it was designed."""
    values: dict[str, Any] = Field(default_factory=dict)
    """Chosen value by setting ("learning_rate", "balancing_settings.c")."""
    base: dict[str, Any] = Field(default_factory=dict)
    """The same settings as they were designed."""


class Auto(Automated):
    """Adds seeds to a study until its comparisons are settled."""

    most_seeds: int = Field(USUAL_MOST_SEEDS, ge=2, le=100)
    """Seeds at most."""
    hours: Annotated[float | None, About(example="a number of hours such as 2.5")] = Field(None, gt=0, le=10_000)
    """Training time of the study's seeds at most; tuning is not counted. Empty: no limit."""
    halve: bool = False
    """Whether each look also drops the worse half of a target's comparisons, until one is left."""


FIELDS = {"trials": "tune"}
"""What a form and the command line call a field, where that is another name."""


def checked(kind: type[Wish], values: Mapping[str, Any]) -> Wish:
    """One of the above. Raises InvalidConfig with every fault, under the names that a form and a terminal use."""
    try:
        return kind.model_validate(dict(values))
    except ValidationError as error:
        found = [fault(detail, kind.model_fields) for detail in error.errors()]
        raise InvalidConfig([Fault(FIELDS.get(one.field, one.field), one.message) for one in found]) from None
