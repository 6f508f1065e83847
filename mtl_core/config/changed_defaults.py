"""Settings of methods whose default has changed, and what a config means that does not say them.

A stored config keeps its meaning: without the setting it means `before`, which is the default of the method's class. A
config that is made now says `now`, so that its runs are an arm of their own and no study mixes both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ChangedDefault:
    """The two defaults of a setting."""

    before: Any
    now: Any


CHANGED: Mapping[tuple[str, str], Mapping[str, ChangedDefault]] = {
    ("sharing", "cross_stitch"): {"mixing_rate": ChangedDefault(before=1.0, now=100.0)},
    ("balancing", "famo"): {"losses": ChangedDefault(before="previous", now="current")},
}
"""(Field of the config, method) → setting → its defaults."""


def said(values: Mapping[str, Any], *, stored: bool = False) -> dict[str, Any]:
    """The fields of a config with such settings said: as they are now, or as a stored config means them."""
    found = dict(values)
    for (field, method), settings in CHANGED.items():
        own = found.get(f"{field}_settings", {})
        if found.get(field) == method and isinstance(own, Mapping):
            defaults = {name: one.before if stored else one.now for name, one in settings.items()}
            found[f"{field}_settings"] = {**defaults, **own}
    return found


def new_defaults(field: str, method: str) -> dict[str, Any]:
    """Setting → default, for a form and a page about methods."""
    return {name: one.now for name, one in CHANGED.get((field, method), {}).items()}
