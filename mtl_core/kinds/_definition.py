"""Tasks that are no files of the code: a definition, which is JSON, and the Task that it makes.

    {"name": "tickets",
     "task": {"kind": "classification", "inputs": ["text"], "labels": ["bug", "question"], ...},
     "data": {"train": {"path": ..., "bytes": ..., "sha256": ...}, "dev": null},
     "reading": {"form": "csv", "delimiter": ";", "quoted": true, "encoding": "utf-8", "header": true},
     "hold_out": 0.1, "rules": ["duplicates"], "left_out": []}

`task` holds the fields of the kind's Task class. A run keeps the definitions of its own tasks in its config, so that it
opens where nobody has added them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any

from mtl_core import registry
from mtl_core.errors import Fault, InvalidConfig, unknown_name
from mtl_core.kinds import Task

NO_HUB = ("", None)


def task_of(definitions: Mapping[str, Mapping[str, Any]], name: str) -> Task:
    """A run's task: by the definition that the run keeps, else the registered one. Raises InvalidConfig."""
    definition = definitions.get(name)
    task: Task = made(definition) if definition else registry.load("tasks", name)
    return task


def made(definition: Mapping[str, Any]) -> Task:
    """The task of a definition. Raises InvalidConfig for one that its kind does not take."""
    return _made(json.dumps({"name": definition["name"], **definition["task"]}, sort_keys=True))


@lru_cache(maxsize=512)
def _made(text: str) -> Task:
    values = json.loads(text)
    task_class = task_class_of(str(values.pop("kind", "")))
    known = {field.name for field in fields(task_class)}
    unknown = [name for name in values if name not in known]
    if unknown:
        raise InvalidConfig([Fault("tasks", f"{values['name']}: {unknown_name('field of a task', unknown[0], known)}")])
    usual = {"hub": NO_HUB, "folder": "", "source": "own data"}
    try:
        return task_class(**{**usual, **{name: _tuples(value) for name, value in values.items()}})
    except TypeError as error:
        raise InvalidConfig([Fault("tasks", f"{values['name']}: the definition is not complete ({error}).")]) from error


def task_class_of(kind: str) -> type[Task]:
    """The class of tasks of a kind. Raises InvalidConfig."""
    if kind not in registry.names("kinds"):
        raise InvalidConfig([Fault("kind", unknown_name("kind of task", kind, registry.names("kinds")))])
    source = registry.module("kinds", kind)
    found = (one for one in vars(source).values() if isinstance(one, type) and issubclass(one, Task))
    return next(one for one in found if getattr(one, "kind", None) == kind)


def _tuples(value: Any) -> Any:
    """JSON's lists as the tuples that a task's fields hold."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
