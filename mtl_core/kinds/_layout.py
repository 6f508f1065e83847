"""Where a task's official files are: the layout of its folder, and the forms that a file may have."""

from __future__ import annotations

from pathlib import Path

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
