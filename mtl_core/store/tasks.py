"""The tasks of a workspace: those that a user has added, a file each, and where the data of any task lies.

`tasks/NAME.json` is a definition (`kinds/_definition.py`); files that came by upload lie in `tasks/NAME/` beside it,
and the definition names them by their place there. `tasks/places.json` has the places of tasks of the code.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import Any

from mtl_core import registry
from mtl_core.config.definitions import SPLITS
from mtl_core.disk import whole
from mtl_core.errors import Fault, InvalidConfig, TandemError, unknown_name
from mtl_core.kinds import Task
from mtl_core.kinds._definition import made
from mtl_core.store.run_folder import writing
from mtl_core.store.workspace import TASKS, Workspace

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
PLACES_FILE = "places.json"
UPLOADS = "uploads"


@dataclass(frozen=True, slots=True)
class TaskShelf:
    """The added tasks of one workspace. Looks at the files whenever it is asked, as other processes write them too."""

    workspace: Workspace
    _of_runs: dict[str, tuple[float, dict[str, Any] | None]] = field(default_factory=dict, compare=False)

    @property
    def path(self) -> Path:
        """The folder of definitions, which need not exist."""
        return self.workspace.path / TASKS

    def names(self) -> tuple[str, ...]:
        """Names of the added tasks, sorted."""
        try:
            found = [path.stem for path in self.path.iterdir() if path.suffix == ".json" and NAME.fullmatch(path.stem)]
        except OSError:
            return ()
        return tuple(sorted(name for name in found if f"{name}.json" != PLACES_FILE))

    def task(self, name: str) -> Task | None:
        """An added task, or one that only a run still knows."""
        found = self.stored(name) or self._of_run(name)
        return made(found) if found else None

    def stored(self, name: str) -> dict[str, Any] | None:
        """The definition as its file has it, with files by absolute paths."""
        if not NAME.fullmatch(name):
            return None
        path = self.path / f"{name}.json"
        try:
            there = path.stat()
        except OSError:
            return None
        document = json.loads(_text(path, there.st_mtime_ns, there.st_size))
        return {**document, "data": _with_files(document["data"], self._absolute)}

    def definition(self, name: str) -> dict[str, Any] | None:
        """The definition with sizes and hashes of its files as they are now; as stored where a file is gone."""
        found = self.stored(name)
        return found and refreshed(found)

    def place(self, name: str) -> str | None:
        """Where the data of a task of the code lie, as it was remembered."""
        return self.places().get(name)

    def places(self) -> dict[str, str]:
        """All remembered places, by task."""
        path = self.path / PLACES_FILE
        try:
            there = path.stat()
        except OSError:
            return {}
        found: dict[str, str] = json.loads(_text(path, there.st_mtime_ns, there.st_size))
        return found

    def remember(self, name: str, place: str | None) -> None:
        """Remembers where the data of a task of the code lie; None forgets it. Raises InvalidConfig, StoreError."""
        if name not in registry.own_names("tasks"):
            raise InvalidConfig([Fault("tasks", unknown_name("task", name, registry.own_names("tasks")))])
        places = {**self.places(), name: place}
        with writing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            text = json.dumps({task: one for task, one in sorted(places.items()) if one}, indent=2)
            whole.write_text(self.path / PLACES_FILE, text)

    def save(self, definition: Mapping[str, Any]) -> dict[str, Any]:
        """Adds a task, or replaces one of its name; the definition as stored. Raises InvalidConfig, StoreError."""
        name = str(definition["name"])
        check_name(name)
        made(definition)
        document = {**definition, "data": _with_files(refreshed(definition)["data"], self._relative)}
        with writing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            whole.write_text(self.path / f"{name}.json", json.dumps(document, indent=2, ensure_ascii=False))
        stored = self.stored(name)
        assert stored is not None
        return stored

    def remove(self, name: str) -> None:
        """Forgets a task, with the files that were uploaded for it; runs keep what they know. Raises InvalidConfig."""
        if name not in self.names():
            raise InvalidConfig([Fault("tasks", unknown_name("own task", name, self.names() or ("none yet",)))])
        with writing(self.path):
            (self.path / f"{name}.json").unlink()
            shutil.rmtree(self.files_of(name), ignore_errors=True)

    def files_of(self, name: str) -> Path:
        """The folder of files that were uploaded for a task, which need not exist."""
        return self.path / name

    def _absolute(self, file: Mapping[str, Any]) -> dict[str, Any]:
        """Files in the workspace are stored by their place in it."""
        return {**file, "path": str(self.path / file["path"])}

    def _relative(self, file: Mapping[str, Any]) -> dict[str, Any]:
        path = Path(file["path"])
        inside = path.is_relative_to(self.path)
        return {**file, "path": path.relative_to(self.path).as_posix() if inside else str(path)}

    def _of_run(self, name: str) -> dict[str, Any] | None:
        """The definition that the newest run with the task keeps: the task itself may have been removed since, or
        the run has come from another workspace."""
        index_file = self.workspace.index_file
        try:
            changed = index_file.stat().st_mtime
        except OSError:
            return None
        known = self._of_runs.get(name)
        if known is None or (known[1] is None and known[0] != changed):
            self._of_runs[name] = known = (changed, self._asked_of_runs(name))
        return known[1]

    def _asked_of_runs(self, name: str) -> dict[str, Any] | None:
        sql = """
            SELECT value FROM (SELECT config, created FROM runs WHERE config LIKE '%"definitions":{"%'),
                json_each(config, '$.definitions') WHERE key = ? ORDER BY created DESC LIMIT 1
        """
        with self.workspace.read() as index:
            row = index.execute(sql, [name]).fetchone()
        return json.loads(row[0]) if row else None


def refreshed(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The definition with sizes and hashes of its files as they are now; as they are known where one is gone."""
    return {**definition, "data": _with_files(definition["data"], current)}


def _with_files(data: Mapping[str, Any], change: Callable[[Mapping[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """The data of a definition with each of its files changed; of the hub there are none."""
    return {name: change(one) if name in SPLITS and isinstance(one, dict) else one for name, one in data.items()}


def current(file: Mapping[str, Any]) -> dict[str, Any]:
    """A file with its size and hash as they are now; as it is known where it can't be read."""
    path = Path(file["path"])
    try:
        there = path.stat()
        if (there.st_size, there.st_mtime_ns) == (file.get("bytes"), file.get("changed")):
            return dict(file)
        sha256 = _sha256(path, there.st_size, there.st_mtime_ns)
    except OSError:
        return dict(file)
    return {**file, "bytes": there.st_size, "changed": there.st_mtime_ns, "sha256": sha256}


def check_name(name: str) -> None:
    """Raises InvalidConfig for a name that no own task can have."""
    if name in registry.own_names("tasks") or f"{name}.json" == PLACES_FILE:
        raise InvalidConfig([Fault("name", f"'{name}' is the name of a built-in task. Choose another.")])
    if not NAME.fullmatch(name):
        words = "Use small letters, digits and _, a letter first, 40 characters at most, such as tickets."
        raise InvalidConfig([Fault("name", f"'{name[:60]}' can't be the name of a task. {words}")])


def keep_upload(workspace: Workspace, name: str, content: bytes) -> Path:
    """An uploaded file in the cache, by its own name; the same content is kept once. Raises StoreError."""
    digest = hashlib.sha256(content).hexdigest()[:16]
    path = workspace.cache / UPLOADS / digest / (Path(name.replace("\0", "")).name or "data.csv")
    if not path.exists():
        with writing(workspace.path), whole.replacing(path) as draft:
            draft.write_bytes(content)
    return path


def use(workspace: Workspace) -> TaskShelf:
    """Lets this process find the tasks of a workspace by their names."""
    there = registry.shelf()
    if isinstance(there, TaskShelf) and there.workspace == workspace:
        return there
    shelf = TaskShelf(workspace)
    registry.look_in(shelf)
    return shelf


def own_task(shelf: TaskShelf, name: str) -> dict[str, Any]:
    """The definition of an added task, with its data as they are now. Raises TandemError."""
    found = shelf.definition(name)
    if found is None:
        known = shelf.names()
        words = f"Added are {', '.join(known)}." if known else "None is added yet: `python -m mtl_core tasks add FILE`."
        raise TandemError(f"there is no own task '{name}'. {words}", field="tasks")
    return found


def data_text(definition: Mapping[str, Any]) -> str:
    """Where the data of an own task lie, for people."""
    data = definition["data"]
    if "hub" in data:
        return f"hub {' '.join(part for part in data['hub'] if part)}"
    return ", ".join(file["path"] for split in SPLITS if (file := data.get(split)))


@lru_cache(maxsize=256)
def _text(path: Path, changed: int, size: int) -> str:
    del changed, size
    return path.read_text("utf-8")


@lru_cache(maxsize=256)
def _sha256(path: Path, size: int, changed: int) -> str:
    """A file's hash, computed once for as long as its size and time stay."""
    del size, changed
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
