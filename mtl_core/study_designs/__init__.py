"""Designs of studies: which arms a question needs. One file each; a preset's fields are its settings. No torch.

A preset gives the treatments and says for which of their tasks each is of interest; the single-task baselines are
added by `studies.baselines`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import ValidationError

from mtl_core import registry
from mtl_core.config import recipes
from mtl_core.config import run as configs
from mtl_core.config.faults import fault
from mtl_core.config.fields import Frozen
from mtl_core.config.presets import PRESETS
from mtl_core.config.run import TRAIN_FIRST, RunConfig
from mtl_core.config.study import Arm
from mtl_core.errors import Fault, InvalidConfig, unknown_name

Size = Callable[[str], int]
"""The number of training examples of a task."""
AXES = {"sharing": "sharing", "schedule": "schedules", "balancing": "balancing"}
RECIPE = "hard/proportional/sum"


@dataclass(frozen=True, slots=True)
class Treatment:
    """An arm that is of interest, and the tasks for which it is."""

    arm: Arm
    targets: tuple[str, ...]
    against: tuple[str, ...] = ()
    """Names of other treatments to compare it with, beside its baselines."""


class StudyPreset(Frozen, ABC):
    """A design with settings of its own: the model's fields, each with a line that a form can show.

    A field whose schema says `of` takes names: of a family of methods, of `recipes`, or of the `family` that the
    setting of that name says.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    source: ClassVar[str] = ""
    """The paper that asks so."""
    tasks_wanted: ClassVar[tuple[int, int]] = (2, 2)
    """Fewest and most tasks that it takes; the first is the target."""
    usual_tasks: ClassVar[tuple[str, ...]] = ("sst2", "mnli")
    halves: ClassVar[bool] = False
    """True where Auto drops the worse half of the arms at each look."""
    suggested: ClassVar[Mapping[str, Any]] = {}
    """RunConfig's fields that fit this design better than their defaults."""

    @abstractmethod
    def question(self, tasks: tuple[str, ...]) -> str:
        """The question of the study, in words."""

    @abstractmethod
    def treatments(self, base: RunConfig, tasks: tuple[str, ...], size: Size) -> Iterable[Treatment]:
        """The arms to compare with baselines. `base` has all that they have in common; its own tasks count for
        nothing. Raises InvalidConfig."""


def load(name: str) -> type[StudyPreset]:
    """A preset by name. Raises InvalidConfig with the nearest one."""
    if name not in registry.names("study_designs"):
        raise InvalidConfig([Fault("preset", unknown_name("preset", name, registry.names("study_designs")))])
    preset: type[StudyPreset] = registry.load("study_designs", name)
    return preset


def parsed(name: str, settings: Mapping[str, Any]) -> StudyPreset:
    """A preset with its settings. Raises InvalidConfig with a fault for every setting that is wrong."""
    kind = load(name)
    try:
        return kind.model_validate(dict(settings))
    except ValidationError as error:
        faults = [fault(detail, kind.model_fields) for detail in error.errors()]
        raise InvalidConfig(list({one.field: one for one in reversed(faults)}.values())[::-1]) from None


def check_tasks(preset: StudyPreset, tasks: tuple[str, ...]) -> None:
    """Raises InvalidConfig for too few, too many, unknown or repeated tasks."""
    fewest, most = preset.tasks_wanted
    unknown = [task for task in tasks if not registry.has("tasks", task)]
    if unknown:
        raise InvalidConfig([Fault("tasks", unknown_name("task", unknown[0], registry.names("tasks")))])
    if len(set(tasks)) < len(tasks):
        raise InvalidConfig([Fault("tasks", "the same task is named twice. Name each task once.")])
    if not fewest <= len(tasks) <= most:
        count = str(fewest) if fewest == most else f"{fewest} to {most}" if most < 99 else f"{fewest} or more"
        raise InvalidConfig([Fault("tasks", f"{preset.title} takes {count} tasks, not {len(tasks)}.")])


def with_tasks(base: RunConfig, tasks: tuple[str, ...], **values: Any) -> RunConfig:
    """`base` for other tasks. Raises InvalidConfig."""
    limits = {task: base.train_limit_of(task) for task in tasks}
    known = {task: limit for task, limit in limits.items() if limit is not None}
    limit = known if isinstance(base.train_limit, dict) else base.train_limit
    return configs.parse({**base.model_dump(), "tasks": tasks, "train_limit": limit or None, **values})


def recipe(text: str, tasks: tuple[str, ...]) -> dict[str, Any]:
    """RunConfig's fields for a recipe in words: "pal", "hard/annealed", "hard/joint/pcgrad", a named preset such as
    "cross_domain", or one with settings, "soft(strength=0.1)/uniform". Raises InvalidConfig."""
    named = next((preset for preset in PRESETS if preset.name == text), None)
    if named:
        return named.values(tasks)
    parts, faults = recipes.split(text), []
    if len(parts) > len(AXES):
        faults.append(Fault("recipes", f"'{text}' has more than three parts. Write it as {RECIPE}."))
    usual = [(name, dict[str, Any]()) for name in RECIPE.split("/")]
    values = dict(zip(AXES, usual, strict=True)) | dict(zip(AXES, parts, strict=False))
    for field, (name, _) in values.items():
        known = registry.names(AXES[field])
        if name not in known:
            hint = [*known, *(preset.name for preset in PRESETS)] if field == "sharing" else known
            faults.append(Fault("recipes", unknown_name(field, name, hint)))
    if faults:
        raise InvalidConfig(faults)
    methods = {field: name for field, (name, _) in values.items()}
    return {**methods, **{f"{field}_settings": settings for field, (_, settings) in values.items()}}


def merged(base: RunConfig, tasks: tuple[str, ...], merging: str, name: str) -> Arm:
    """An arm that merges the tasks' single-task runs; `studies.design` says which arms these are. Raises InvalidConfig
    for a merging that there is not."""
    if merging not in registry.names("merging"):
        raise InvalidConfig([Fault("merging", unknown_name("merging", merging, registry.names("merging")))])
    config = with_tasks(base, tasks, **recipe(RECIPE, tasks))
    return Arm(name=name, config=config.model_copy(update={"merging": merging, "merge_from": (TRAIN_FIRST,)}))


def arm(config: RunConfig, name: str = "") -> Arm:
    """An arm with a name, made of its recipe where none is given."""
    return Arm(name=name or config.recipe, config=config)
