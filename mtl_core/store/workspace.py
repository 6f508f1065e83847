"""The runs folder as one object: the index, the runs' folders, studies and caches in it."""

from __future__ import annotations

import os
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mtl_core import registry
from mtl_core.config import typed
from mtl_core.config.earlier import stored
from mtl_core.config.run import RunConfig
from mtl_core.config.trained_run import TrainedRun
from mtl_core.disk import lock
from mtl_core.errors import RunNotFound, StoreError
from mtl_core.store.run_folder import RunFolder, writing

if TYPE_CHECKING:
    from sqlite_utils import Database

RUN_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
CACHE, STUDIES, FORMS, TASKS = "cache", "studies", "forms", "tasks"
EXAMPLE, OF_EXAMPLE = "example", re.compile(r"example-[0-9]+")
"""Ids of the example study that comes with the product, and of its runs; no new run or study is ever called so."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Everything that Tandem keeps, below one folder. Reading an empty or missing one makes nothing."""

    path: Path

    @classmethod
    def default(cls) -> Workspace:
        """The folder that TANDEM_RUNS_DIR names, or `runs/` beside the code. Raises StoreError."""
        named = os.environ.get("TANDEM_RUNS_DIR")
        if not named:
            return cls(registry.CODE / "runs")
        words = typed.path_fault(named)
        if words:
            raise StoreError(f"TANDEM_RUNS_DIR {words} It is '{named}'.")
        return cls(typed.path(named).absolute())

    def __str__(self) -> str:
        return str(self.path)

    @property
    def cache(self) -> Path:
        """Encoded data, plans and the catalogue of methods: all of it can be made again."""
        return self.path / CACHE

    @property
    def studies(self) -> Path:
        """Studies, a file each."""
        return self.path / STUDIES

    @property
    def forms(self) -> Path:
        """What stands in open forms, a file each."""
        return self.path / FORMS

    @property
    def index_file(self) -> Path:
        """runs.db, which need not exist."""
        return self.path / "runs.db"

    def write(self) -> AbstractContextManager[Database]:
        """The index, made where it is missing. Raises StoreError."""
        from mtl_core.store import index  # sqlite_utils takes half a second, which a path need not cost

        return index.open_index(self.index_file)

    def read(self) -> AbstractContextManager[Database]:
        """The index as it is; an empty one in memory where there is none. Raises StoreError."""
        from mtl_core.store import index

        return index.open_index(self.index_file) if self.index_file.exists() else index.empty()

    def run(self, run_id: str) -> RunFolder:
        """A run's folder, which need not exist. Raises RunNotFound for what can't be an id, such as "../x"."""
        if not is_run_id(run_id):
            raise RunNotFound(f"there is no run '{run_id}'. `python -m mtl_core runs` lists them.")
        return RunFolder(self.path / run_id)

    def runs(self) -> list[RunFolder]:
        """Every folder that is a run: it has a run's name and a config. In the order of their names."""
        if not self.path.is_dir():
            return []
        folders = [self.run(path.name) for path in sorted(self.path.iterdir()) if is_run_id(path.name)]
        return [folder for folder in folders if folder.config.is_file()]

    def find_run(self, run_id: str) -> TrainedRun | None:
        """A run that others may build on, as its folder tells of it; None where there is none."""
        folder = self.run(run_id) if is_run_id(run_id) else None
        if folder is None or not folder.config.exists():
            return None
        config = RunConfig.model_validate(stored(folder.read_json(folder.config)))
        state = str(folder.read_json(folder.report).get("state", ""))
        return TrainedRun(run_id, config, state, folder.checkpoints)

    def trained_run(self, run_id: str) -> TrainedRun:
        """The same of a run that must be there. Raises RunNotFound."""
        found = self.find_run(run_id)
        if found is None:
            raise RunNotFound(f"there is no run '{run_id}'. `python -m mtl_core runs` lists them.")
        return found

    def check(self) -> None:
        """Makes the folder where it is missing. Raises StoreError unless runs can be written and locked there."""
        trial = self.path / f".trial-{os.getpid()}"
        with self.writing():
            self.path.mkdir(parents=True, exist_ok=True)
            taken = lock.take(trial)
            if taken is not None:
                os.close(taken)
            trial.unlink(missing_ok=True)

    def writing(self) -> AbstractContextManager[None]:
        """Raises StoreError, with the reason, where something inside could not be written."""
        return writing(self.path)


def is_run_id(name: str) -> bool:
    """Returns True for a name that a run could have; never for a path."""
    return name not in (CACHE, STUDIES, FORMS, TASKS) and RUN_ID.fullmatch(name) is not None


def is_example(name: str) -> bool:
    """Returns True for the id of the example study or of one of its runs."""
    return name == EXAMPLE or OF_EXAMPLE.fullmatch(name) is not None
