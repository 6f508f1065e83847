"""Finds the files in tasks/, metrics/, kinds/, sharing/, schedules/, balancing/, merging/ and study_designs/.

A file's name is its entry's name, so names are known without importing anything:
the web process can check `sharing="hrad"` and never load torch. Tasks that a user has added are no files of the code:
a process that serves a workspace says where to look for them, with `look_in`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from mtl_core.errors import Fault, InvalidConfig, unknown_name

ROOT = Path(__file__).parent
CODE = ROOT.parent
"""The folder that holds app.py, pages/ and mtl_core/."""
SINGULAR = {
    "tasks": "task",
    "metrics": "metric",
    "kinds": "kind of task",
    "sharing": "sharing",
    "schedules": "schedule",
    "balancing": "balancing",
    "merging": "merging",
    "study_designs": "preset",
}


class Shelf(Protocol):
    """The tasks of a workspace: those that a user has added, and where the data of any task lies."""

    def names(self) -> tuple[str, ...]:
        """Names of the added tasks, sorted."""

    def task(self, name: str) -> Any | None:
        """An added task, or one that only a run still knows; None where there is neither."""

    def definition(self, name: str) -> dict[str, Any] | None:
        """The definition of an added task, as runs keep it, with its data as they are now."""

    def place(self, name: str) -> str | None:
        """Where the data of a task of the code lie, as it was remembered: "hub" or "folder:/data/glue"."""

    def places(self) -> dict[str, str]:
        """All of these, by task."""


_shelf: Shelf | None = None


def look_in(shelf: Shelf | None) -> None:
    """Says where this process finds the tasks that a user has added; None for nowhere."""
    global _shelf
    _shelf = shelf


def shelf() -> Shelf | None:
    """The tasks of the workspace that this process serves, if it has said so."""
    return _shelf


@cache
def own_names(family: str) -> tuple[str, ...]:
    """Names of a family's files in the code, sorted, without importing them."""
    modules = pkgutil.iter_modules([str(ROOT / family)])
    return tuple(sorted(module.name for module in modules if not module.name.startswith("_")))


def names(family: str) -> tuple[str, ...]:
    """Names of all entries of a family ("tasks", "sharing", ...): files of the code, sorted, and then added tasks."""
    own = own_names(family)
    added = _shelf.names() if _shelf and family == "tasks" else ()
    return (*own, *(name for name in added if name not in own)) if added else own


def has(family: str, name: str) -> bool:
    """True for an entry that can be loaded; also for a task that only a run still knows."""
    if name in own_names(family):
        return True
    return _shelf is not None and family == "tasks" and _shelf.task(name) is not None


def load(family: str, name: str) -> Any:
    """The entry itself: the object in `family/name.py` whose `name` is the file's, or a task that a user has added.

    Raises InvalidConfig when there is none.
    """
    if name in own_names(family):
        return _loaded(family, name)
    added = _shelf.task(name) if _shelf and family == "tasks" else None
    if added is None:
        raise InvalidConfig([Fault(family, unknown_name(SINGULAR[family], name, names(family)))])
    return added


@cache
def _loaded(family: str, name: str) -> Any:
    source = module(family, name)
    for entry in vars(source).values():
        if getattr(entry, "name", None) == name and not _only_imported(entry, source.__name__):
            return entry
    raise LookupError(f"{source.__name__} defines nothing whose name is '{name}'")


def module(family: str, name: str) -> ModuleType:
    """The file or folder of an entry, imported."""
    return importlib.import_module(f"mtl_core.{family}.{name}")


def _only_imported(entry: Any, module: str) -> bool:
    return isinstance(entry, type) and entry.__module__ != module


def load_all(family: str) -> dict[str, Any]:
    """Every entry of a family by name."""
    return {name: load(family, name) for name in names(family)}
