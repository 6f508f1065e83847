"""A study out of a filled-in form, or what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mtl_core import registry, study_designs
from mtl_core.config import automation, study
from mtl_core.config import run as configs
from mtl_core.config.automation import Auto, Tune
from mtl_core.config.run import RunConfig
from mtl_core.config.study import Match
from mtl_core.config.study import StudyConfig as StudyConfig
from mtl_core.errors import Fault, InvalidConfig, TandemError
from mtl_core.jobs import queue, studies
from mtl_core.jobs.model_client import ModelServerAway
from mtl_core.services import command, folders, launch
from mtl_core.services.plans import Look, StillLooking
from mtl_core.store.workspace import Workspace
from mtl_core.studies.design import design
from mtl_core.study_designs import StudyPreset


@dataclass(frozen=True, slots=True)
class StudyForm:
    """A form's values."""

    preset: str
    settings: Mapping[str, Any]
    """The preset's own."""
    tasks: tuple[str, ...]
    """The target first."""
    values: Mapping[str, Any]
    """RunConfig's fields that all arms have in common; None in one that can't be empty is a fault."""
    seeds: str
    match: Match
    margin: float | None
    name: str = ""
    tune: int | None = 0
    """Trials an arm; 0 or None for no tuning."""
    tuner: str = "tpe"
    auto: bool = False
    most_seeds: int | None = None
    """With `auto`; None for the usual number."""
    hours: float | None = None
    """With `auto`; None for no limit."""

    @property
    def signature(self) -> str:
        """The values as text, to tell which answer belongs to them."""
        return json.dumps(asdict(self), sort_keys=True, default=str)


@dataclass(frozen=True, slots=True)
class StudyDraft:
    """The study that a form describes, as far as it is known."""

    config: StudyConfig | None = None
    faults: tuple[Fault, ...] = ()
    working: bool = False
    """True if more will be known if one asks again."""
    doing: str = ""
    """The work that is under way meanwhile."""


@dataclass(frozen=True, slots=True)
class _Parsed:
    preset: StudyPreset
    base: RunConfig
    seeds: tuple[int, ...]
    tune: Tune | None
    auto: Auto | None


def draft(asked: StudyForm, look: Look) -> StudyDraft:
    """The study, once all of its arms were looked at; never waits for long."""
    try:
        parsed = _parsed(asked)
        return StudyDraft(_designed(asked, parsed, look))
    except (StillLooking, ModelServerAway) as error:
        return StudyDraft(working=True, doing=str(error))
    except TandemError as error:
        return StudyDraft(faults=tuple(_placed(fault, asked.preset) for fault in error.faults))


def command_text(workspace: Workspace, asked: StudyForm, config: StudyConfig) -> str:
    """The command that designs the same study and starts it from a terminal."""
    return command.study(
        study_designs.parsed(asked.preset, asked.settings),
        base_of(asked),
        asked.tasks,
        config.seeds,
        match=asked.match,
        margin=config.margin,
        name=asked.name.strip(),
        by_itself=(config.tune, config.auto),
        workspace=workspace if workspace != Workspace.default() else None,
    )


def base_of(asked: StudyForm) -> RunConfig:
    """The values that all arms have in common. Raises InvalidConfig."""
    values, faults = launch.without_gaps(asked.values)
    faults += folders.faults(values.get("source"), values.get("data"))
    try:
        base = queue.settle(configs.parse({**values, "tasks": asked.tasks}))
    except InvalidConfig as error:
        raise InvalidConfig([*faults, *error.faults]) from None
    if faults:
        raise InvalidConfig(faults)
    return base


def _parsed(asked: StudyForm) -> _Parsed:
    """Everything that can be told without looking at data. Raises InvalidConfig with every fault."""
    faults, preset, base = list[Fault](), None, None
    try:
        preset = study_designs.parsed(asked.preset, asked.settings)
        study_designs.check_tasks(preset, asked.tasks)
    except InvalidConfig as error:
        faults += error.faults
    try:
        base = base_of(asked)
    except InvalidConfig as error:
        faults += [fault for fault in error.faults if fault not in faults]
    seeds, seed_faults = launch.parse_seeds(asked.seeds)
    faults += [*seed_faults, *_margin_faults(asked.margin)]
    tune, auto, own_faults = _by_itself(asked, len(seeds), halve=preset is not None and preset.halves)
    faults += own_faults
    if faults or preset is None or base is None:
        raise InvalidConfig(_once_a_field(faults))
    return _Parsed(preset, base, tuple(seeds), tune, auto)


def _by_itself(asked: StudyForm, seeds: int, *, halve: bool) -> tuple[Tune | None, Auto | None, list[Fault]]:
    """The tuning and the Auto that the form asks for, and what is wrong with them."""
    tune, auto, faults = None, None, list[Fault]()
    try:
        if asked.tune:
            tune = automation.checked(Tune, {"trials": asked.tune, "tuner": asked.tuner})
    except InvalidConfig as error:
        faults += error.faults
    try:
        if asked.auto:
            limits = {"most_seeds": asked.most_seeds, "hours": asked.hours}
            given = {name: one for name, one in limits.items() if one is not None}
            auto = automation.checked(Auto, {**given, "halve": halve})
    except InvalidConfig as error:
        faults += error.faults
    if auto and auto.most_seeds < seeds:
        faults.append(Fault("most_seeds", f"{auto.most_seeds} is less than the {seeds} seeds to begin with."))
    return tune, auto, faults


def _designed(asked: StudyForm, parsed: _Parsed, look: Look) -> StudyConfig:
    """Raises InvalidConfig, StillLooking or ModelServerAway."""
    unusable = launch.folder_faults(look.workspace)
    if unusable:
        raise InvalidConfig(unusable)
    found = design(
        parsed.preset,
        parsed.base,
        asked.tasks,
        look,
        name=asked.name.strip(),
        match=asked.match,
        seeds=parsed.seeds,
        margin=float(asked.margin or 0),
    )
    found = study.parse({**found.model_dump(), "tune": parsed.tune})
    config = studies.settled(study.with_auto(found, parsed.auto) if parsed.auto else found)
    for arm in config.arms:
        look.plan(arm.config)
    return config


def _margin_faults(margin: float | None) -> list[Fault]:
    """None is no number, and a study's own check tells of the others."""
    if margin is None:
        return [Fault("margin", "is empty. Use a number of points such as 0.5.")]
    field = study.StudyConfig.model_fields["margin"]
    if 0 < margin <= 100:
        return []
    return [
        Fault(
            "margin", f"{margin:g} is not a valid margin. Use points above 0 and up to 100, such as {field.default:g}."
        )
    ]


def _once_a_field(faults: Iterable[Fault]) -> list[Fault]:
    """The preset's word on the tasks, where it has one, says more than the config's."""
    found: dict[str, Fault] = {}
    for fault in faults:
        found.setdefault(fault.field if fault.field == "tasks" else f"{fault.field} {fault.message}", fault)
    return list(found.values())


def _placed(fault: Fault, preset: str) -> Fault:
    """A preset's own setting is told apart from a config's field of the same name."""
    fields = study_designs.load(preset).model_fields if preset in registry.names("study_designs") else {}
    near = fault.field if fault.field in fields else fault.field.removesuffix("s")
    return Fault(f"settings.{near}", fault.message) if near in fields else fault
