"""A run's folder: config.json, run.db, log.txt, checkpoints/, report.json. It is the truth of a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database, Migrations

from mtl_core.disk import whole
from mtl_core.errors import StoreError
from mtl_core.store.database import opened

migrations = Migrations("run")


class RunFolder:
    """Where everything of one run lies. Its worker is the only one who writes into run.db."""

    def __init__(self, path: Path) -> None:
        self.id = path.name
        self.path = path
        self.config = self.path / "config.json"
        self.log = self.path / "log.txt"
        self.report = self.path / "report.json"
        self.checkpoints = self.path / "checkpoints"
        self.database = self.path / "run.db"
        self.lock = self.path / "alive.lock"

    def open(self) -> AbstractContextManager[Database]:
        """run.db, made where it is missing. Raises StoreError."""
        return opened(self.database, migrations)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Raises StoreError, with the reason, where something inside could not be written."""
        with writing(self.path.parent):
            yield

    def read_json(self, path: Path) -> dict[str, Any]:
        """A file's document, empty where there is no such file yet."""
        return json.loads(path.read_text("utf-8")) if path.exists() else {}

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


@migrations()
def m001_training(db: Database) -> None:
    """What a run tells while it trains."""
    db.execute("CREATE TABLE states (time REAL NOT NULL, state TEXT NOT NULL, detail TEXT NOT NULL) STRICT")
    db.execute(
        """CREATE TABLE steps (
            step INTEGER NOT NULL, task TEXT NOT NULL, seconds REAL NOT NULL,
            loss REAL NOT NULL, learning_rate REAL NOT NULL, gradient_norm REAL NOT NULL,
            examples INTEGER NOT NULL, tokens INTEGER NOT NULL,
            examples_per_second REAL NOT NULL, memory_bytes INTEGER NOT NULL,
            PRIMARY KEY (step, task)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE evaluations (
            step INTEGER NOT NULL, task TEXT NOT NULL, metric TEXT NOT NULL,
            value REAL NOT NULL, seconds REAL NOT NULL, examples INTEGER NOT NULL,
            PRIMARY KEY (step, task, metric)
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def m002_results(db: Database) -> None:
    """What it has to show in the end."""
    db.execute(
        """CREATE TABLE scores (
            task TEXT NOT NULL, metric TEXT NOT NULL, value REAL NOT NULL, examples INTEGER NOT NULL,
            PRIMARY KEY (task, metric)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE draws (
            task TEXT PRIMARY KEY, planned_steps INTEGER NOT NULL, planned_examples INTEGER NOT NULL,
            actual_steps INTEGER NOT NULL, actual_examples INTEGER NOT NULL, actual_tokens INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE examples (
            id TEXT PRIMARY KEY, task TEXT NOT NULL, position INTEGER NOT NULL,
            inputs TEXT NOT NULL, gold TEXT NOT NULL, label TEXT NOT NULL
        ) STRICT"""
    )
    db.execute(
        """CREATE TABLE predictions (
            task TEXT NOT NULL, example TEXT NOT NULL, prediction TEXT NOT NULL,
            correct INTEGER NOT NULL, score REAL NOT NULL, confidence REAL NOT NULL, detail TEXT NOT NULL,
            PRIMARY KEY (task, example)
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def m003_epochs(db: Database) -> None:
    """How many examples a task has, how often they were to be passed, and how many tokens that makes."""
    db.execute("ALTER TABLE draws ADD COLUMN size INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE draws ADD COLUMN asked_epochs REAL NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE draws ADD COLUMN planned_tokens INTEGER NOT NULL DEFAULT 0")


@migrations()
def m004_contributions(db: Database) -> None:
    """Answers without a probability, and contributions to metrics that are no means of scores."""
    remake_predictions(db, key="task, example")


def remake_predictions(db: Database, *, key: str, run: str = "") -> None:
    """Makes the predictions table anew with a confidence that may be missing, and a contribution.

    `run` is the definition of the index's column that names the run. Rows stay.
    """
    columns = "task, example, prediction, correct, score, confidence, detail"
    columns = f"run, {columns}" if run else columns
    db.execute("ALTER TABLE predictions RENAME TO old_predictions")
    db.execute(
        f"""CREATE TABLE predictions (
            {run} task TEXT NOT NULL, example TEXT NOT NULL, prediction TEXT NOT NULL,
            correct INTEGER NOT NULL, score REAL NOT NULL, confidence REAL, detail TEXT NOT NULL,
            contribution REAL, PRIMARY KEY ({key})
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(f"INSERT INTO predictions ({columns}) SELECT {columns} FROM old_predictions")
    db.execute("DROP TABLE old_predictions")
