"""A task as one file that a colleague imports: its definition, with the data or with their fingerprint alone.

The file is a zip archive: `task.json`, and `data/train-NAME` and `data/dev-NAME` where the data come along.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mtl_core.config.definitions import SPLITS, version
from mtl_core.data import own
from mtl_core.disk import whole
from mtl_core.errors import DataError
from mtl_core.kinds._definition import made

DOCUMENT = "task.json"
FORM = 1
MOST_JSON = 64 << 20


def export(definition: Mapping[str, Any], target: Path, *, with_data: bool) -> None:
    """Writes the file. Raises DataError for data that are gone."""
    files = (
        {} if "hub" in definition["data"] else {one: file for one in SPLITS if (file := definition["data"].get(one))}
    )
    inside = {split: f"data/{split}-{Path(file['path']).name}" for split, file in files.items()}
    data = {**definition["data"], **{one: {**file, "path": inside[one]} for one, file in files.items()}}
    document = {"form": FORM, "version": version(definition), "definition": {**definition, "data": data}}
    try:
        with whole.replacing(target) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(DOCUMENT, json.dumps({**document, "with_data": with_data}, indent=2, ensure_ascii=False))
            for split, file in files.items() if with_data else ():
                archive.write(file["path"], inside[split])
    except OSError as error:
        raise DataError(f"{definition['name']} can't be exported to {target} ({error.strerror or error}).") from error


def read(file: Path) -> tuple[dict[str, Any], bool]:
    """The definition in a file, and whether its data come along. Raises DataError for a file that is no such one."""
    try:
        with zipfile.ZipFile(file) as archive:
            if archive.getinfo(DOCUMENT).file_size > MOST_JSON:
                raise DataError(f"{file.name}: its {DOCUMENT} is too large to be a task.")
            document = json.loads(archive.read(DOCUMENT))
        definition: dict[str, Any] = document["definition"]
        made(definition)
        return definition, bool(document["with_data"])
    except OSError as error:
        raise DataError(f"can't read {file} ({error.strerror or error}).") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{file.name} is not a task that Tandem has exported ({error}).") from error


def unpack(file: Path, definition: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The definition with its data in `folder`, out of the file. Raises DataError for data that are broken."""
    data = dict(definition["data"])
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(file) as archive:
            for split in SPLITS:
                if data.get(split):
                    inside = str(data[split]["path"])
                    target = folder / Path(inside).name
                    if archive.getinfo(inside).file_size != data[split]["bytes"]:
                        raise DataError(f"{file.name}: {inside} is not as long as the definition says.")
                    with archive.open(inside) as source, target.open("wb") as out:
                        shutil.copyfileobj(source, out)
                    data[split] = {"path": str(target)}
    except (zipfile.BadZipFile, KeyError) as error:
        raise DataError(f"{file.name} is damaged ({error}). Ask for it again.") from error
    return {**definition, "data": data}


def need_readable(definition: Mapping[str, Any]) -> None:
    """Reads all of its data. Raises DataError with file and line for what can't be read."""
    own.read(made(definition), definition)


def pointed(definition: Mapping[str, Any], train: Path | None, dev: Path | None) -> dict[str, Any]:
    """The definition with its data in files of this machine."""
    places = dict(zip(SPLITS, (train, dev), strict=True))
    missing = [split for split in SPLITS if definition["data"].get(split) and places[split] is None]
    if missing:
        raise DataError(
            f"{definition['name']} came without its data. Say where its {' and '.join(missing)} file is: "
            f"{' '.join(f'--{one} FILE' for one in missing)}."
        )
    data = {split: {"path": str(path.absolute())} if path else None for split, path in places.items()}
    return {**definition, "data": data}
