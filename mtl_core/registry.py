"""Finds the files in tasks/, metrics/, kinds/, sharing/, schedules/, balancing/, merging/ and study_designs/.

A file's name is its entry's name, so names are known without importing anything:
the web process can check `sharing="hrad"` and never load torch.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

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


@cache
def names(family: str) -> tuple[str, ...]:
    """Names of all entries of a family ("tasks", "sharing", ...), sorted, without importing them."""
    modules = pkgutil.iter_modules([str(ROOT / family)])
    return tuple(sorted(module.name for module in modules if not module.name.startswith("_")))


@cache
def load(family: str, name: str) -> Any:
    """The entry itself: the object in `family/name.py` whose `name` is the file's.

    Raises InvalidConfig when there is no such file.
    """
    if name not in names(family):
        raise InvalidConfig([Fault(family, unknown_name(SINGULAR[family], name, names(family)))])
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
