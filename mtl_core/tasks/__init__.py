"""Tasks: one file each, pure data. The class of a task is its kind's: `Classification`, `Span`, `Regression`, ..."""

from __future__ import annotations

from typing import Any

from mtl_core import registry
from mtl_core.kinds import Task as Task


def __getattr__(name: str) -> Any:
    """The class of tasks of that name, from whichever kind has it: `from mtl_core.tasks import Classification`."""
    for kind in registry.names("kinds"):
        task_class = getattr(registry.module("kinds", kind), name, None)
        if isinstance(task_class, type) and issubclass(task_class, Task) and task_class.__name__ == name:
            return task_class
    raise AttributeError(f"no kind in mtl_core/kinds/ has tasks of a class '{name}'")
