"""A run's folder: config.json, run.db, log.txt, checkpoints/, report.json, labels.json. It is the truth of a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

from mtl_core.disk import whole
from mtl_core.disk.json_text import parsed
from mtl_core.errors import StoreError

if TYPE_CHECKING:
    from sqlite_utils import Database


class RunFolder:
    """The folder of one run. Its worker is the only one who writes into run.db."""

    def __init__(self, path: Path) -> None:
        self.id = path.name
        self.path = path
        self.config = self.path / "config.json"
        self.log = self.path / "log.txt"
        self.report = self.path / "report.json"
        self.checkpoints = self.path / "checkpoints"
        self.database = self.path / "run.db"
        self.lock = self.path / "alive.lock"
        self.labels = self.path / "labels.json"
        self.freed = self.checkpoints / "freed"
        """There where the resume state was deleted to free disk."""

    def size(self) -> int:
        """Bytes that its own files take: those that it shares with other runs are not counted."""
        found = 0
        for file in self.path.rglob("*"):
            with suppress(OSError):  # a run that trains replaces files meanwhile
                known = file.lstat()
                found += known.st_size * (known.st_nlink == 1 and S_ISREG(known.st_mode))
        return found

    def open(self) -> AbstractContextManager[Database]:
        """run.db, made where it is missing. Raises StoreError."""
        from mtl_core.store import run_database  # sqlite_utils takes half a second, which a path need not cost

        return run_database.open_run(self.database)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Raises StoreError, with the reason, where something inside could not be written."""
        with writing(self.path.parent):
            yield

    def read_json(self, path: Path) -> dict[str, Any]:
        """A file's document, empty where there is no such file yet."""
        return parsed(path.read_text("utf-8")) if path.exists() else {}

    def data_facts(self) -> dict[str, dict[str, Any]]:
        """Task → sizes, clusters and fingerprint of its data, as the run's report has them; empty without a report."""
        facts: dict[str, dict[str, Any]] = self.read_json(self.report).get("facts", {}).get("data", {})
        return facts

    def write_json(self, path: Path, document: dict[str, Any]) -> None:
        """Writes the whole file or nothing: a crash leaves the old one."""
        whole.write_text(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Raises StoreError, with the reason, where something in the workspace `folder` could not be written."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"can't use the folder {folder}: {error.strerror or error}. "
            "Give a folder that can be written, with --runs-dir."
        ) from error
