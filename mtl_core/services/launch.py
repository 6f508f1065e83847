"""Answers to the Launch page: runs from a form, what is wrong with it, commands to copy, and the start."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mtl_core import devices, registry
from mtl_core.config import methods as catalogues
from mtl_core.config import run as configs
from mtl_core.config import typed
from mtl_core.config.changed_defaults import said
from mtl_core.config.methods import FIELDS as METHOD_FIELDS
from mtl_core.config.methods import Catalogue as Catalogue
from mtl_core.config.methods import Method as Method
from mtl_core.config.methods import changed as changed
from mtl_core.config.presets import PRESETS as PRESETS
from mtl_core.config.presets import Preset as Preset
from mtl_core.config.run import TRAIN_FIRST as TRAIN_FIRST
from mtl_core.config.run import RunConfig
from mtl_core.errors import Fault, InvalidConfig, TandemError
from mtl_core.jobs import catalogue as method_catalogue
from mtl_core.jobs import queue
from mtl_core.records import LIVE
from mtl_core.services import command, folders, plans
from mtl_core.store import runs as run_rows
from mtl_core.store.workspace import Workspace

METHOD_SETTINGS = tuple(f"{field}_settings" for field in METHOD_FIELDS.values())
MOST_RUNS = 200
"""Runs that one click may start."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The outcome of a filled-in form: runs to start, or what is wrong with it."""

    configs: tuple[RunConfig, ...]
    """In the order in which they will train; empty while there are faults."""
    faults: tuple[Fault, ...]


def catalogue(workspace: Workspace) -> Catalogue:
    """Every method with its settings; takes seconds after a change of the code. Raises TandemError."""
    return method_catalogue.read(workspace)


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task as a form introduces it."""

    name: str
    title: str
    question: str


def tasks(names: Sequence[str]) -> list[TaskCard]:
    """The tasks of these names, as far as they are registered."""
    known = [registry.load("tasks", name) for name in names if registry.has("tasks", name)]
    return [TaskCard(task.name, task.title, task.question) for task in known]


def draft(values: Mapping[str, Any], *, seeds: str, alone: bool, catalogue: Catalogue) -> Draft:
    """The runs that a form asks for, one a seed, and with `alone` one more for each task by itself; those are
    also the teachers, or the runs to merge, that are to be trained first.

    `values` are RunConfig's fields but for the seed; None in a field that can't be empty is a fault.
    """
    wanted, faults = without_gaps(values)
    numbers, seed_faults = parse_seeds(seeds)
    faults += seed_faults
    faults += _device_faults(wanted)
    faults += folders.faults(wanted.get("source"), wanted.get("data"))
    try:
        config = queue.settle(configs.parse({**wanted, "seed": numbers[0] if numbers else 1}))
    except InvalidConfig as error:
        return Draft((), (*faults, *error.faults, *catalogues.config_faults(catalogue, wanted)))
    faults += catalogues.config_faults(catalogue, config.model_dump())
    company = (alone and len(config.tasks) > 1) or config.trained_first
    arms = [config, *(config.alone(task) for task in config.tasks if company)]
    if len(arms) * len(numbers) > MOST_RUNS:
        faults.append(Fault("seed", f"{len(arms) * len(numbers)} runs at once are too many, {MOST_RUNS} are the most."))
    runs = tuple(_with_seed(arm, seed, several=len(numbers) > 1) for seed in numbers for arm in arms)
    return Draft(() if faults else runs, tuple(faults))


def parse_seeds(text: str) -> tuple[list[int], list[Fault]]:
    """Whole numbers out of "1, 2 3", each once and in order, and what is wrong with the others."""
    parts = [part for part in re.split(r"[,;\s]+", text) if part]
    wrong = [part for part in parts if not (typed.is_whole(part) and int(part) < 2**31)]
    if not parts:
        return [], [Fault("seed", "is missing. Give one or several, such as 1, 2, 3.")]
    if wrong:
        limit = f"Use whole numbers from 0 to {2**31 - 1:,}, such as 1, 2, 3."
        return [], [Fault("seed", f"{', '.join(wrong)} can't be a seed. {limit}")]
    return list(dict.fromkeys(map(int, parts))), []


def commands(runs: Sequence[RunConfig], workspace: Workspace) -> str:
    """Commands that start the same runs from a terminal, a line a run; a pupil's line trains its teachers too."""
    other = workspace if workspace != Workspace.default() else None
    pupils = [config for config in runs if config.trained_first]
    taught_by = {(pupil.alone(task).arm, pupil.seed) for pupil in pupils for task in pupil.tasks}
    typed = [config for config in runs if (config.arm, config.seed) not in taught_by]
    return "\n".join(f"{command.train(config, other)} --background" for config in typed)


def start(workspace: Workspace, runs: Sequence[RunConfig], expected: Mapping[str, float] = {}) -> list[str]:
    """Checks data and encoder of every run and starts them as one launch; their ids.

    `expected` are the seconds that a run takes, by arm, as far as they are known.

    Raises TandemErrors with every fault; then nothing was started.
    """
    plans.check(workspace, {config.arm: config for config in runs}.values())
    return queue.submit(workspace, runs, expected)


def landing(workspace: Workspace, ids: Sequence[str]) -> dict[str, str]:
    """What Watch is to show of runs that were just launched: all of them, or the only one."""
    with workspace.read() as index:
        launch = run_rows.get(index, ids[0]).launch
        several = len(run_rows.listing(index, launch=launch, limit=2)) > 1
    return {"launch": launch} if several else {"run": ids[0]}


def values_of(workspace: Workspace, run_id: str) -> dict[str, Any]:
    """The fields of a run's config, for a form that begins from it. Raises RunNotFound."""
    with workspace.read() as index:
        return said(run_rows.get(index, run_id).config.model_dump(), stored=True)


def preset_of(values: Mapping[str, Any]) -> Preset | None:
    """The preset that a form's methods and settings amount to."""
    tasks = values["tasks"]
    return next((one for one in PRESETS if tasks and one.values(tasks).items() <= values.items()), None)


def ahead(workspace: Workspace, device: str) -> int:
    """The number of runs that train or wait on a device already."""
    with workspace.read() as index:
        return sum(run.device == device for run in run_rows.listing(index, states=LIVE))


def folder_faults(workspace: Workspace) -> tuple[Fault, ...]:
    """A fault if no run could be kept there; looks without writing."""
    there = next(path for path in (workspace.path, *workspace.path.absolute().parents) if path.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return ()
    words = "it can't be written. Give a folder that can be written, with --runs-dir."
    return (Fault("runs_dir", f"can't use the folder {workspace}: {words}"),)


def without_gaps(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The values that are there, and a fault for each that must be."""
    faults = []
    for field, value in values.items():
        default = RunConfig.model_fields[field].default
        if value is None and default is not None:
            shown = f"{default:g}" if isinstance(default, float) else default
            faults.append(Fault(field, f"is empty. Use a value such as {shown}."))
    empty = {fault.field for fault in faults}
    return {field: value for field, value in values.items() if field not in empty}, faults


def _device_faults(values: Mapping[str, Any]) -> list[Fault]:
    try:
        devices.resolve(str(values.get("device", "auto")))
    except TandemError as error:
        return list(error.faults)
    return []


def _with_seed(config: RunConfig, seed: int, *, several: bool) -> RunConfig:
    name = f"{config.name} · seed {seed}"[-120:] if config.name and several else config.name
    return config.model_copy(update={"seed": seed, "name": name})
