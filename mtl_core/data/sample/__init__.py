"""The source `sample`: generated files that come with the project, in the layout of the official ones.

Reviews, pairs and questions about one small world. Dev speaks of people, places and things that training never names,
and uses some words that it never has.
"""

from __future__ import annotations

from pathlib import Path

from mtl_core import registry
from mtl_core.config.run import GENERATED
from mtl_core.data import folder
from mtl_core.data.examples import TaskData
from mtl_core.errors import DataError
from mtl_core.kinds import Task

SAMPLE = Path(__file__).parent


def read(task: Task) -> TaskData:
    """The sample of this task. Raises DataError where there is none."""
    need(task)
    return folder.read(task, SAMPLE, called=GENERATED)


def need(task: Task) -> None:
    """Raises DataError where there is no sample of this task."""
    if not has_sample(task):
        known = " and ".join(", ".join(tasks_with_sample()).rsplit(", ", 1))
        raise DataError(
            f"there is no {GENERATED} for '{task.name}'. It exists for {known}. "
            "Use the source 'folder' or 'hub' for this task.",
            field="source",
        )


def has_sample(task: Task) -> bool:
    """True where this task's files are here."""
    return folder.has(task, SAMPLE)


def tasks_with_sample() -> tuple[str, ...]:
    """Names of the registered tasks whose files are here."""
    return tuple(name for name, task in registry.load_all("tasks").items() if has_sample(task))
