"""run.db: a run's events while it trains, and its results."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from sqlite_utils import Database, Migrations

from mtl_core.store.database import opened

migrations = Migrations("run")


def open_run(path: Path) -> AbstractContextManager[Database]:
    """The database at `path`, made where it is missing. Raises StoreError."""
    return opened(path, migrations)


@migrations()
def m001_training(db: Database) -> None:
    """The events of training."""
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
    """The results."""
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
    """A task's number of examples, the passes asked for, and the tokens that they make."""
    db.execute("ALTER TABLE draws ADD COLUMN size INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE draws ADD COLUMN asked_epochs REAL NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE draws ADD COLUMN planned_tokens INTEGER NOT NULL DEFAULT 0")


@migrations()
def m004_contributions(db: Database) -> None:
    """Answers without a probability, and contributions to metrics that are no means of scores."""
    remake_predictions(db, key="task, example")


@migrations()
def m005_clusters(db: Database) -> None:
    """What each example is about together with others: level → key, as JSON; none where that was not noted."""
    db.execute("ALTER TABLE examples ADD COLUMN clusters TEXT")


@migrations()
def m006_mixes(db: Database) -> None:
    """Learned weights by which tasks read each other's layers."""
    db.execute(
        """CREATE TABLE mixes (
            step INTEGER NOT NULL, layer INTEGER NOT NULL, task TEXT NOT NULL, source TEXT NOT NULL,
            weight REAL NOT NULL, PRIMARY KEY (step, layer, task, source)
        ) STRICT, WITHOUT ROWID"""
    )


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
