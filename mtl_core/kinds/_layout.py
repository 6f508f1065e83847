"""Where a task's official files are: the layout of its folder, and the forms that a file may have."""

from __future__ import annotations

from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import Any

from mtl_core.kinds import Task

FORMS = (".tsv", ".csv", ".jsonl", ".json", ".parquet", ".conll", ".txt")
PACKINGS = ("", ".gz", ".xz")
ENDINGS = tuple(form + packing for form in FORMS for packing in PACKINGS)


def files(task: Task, data: Path) -> dict[str, Path | None]:
    """The task's train and dev files by split, below `data` or in it; None for one that is not there."""
    return {split: _find(task, data, split) for split in (task.folder_train, task.folder_dev)}


def _find(task: Task, data: Path, split: str) -> Path | None:
    """The split's file: where the layout has it, or right in `data`, which may be the task's own folder."""
    layout = Path(task.folder.format(split=split))
    candidates = [data / f"{place}{ending}" for place in (layout, Path(layout.name)) for ending in ENDINGS]
    return next((path for path in candidates if path.is_file()), None)


def hashes(task: Task, data: Path) -> dict[str, Any]:
    """Size and SHA-256 of the task's files by their place below `data`, found without reading a single example."""
    paths = [path for path in files(task, data).values() if path is not None]
    return {path.relative_to(data).as_posix(): _of_file(path) for path in paths}


def changed(task: Task, data: Path) -> float:
    """When one of the task's files was changed last, in seconds since 1970; 0 without files."""
    paths = [path for path in files(task, data).values() if path is not None]
    return max((path.stat().st_mtime for path in paths), default=0.0)


def _of_file(path: Path) -> dict[str, Any]:
    try:
        known = path.stat()
        return {"bytes": known.st_size, "sha256": _sha256(path, known.st_size, known.st_mtime_ns)}
    except OSError as error:
        return {"bytes": None, "sha256": None, "unreadable": error.strerror or str(error)}


@lru_cache(maxsize=256)
def _sha256(path: Path, size: int, time: int) -> str:
    """A file's hash, computed once for as long as its size and time stay."""
    del size, time
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
