"""Faults of a config's fields, in words that say what to give."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from mtl_core import registry
from mtl_core.config.fields import about
from mtl_core.config.places import place_faults
from mtl_core.config.typed import is_folder, split_names
from mtl_core.errors import Fault, unknown_name

KINDS = {
    "int": "a whole number",
    "float": "a number",
    "string": "a text",
    "dict": "a set of settings",
    "tuple": "a list of names",
    "bool": "yes or no",
}
"""What pydantic calls the types of fields, in our words."""
TRAIN_FIRST = "train"
"""In the place of teachers, or of runs to merge: the single-task runs are to be trained first. A launch puts their ids
there."""
UNMERGED = {
    "sharing": ("hard", "a merged model is one encoder with a head per task. Use hard."),
    "schedule": ("proportional", "a merged run makes no steps. Use proportional, the default."),
    "balancing": ("sum", "a merged run makes no steps. Use sum, the default."),
}
"""Methods of a merged run, and the fault of any other."""


def fault(detail: ErrorDetails, fields: Mapping[str, FieldInfo]) -> Fault:
    """Pydantic's finding about a field in our words: what was given, why it can't be, what to give."""
    field = str(detail["loc"][0]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        return Fault(field, unknown_name("field", field, fields))
    if detail["type"] == "value_error":
        return Fault(field, str(detail["ctx"]["error"]))
    if detail["type"] == "missing" or (field == "tasks" and detail["type"] == "too_short"):
        return Fault(field, f"is missing. Give {_example(field, fields)}.")
    shown = detail["input"] if isinstance(detail["input"], (str, int, float)) else type(detail["input"]).__name__
    return Fault(field, f"{shown} {_why(detail)}. Use {_example(field, fields)}.")


def name_faults(values: Mapping[str, Any]) -> list[Fault]:
    """Names that are not registered, each with the nearest one that is."""
    given = values.get("definitions")
    defined = given if isinstance(given, Mapping) else {}
    asked = [("tasks", "tasks", task) for task in _tasks(values) if task not in defined]
    asked += [
        (field, family, values[field])
        for field, family in (("sharing", "sharing"), ("schedule", "schedules"), ("balancing", "balancing"))
        if isinstance(values.get(field), str)
    ]
    asked += [("merging", "merging", values["merging"])] if values.get("merging") else []
    return [
        Fault(field, unknown_name(registry.SINGULAR[family], str(name), registry.names(family)))
        for field, family, name in asked
        if name not in registry.names(family)
    ]


def cross_faults(values: Mapping[str, Any]) -> list[Fault]:
    """Faults that no field can see by itself."""
    faults = []
    tasks = _tasks(values)
    if len(set(tasks)) < len(tasks):
        faults.append(Fault("tasks", "the same task is named twice. Name each task once."))
    teachers = split_names(values.get("teachers", ()))
    if isinstance(teachers, (tuple, list)) and TRAIN_FIRST in teachers and len(teachers) > 1:
        words = f"'{TRAIN_FIRST}' trains a teacher for every task. Leave the other teachers out."
        faults.append(Fault("teachers", words))
    faults += merging_faults(values)
    source, data = values.get("source", "sample"), values.get("data")
    if source == "folder" and not data:
        faults.append(Fault("data", "the source 'folder' needs a folder. Give the one that holds the files."))
    if source == "folder" and data and not is_folder(str(data)):
        faults.append(Fault("data", f"there is no folder '{data}'. Give the one that holds the files."))
    if source != "folder" and data:
        faults.append(Fault("data", f"the source '{source}' reads no folder. Leave data empty or use 'folder'."))
    faults += place_faults(values)
    stride, length = values.get("stride"), values.get("max_length", 128)
    if stride is not None and _is_number(stride) and _is_number(length) and float(stride) > float(length) / 3:
        most = int(float(length) / 3)
        faults.append(Fault("stride", f"{stride} is more than a third of max_length ({length}). Use {most} or less."))
    return faults


def merging_faults(values: Mapping[str, Any]) -> list[Fault]:
    """Fields that go with no merging, or with none but one; a merged run makes no optimisation step."""
    merging, runs = values.get("merging"), split_names(values.get("merge_from") or ())
    if not merging:
        ways = ", ".join(registry.names("merging"))
        asked = [Fault("merging", f"is missing, and merge_from names runs. Choose from {ways}.")] * bool(runs)
        words = "belongs to a merging, and none is chosen. Leave it out."
        return asked + [Fault("merging_settings", words)] * bool(values.get("merging_settings"))
    faults = []
    if not runs:
        words = f"is empty. Name the finished single-task runs to merge, one per task, or use {TRAIN_FIRST}."
        faults.append(Fault("merge_from", words))
    if isinstance(runs, (tuple, list)) and TRAIN_FIRST in runs and len(runs) > 1:
        words = f"'{TRAIN_FIRST}' trains a run for every task. Leave the other runs out."
        faults.append(Fault("merge_from", words))
    if len(_tasks(values)) == 1:
        faults.append(Fault("merging", "one task has nothing to merge with. Add a task, or leave merging out."))
    other = [field for field, (usual, _) in UNMERGED.items() if values.get(field) not in (usual, None)]
    faults += [Fault(field, UNMERGED[field][1]) for field in other]
    if values.get("start_from"):
        faults.append(Fault("start_from", "a merged run begins with the runs of merge_from. Leave start_from out."))
    if split_names(values.get("teachers") or ()):
        faults.append(Fault("teachers", "a merged run is not trained, so none can teach it. Leave them out."))
    if str(values.get("processes") or 1) != "1":
        faults.append(Fault("processes", "a merged run makes no steps, so one process is enough. Use 1."))
    return faults


def limit_faults(limit: int | dict[str, int] | None, tasks: Sequence[str]) -> list[Fault]:
    """Limits of tasks that are none of the run's."""
    limited = limit if isinstance(limit, dict) else {}
    words = f"is not one of the run's tasks. Name one of {', '.join(tasks)}."
    return [Fault("train_limit", f"'{task}' {words}") for task in limited if task not in tasks]


def _why(detail: ErrorDetails) -> str:
    limits = detail.get("ctx", {})
    why = {
        "greater_than": "is too small, it must be above {gt:g}",
        "greater_than_equal": "is too small, the minimum is {ge:g}",
        "less_than": "is too large, it must be below {lt:g}",
        "less_than_equal": "is too large, the maximum is {le:g}",
        "string_pattern_mismatch": "is not a device",
        "string_too_long": "is too long, {max_length} characters are the maximum",
        "string_too_short": "is empty",
        "literal_error": "is not a choice, the choices are {expected}",
    }.get(detail["type"])
    if why:
        return why.format(**limits)
    kind = re.match(r"(int|float|string|dict|tuple|bool)", detail["type"])
    return f"is not {KINDS[kind[1]] if kind else 'what this field takes'}"


def _example(field: str, fields: Mapping[str, FieldInfo]) -> str:
    example = about(fields[field]).example if field in fields else ""
    if example:
        return example.format(tasks=", ".join(registry.names("tasks")))
    if field.endswith("_settings"):
        return 'names and values such as {"share": 0.5}'
    default = fields[field].default if field in fields else None
    return f"a value such as {default:g}" if isinstance(default, (int, float)) else f"a value such as {default}"


def _tasks(values: Mapping[str, Any]) -> list[str]:
    tasks = split_names(values.get("tasks"))
    return [str(task) for task in tasks] if isinstance(tasks, (tuple, list)) else []


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) or (isinstance(value, str) and bool(re.fullmatch(r"[0-9]+\.?[0-9]*", value)))
