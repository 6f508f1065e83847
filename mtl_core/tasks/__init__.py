"""Tasks: one file each, pure data. The class of a task is its kind's: `Classification`, `Span`, `Regression`, ..."""

from __future__ import annotations

from typing import Any

from mtl_core import registry
from mtl_core.kinds import Task as Task


def __getattr__(name: str) -> Any:
    """The class of tasks of that name, from whichever kind has it: `from mtl_core.tasks import Classification`."""
    for kind in registry.names("kinds"):
        found = getattr(registry.module("kinds", kind), name, None)
        if isinstance(found, type) and issubclass(found, Task) and found.__name__ == name:
            return found
    raise AttributeError(f"no kind in mtl_core/kinds/ has tasks of a class '{name}'")
