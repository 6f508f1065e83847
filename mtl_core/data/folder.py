"""The source `folder`: a task's official files as they are distributed."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from mtl_core.data import files
from mtl_core.data.examples import Split, TaskData, build
from mtl_core.errors import DataError
from mtl_core.kinds import Task, _layout

SHOWN = 8
"""Names of found files that a message shows at most."""
FIRST = 50
"""Rows that tell whether a file is a task's."""


def read(task: Task, data: Path, called: str = "") -> TaskData:
    """The task's train and dev files, below `data` or in it. Raises DataError with file and line.

    Messages name a file by its place in `data`, after what this folder is `called`.
    """
    paths = _layout.files(task, data)
    missing = [split for split, path in paths.items() if path is None]
    if missing:
        raise DataError(_nothing_found(task, data, missing))
    train, dev = (_split(task, data, path, called) for path in paths.values() if path is not None)
    return TaskData(train, dev)


def has(task: Task, data: Path) -> bool:
    """True where the task's train and dev files are there."""
    return None not in _layout.files(task, data).values()


def is_own(task: Task, data: Path) -> bool:
    """True where the folder holds this task's official files: named as they are, with its columns and labels."""
    if not _layout.named(task, data):
        return False
    try:
        need(task, data)
    except DataError:
        return False
    return True


def need(task: Task, data: Path) -> None:
    """Raises DataError where a folder does not hold the task's files, or their first rows are none of the task."""
    paths = _layout.files(task, data)
    missing = [split for split, path in paths.items() if path is None]
    if missing:
        raise DataError(_nothing_found(task, data, missing))
    for path in paths.values():
        assert path is not None
        _split(task, data, path, "", FIRST)


def _split(task: Task, data: Path, path: Path, called: str, most: int | None = None) -> Split:
    place = path.relative_to(data).as_posix()
    rows = files.read(
        path,
        f"{called}, {place}" if called else place,
        task.columns,
        torn=task.torn_rows,
        form=_layout.form(task, path),
    )
    return build(task, islice(rows.rows, most), rows.where, names=rows.names, notes=rows.notes)


def _nothing_found(task: Task, data: Path, missing: list[str]) -> str:
    wanted = " and no ".join(task.folder.format(split=split) for split in missing)
    own = data / Path(task.folder).parent
    place = own if own.is_dir() else data
    names = sorted(path.name + "/" * path.is_dir() for path in place.iterdir()) if place.is_dir() else []
    shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else "")
    return (
        f"{task.name}: there is no {wanted} in '{data}', with any of the endings {', '.join(_layout.FORMS)}, "
        f"also with .gz or .xz. Found in '{place}': {shown or 'nothing'}."
    )
