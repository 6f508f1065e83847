"""Where a task's official files are: the layout of its folder, and the forms that a file may have."""

from __future__ import annotations

from collections.abc import Sequence
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
    splits = (task.folder_train, task.folder_dev)
    return {
        split: _find(task, data, split, [one[place] for one in task.other_files]) for place, split in enumerate(splits)
    }


def _find(task: Task, data: Path, split: str, others: Sequence[str]) -> Path | None:
    """The split's file: where a layout has it, or right in `data`, which may be the task's own folder."""
    layout = Path(task.folder.format(split=split))
    names = [f"{place}{ending}" for place in (layout, layout.name) for ending in ENDINGS]
    names += [f"{place}{packing}" for one in others for place in (one, Path(one).name) for packing in PACKINGS]
    return next((data / name for name in names if (data / name).is_file()), None)


def form(task: Task, path: Path) -> str:
    """The form that a file has: by its ending, where that tells it, else a table, or a word a line."""
    plain = path.name.removesuffix(".gz").removesuffix(".xz")
    known = next((one for one in FORMS if plain.endswith(one)), "")
    if known in (".conll", ".txt", ""):
        return ".conll" if task.kind == "tagging" else ".tsv"
    return known


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
