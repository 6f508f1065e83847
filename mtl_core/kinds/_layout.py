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
USUAL = ("train", "training", "dev", "val", "valid", "validation", "eval", "test")
"""Names of files that tell no task."""
ENDINGS = tuple(form + packing for form in FORMS for packing in PACKINGS)


def files(task: Task, data: Path) -> dict[str, Path | None]:
    """The task's train and dev files by split, below `data` or in it; None for one that is not there."""
    splits = (task.folder_train, task.folder_dev)
    return {
        split: _find(task, data, split, [one[place] for one in task.other_files]) for place, split in enumerate(splits)
    }


def _find(task: Task, data: Path, split: str, others: Sequence[str]) -> Path | None:
    """The split's file: where a layout has it, or right in `data`, which may be the task's own folder."""
    if not task.folder:
        return None
    layout = Path(task.folder.format(split=split))
    places = [place for one in (layout, *map(Path, others)) for place in (_below(data, one), data / one.name)]
    names = [place.with_name(f"{place.name}{ending}") for place in places[:2] for ending in ENDINGS]
    names += [place.with_name(f"{place.name}{packing}") for place in places[2:] for packing in PACKINGS]
    return next((name for name in names if name.is_file()), None)


def _below(data: Path, place: Path) -> Path:
    """A place below `data`, whose folders may be written in small or large letters."""
    found = data
    for name in place.parent.parts:
        alike = [] if (found / name).is_dir() else _folders_like(found, name)
        found /= alike[0] if alike else name
    return found / place.name


def _folders_like(folder: Path, name: str) -> list[str]:
    try:
        return sorted(one.name for one in folder.iterdir() if one.name.casefold() == name.casefold() and one.is_dir())
    except OSError:
        return []


def named(task: Task, data: Path) -> bool:
    """True where the task's files are there and named as its own: by the layout's folder (RTE), which `data` is or
    holds, or by names that no other file has (train-v1.1.json). Any folder may have a train.tsv and a dev.tsv."""
    paths = files(task, data).values()
    return all(path is not None and (path.parent != data or _own_place(task, path)) for path in paths)


def _own_place(task: Task, path: Path) -> bool:
    layouts = [task.folder, *(one for pair in task.other_files for one in pair)]
    folders = {Path(one).parent.name.casefold() for one in layouts}
    there = {one.parent.name.casefold() for one in (path.absolute(), path.resolve())}
    return bool(there & folders) or path.name.split(".")[0].casefold() not in USUAL


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
