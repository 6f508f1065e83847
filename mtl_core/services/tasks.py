"""What the Tasks page asks: all tasks with where their data lie and who used them; a task out of a file; checks."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtl_core import registry
from mtl_core.config.definitions import SPLITS, version
from mtl_core.config.places import place_text, split_place
from mtl_core.errors import Fault, InvalidConfig, unknown_name
from mtl_core.jobs import intake
from mtl_core.kinds import Task, _layout, kind_of
from mtl_core.services import folders
from mtl_core.store import task_use, tasks
from mtl_core.store.workspace import Workspace

EXPORT = "{name}.tandem-task"
"""Name of a task's file."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as the list shows it."""

    name: str
    title: str
    kind: str
    own: bool
    sizes: str
    """Training and dev rows, as far as they are known."""
    data: str
    """Where its data lie."""
    sample: bool
    """Whether it can be tried on the generated sample."""
    version: str
    runs: int
    studies: tuple[tuple[str, str], ...]
    """Ids and names."""


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """A task as its own page shows it."""

    row: TaskRow
    facts: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    inputs: tuple[str, ...]


def listing(workspace: Workspace) -> list[TaskRow]:
    """Own tasks first, then those of the code."""
    shelf = tasks.use(workspace)
    used = task_use.by_task(workspace)
    names = [*shelf.names(), *registry.own_names("tasks")]
    return [_row(shelf, name, used.get(name, task_use.TaskUse())) for name in names]


def _row(shelf: tasks.TaskShelf, name: str, use: task_use.TaskUse) -> TaskRow:
    task: Task = registry.load("tasks", name)
    own = name in shelf.names()
    definition = shelf.definition(name) if own else None
    counts = definition.get("counts") if definition else None
    train, dev = (counts.get(split) for split in SPLITS) if counts else (use.train, use.dev)
    sizes = " / ".join(f"{count:,}" if count else "?" for count in (train, dev)) if train or dev else ""
    place = tasks.data_text(definition) if definition else place_text(*split_place(shelf.place(name) or ""))
    known = version(definition) if definition else ""
    sample = not own and all(_layout.files(task, registry.ROOT / "data" / "sample").values())
    return TaskRow(name, task.title, task.kind, own, sizes, place, sample, known, use.runs, use.studies)


def detail(workspace: Workspace, name: str) -> TaskDetail:
    """One task. Raises InvalidConfig for a name that is none."""
    if name not in registry.names("tasks"):
        raise InvalidConfig([Fault("task", unknown_name("task", name, registry.names("tasks")))])
    row = next(one for one in listing(workspace) if one.name == name)
    task: Task = registry.load("tasks", name)
    definition = tasks.use(workspace).definition(name) if row.own else None
    reading = (definition or {}).get("reading", {})
    facts = [
        ("Kind", task.kind.replace("_", " ")),
        ("Question", task.question),
        ("Texts from", ", ".join(task.inputs)),
        ("Answers from", " or ".join(kind_of(task).reader(task).gold_columns)),
        ("Columns not used", ", ".join((definition or {}).get("unused", ()))),
        ("Labels", ", ".join(getattr(task, "labels", ()))),
        ("Metrics", ", ".join(task.metrics)),
        ("Rows, train / dev", row.sizes),
        ("Data", row.data or "not remembered: asked for at each start, else the generated sample"),
        ("Version", row.version),
        ("Read as", _reading_text(reading)),
        ("Source", task.source),
    ]
    known = tuple((name, value) for name, value in facts if value)
    return TaskDetail(row, known, tuple((definition or {}).get("rules", ())), task.inputs)


def _reading_text(reading: Mapping[str, Any]) -> str:
    """How a file is read, for people: "table with commas between columns, utf-8, quoted fields, a header"."""
    if reading.get("form") != "table":
        return "CoNLL columns" * (reading.get("form") == "conll")
    names = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    between = names.get(reading["delimiter"], f"'{reading['delimiter']}'")
    quoted = "quotation marks enclose fields" if reading["quoted"] else "quotation marks are ordinary characters"
    header = "the first row has the columns' names" if reading["header"] else "no row of names"
    return f"a table with {between} between columns, {reading['encoding']}; {quoted}; {header}"


def keep_upload(workspace: Workspace, name: str, content: bytes) -> Path:
    """An uploaded file on the disk, from which a task is guessed and copied."""
    return tasks.keep_upload(workspace, name, content)


def guessed(workspace: Workspace, request: Mapping[str, Any]) -> dict[str, Any]:
    """What would be added: definition, columns, labels, preview. Raises InvalidConfig with every fault, TandemError."""
    _need_allowed(request)
    return _asked(workspace, {**request, "do": "add", "dry_run": True})


def added(workspace: Workspace, request: Mapping[str, Any]) -> str:
    """Adds the task; its name. Raises as `guessed` does, and then nothing is added."""
    _need_allowed(request)
    answer = _asked(workspace, {**request, "do": "add", "dry_run": False})
    return str(answer["definition"]["name"])


def _asked(workspace: Workspace, request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a request about a file or data set. Raises InvalidConfig with its faults under `what`: the form
    asks for no data folder and no source."""
    try:
        return intake.ask(workspace, request)
    except InvalidConfig as error:
        places = ("data", "source")
        faults = [Fault("what" if one.field in places else one.field, one.message) for one in error.faults]
        raise InvalidConfig(faults) from error


def _need_allowed(request: Mapping[str, Any]) -> None:
    """Raises InvalidConfig for a path outside the folders that this app may read, unless it was uploaded here."""
    if request.get("copy") or str(request["what"]).startswith("hub:"):
        return
    paths = [path for path in (request["what"], request.get("dev")) if path]
    found = [fault for path in paths for fault in folders.faults("folder", path)]
    if found:
        raise InvalidConfig([Fault("what", fault.message) for fault in found])


def exported(workspace: Workspace, name: str, *, with_data: bool) -> bytes:
    """An own task as one file for a colleague. Raises TandemErrors."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / EXPORT.format(name=name)
        intake.ask(workspace, {"do": "export", "name": name, "output": str(file), "with_data": with_data})
        return file.read_bytes()


def imported(workspace: Workspace, file: Path, name: str, train: str, dev: str) -> str:
    """Adds the task of an exported file, with data of this machine where it came without; its name. Raises as
    `added` does."""
    for path in filter(None, (train, dev)):
        _need_allowed({"what": path})
    request = {"do": "import", "file": str(file), "name": name, "train": train or None, "dev": dev or None}
    return str(_asked(workspace, request)["name"])


def checked(workspace: Workspace, name: str) -> dict[str, Any] | None:
    """What is in a task's data; None while that is being found out. Raises TandemErrors."""
    request = {"do": "check", "name": name, "encoder": "embedded"}
    shelf = tasks.use(workspace)
    definition = shelf.definition(name) if name in shelf.names() else None
    if definition:
        definition = {**definition, "rules": [], "left_out": []}  # rules are about what is found before any of them
    state = version(definition) if definition else shelf.place(name) or ""
    return intake.answer_of_check(workspace, request, state)


def leave_out(workspace: Workspace, name: str, rules: Sequence[str]) -> None:
    """Lets an own task keep rules that leave rows out. Raises TandemErrors."""
    intake.ask(workspace, {"do": "check", "name": name, "leave_out": list(rules)})


def remember(workspace: Workspace, name: str, source: str, data: str | None) -> None:
    """Remembers where the data of a task of the code lie; "" for nowhere. Raises TandemErrors."""
    found = folders.faults(source, data)
    if found:
        raise InvalidConfig(found)
    if not source:
        tasks.use(workspace).remember(name, None)
        return
    intake.ask(workspace, {"do": "remember", "names": [name], "source": source, "data": data})


def remove(workspace: Workspace, name: str) -> None:
    """Forgets an own task. Raises InvalidConfig."""
    tasks.use(workspace).remove(name)


def kinds() -> tuple[str, ...]:
    """Names of all kinds of tasks."""
    return registry.names("kinds")
