"""Where the data of a run's tasks lie: one source for all, or one a task, as typed, remembered and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal, cast

from mtl_core import registry
from mtl_core.config.typed import is_folder, split_names
from mtl_core.errors import Fault

Source = Literal["sample", "folder", "hub"]
SOURCES: tuple[Source, ...] = ("sample", "folder", "hub")
REMEMBERED = "own"
"""In the place of a source: each task's own, as it was remembered."""
PLACES = "a source per task such as mnli=hub,cola=folder:/data/glue, or leave it empty"
"""What to give for sources of single tasks."""
FOLDER = "folder:"


def split_place(text: str) -> tuple[str, str | None]:
    """ "hub" is ("hub", None); "folder:/data/glue" is ("folder", "/data/glue")."""
    return ("folder", text.removeprefix(FOLDER)) if text.startswith(FOLDER) else (text, None)


def join_place(source: str, data: str | None) -> str:
    """The other way round."""
    return f"{FOLDER}{data or ''}" if source == "folder" else source


def place_text(source: str, data: str | None) -> str:
    """A place for people: "folder /data/glue"."""
    return " ".join(part for part in (source, data if source == "folder" else None) if part)


def places(value: object) -> object:
    """Sources of single tasks as they are typed: "mnli=hub,cola=folder:/data/glue"."""
    if isinstance(value, str):
        value = dict(part.split("=", 1) for part in map(str.strip, value.split(",")) if "=" in part)
    for text in value.values() if isinstance(value, Mapping) else ():
        source, data = split_place(str(text))
        if source not in SOURCES or (source == "folder" and not data):
            raise ValueError(f"'{text}' is not a source. Use sample, hub or folder:PATH, {PLACES}.")
    return value


def fill_places(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a new config with the places that are remembered for its tasks, where it names no source."""
    found = dict(values)
    if found.get("source", REMEMBERED) != REMEMBERED:
        return found
    found.pop("source", None)
    tasks, shelf = split_names(found.get("tasks") or ()), registry.shelf()
    known = [task for task in tasks if isinstance(task, str)] if isinstance(tasks, (list, tuple)) else []
    places = {task: place for task in known if shelf and (place := shelf.place(task))}
    given = found.get("task_sources") or {}
    return {**found, "task_sources": {**places, **given}} if places and isinstance(given, Mapping) else found


def kept_places(
    tasks: Sequence[str], source: Source, data: str | None, own: Mapping[str, str]
) -> tuple[Source, str | None, dict[str, str]]:
    """Source, folder and sources of single tasks in the one form that a config has: what all tasks have in common
    stands in the first two. `tasks` are those without data of their own."""
    usual = join_place(source, data)
    places = {task: own.get(task, usual) for task in tasks}
    if places and usual not in places.values():
        usual = next(iter(places.values()))
        first, data = split_place(usual)
        source = cast(Source, first)
    return source, data, {task: place for task, place in places.items() if place != usual}


def place_faults(values: Mapping[str, Any]) -> list[Fault]:
    """Folders of single tasks that are not there."""
    texts: Mapping[str, Any] = {}
    with suppress(ValueError):  # told by the field itself
        given = places(values.get("task_sources"))
        texts = given if isinstance(given, Mapping) else {}
    found = {task: split_place(str(text)) for task, text in texts.items()}
    return [
        Fault("task_sources", f"there is no folder '{data}' for {task}. Give the one that holds its files.")
        for task, (source, data) in found.items()
        if source == "folder" and data and not is_folder(data)
    ]
