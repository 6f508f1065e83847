"""The doors: which room may import, or start by name, which other. The one table of them.

A room is a folder directly in mtl_core or a file directly in it; pages, and app.py. Floors are derived from the
table: a room stands above all that it may import, so an import that is allowed can't climb.
"""

from __future__ import annotations

import re

DOORS: dict[str, str] = {
    # both sides
    "__init__": "",
    "errors": "",
    "disk": "",
    "statistics": "",
    "registry": "errors",
    "devices": "errors",
    "metrics": "registry",
    "config": "errors registry",
    "records": "",
    "study_designs": "config errors registry",
    "store": "config disk errors kinds records registry",
    "kinds": "encoders errors metrics records registry",
    "tasks": "kinds registry",
    "display": "config kinds metrics records registry statistics store",
    "charts": "display records",
    "studies": "charts config disk display errors kinds metrics records registry statistics store study_designs"
    " __init__",
    "jobs": "config devices disk errors records registry store studies workers",
    # work side
    "encoders": "disk errors",
    "schedules": "errors",
    "balancing": "",
    "merging": "",
    "sharing": "encoders errors kinds records",
    "data": "config disk encoders errors kinds records registry",
    "engine": "balancing config data devices disk encoders errors kinds merging metrics records registry schedules"
    " sharing",
    "inference": "config disk encoders engine errors kinds records registry sharing store",
    "workers": "config data devices disk display encoders engine errors inference records registry store __init__",
    "cli": "app config data devices disk display encoders engine errors inference jobs kinds records registry store"
    " studies study_designs workers",
    "__main__": "cli devices",
    "processes": "jobs workers",
    # web side
    "services": "charts config devices display errors jobs kinds records registry statistics store studies"
    " study_designs",
    "pages": "charts display services",
    "app": "disk errors jobs pages services store",
}
"""Room → the rooms that it may enter."""

WEB = frozenset({"services", "pages", "app"})
"""No torch; streamlit in pages and app alone."""
WORK = frozenset(
    {
        "encoders",
        "schedules",
        "balancing",
        "merging",
        "sharing",
        "data",
        "engine",
        "inference",
        "workers",
        "cli",
        "__main__",
        "processes",
    }
)
"""Torch, and no widgets. All other rooms belong to both sides: neither torch nor widgets."""
MODEL_HALF = re.compile(r"mtl_core\.kinds\.(\w+\.)*(model|_model|_asked|_encoding|_options|_spelling)(\.\w+)?")
"""Modules of kinds that load torch and belong to the work side; the rest of kinds is light."""
STORELESS = frozenset({"engine", "kinds", "sharing", "statistics"})
"""Rooms that know no store, not even through another room."""


def side_of(room: str) -> str:
    """`web`, `work` or `both`. Raises AssertionError for a room that the table does not know."""
    assert room in DOORS, f"'{room}' has no doors yet: give it a line in tests/doors.py"
    return "web" if room in WEB else "work" if room in WORK else "both"


def side_of_module(room: str, module: str) -> str:
    """The side of a module by its full dotted name: kinds have a half on the work side."""
    return "work" if MODEL_HALF.fullmatch(module) else side_of(room)


def doors_of(room: str) -> frozenset[str]:
    """The rooms that a room may enter."""
    return frozenset(DOORS[room].split())


def floors(arrows: dict[str, frozenset[str]]) -> dict[str, int]:
    """Each room's floor: one above the highest room that it enters. Raises AssertionError for a circle of rooms."""
    known: dict[str, int] = {}

    def floor(room: str, way: tuple[str, ...]) -> int:
        assert room not in way, f"a circle of rooms: {' → '.join((*way, room))}"
        if room not in known:
            known[room] = 1 + max((floor(below, (*way, room)) for below in arrows[room]), default=-1)
        return known[room]

    for room in arrows:
        floor(room, ())
    return known
