"""The colour of a task, the same on every page, in every chart and export."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from mtl_core import registry

LIGHT = ("#E69F00", "#0072B2", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6BB1", "#7F7F7F", "#B5A300", "#5F9EA0")
DARK = ("#F7B934", "#4CA6E8", "#35C79A", "#E39CC4", "#8ACDF5", "#F58345", "#B398D9", "#A9A9A9", "#D6C63C", "#8AC5C7")
"""Ten colours that colour-blind readers tell apart, and their lighter twins for a dark page."""

FIRST = {"sst2": 0, "mnli": 1, "squad": 2}
"""Tasks that readers know by their colour; every other task gets one of the remaining seven by its name."""


def task_color(task: str, dark: bool) -> str:
    """The one colour of a task, as #RRGGBB. It depends on the registered names alone, never on what is shown."""
    return (DARK if dark else LIGHT)[_places().get(task, _wish(task))]


def _places() -> dict[str, int]:
    """Every registered task's place in the palette: the one its name asks for, or the next one that is free among the
    tasks of the code, or among those that the user has added."""
    names, of_code = set(registry.names("tasks")) - set(FIRST), set(registry.own_names("tasks"))
    return {**_among(names - of_code), **_among(names & of_code), **FIRST}


def _among(tasks: Iterable[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for task in sorted(tasks):
        taken = set(places.values())
        ring = [(_wish(task) - len(FIRST) + turn) % _others() + len(FIRST) for turn in range(_others())]
        places[task] = next((place for place in ring if place not in taken), ring[0])
    return places


def _wish(task: str) -> int:
    return int(sha256(task.encode()).hexdigest(), 16) % _others() + len(FIRST)


def _others() -> int:
    return len(LIGHT) - len(FIRST)
