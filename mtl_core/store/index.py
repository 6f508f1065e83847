"""runs.db: the queue and what is read across runs. Can be rebuilt from the runs' folders."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from sqlite_utils import Database, Migrations

from mtl_core.store import found_runs, vectors
from mtl_core.store.database import in_memory, opened
from mtl_core.store.run_database import remake_predictions

migrations = Migrations("index")


def open_index(path: Path) -> AbstractContextManager[Database]:
    """The index at `path`, made where it is missing. Raises StoreError."""
    return opened(path, migrations)


def empty() -> AbstractContextManager[Database]:
    """An index in memory that knows no runs."""
    return in_memory(migrations)


@migrations()
def m001_runs(db: Database) -> None:
    """The queue and the state of every run."""
    db.execute(
        """CREATE TABLE runs (
            id TEXT PRIMARY KEY, created REAL NOT NULL, launch TEXT NOT NULL, title TEXT NOT NULL,
            config TEXT NOT NULL, arm TEXT NOT NULL, seed INTEGER NOT NULL,
            source TEXT NOT NULL, encoder TEXT NOT NULL,
            state TEXT NOT NULL, detail TEXT NOT NULL DEFAULT '',
            device TEXT NOT NULL, slot TEXT,
            started REAL, ended REAL, heartbeat REAL,
            host TEXT, boot TEXT, pid INTEGER, pid_started REAL,
            stop_requested INTEGER NOT NULL DEFAULT 0,
            step INTEGER NOT NULL DEFAULT 0, total_steps INTEGER,
            examples_per_second REAL, seconds_left REAL, seconds REAL, memory_bytes INTEGER,
            data_fingerprint TEXT
        ) STRICT"""
    )
    db.execute("CREATE INDEX runs_by_state ON runs (state, created)")
    db.execute("CREATE UNIQUE INDEX one_run_a_slot ON runs (host, slot) WHERE slot IS NOT NULL")


@migrations()
def m002_results(db: Database) -> None:
    """Scores, draws, examples and predictions of all runs."""
    db.execute(
        """CREATE TABLE scores (
            run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            task TEXT NOT NULL, metric TEXT NOT NULL, value REAL NOT NULL, examples INTEGER NOT NULL,
            PRIMARY KEY (run, task, metric)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE draws (
            run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            task TEXT NOT NULL, planned_steps INTEGER NOT NULL, planned_examples INTEGER NOT NULL,
            actual_steps INTEGER NOT NULL, actual_examples INTEGER NOT NULL, actual_tokens INTEGER NOT NULL,
            PRIMARY KEY (run, task)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE examples (
            id TEXT PRIMARY KEY, task TEXT NOT NULL, position INTEGER NOT NULL,
            inputs TEXT NOT NULL, gold TEXT NOT NULL, label TEXT NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE INDEX examples_by_task ON examples (task, position)")
    db.execute(
        """CREATE TABLE predictions (
            run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            task TEXT NOT NULL, example TEXT NOT NULL, prediction TEXT NOT NULL,
            correct INTEGER NOT NULL, score REAL NOT NULL, confidence REAL NOT NULL, detail TEXT NOT NULL,
            PRIMARY KEY (run, task, example)
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def m003_epochs(db: Database) -> None:
    """A task's number of examples, the passes asked for, and the tokens that they make."""
    db.execute("ALTER TABLE draws ADD COLUMN size INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE draws ADD COLUMN asked_epochs REAL NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE draws ADD COLUMN planned_tokens INTEGER NOT NULL DEFAULT 0")


@migrations()
def m004_queued(db: Database) -> None:
    """When a run took its place in the queue: anew each time that it is resumed."""
    db.execute("ALTER TABLE runs ADD COLUMN queued REAL")
    db.execute("UPDATE runs SET queued = created")


@migrations()
def m005_vectors(db: Database) -> None:
    """Every dev example's score in one piece, a run and task."""
    db.execute(
        """CREATE TABLE vectors (
            run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            task TEXT NOT NULL, examples TEXT NOT NULL, scores BLOB NOT NULL,
            PRIMARY KEY (run, task)
        ) STRICT"""
    )
    for (run,) in db.execute("SELECT DISTINCT run FROM predictions").fetchall():
        vectors.publish_scores(db, run)


@migrations()
def m006_contributions(db: Database) -> None:
    """Answers without a probability, contributions to metrics that are no means, and the metric that a vector is of."""
    remake_predictions(db, key="run, task, example", run="run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,")
    db.execute("ALTER TABLE vectors ADD COLUMN metric TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE vectors ADD COLUMN contributions BLOB")
    vectors.name_metrics(db)


@migrations()
def m007_clusters(db: Database) -> None:
    """What each example is about together with others: level → key, as JSON; none where that was not noted."""
    db.execute("ALTER TABLE examples ADD COLUMN clusters TEXT")
    db.execute("CREATE INDEX clusters_by_example ON examples (id, clusters)")  # reading them touches no long text


@migrations()
def m008_found_runs(db: Database) -> None:
    """What runs are filtered and sorted by; their tags and notes, and the disk that they take."""
    for column in ("tasks TEXT NOT NULL DEFAULT '[]'", "recipe TEXT NOT NULL DEFAULT ''"):
        db.execute(f"ALTER TABLE runs ADD COLUMN {column}")
    for column in ("data TEXT NOT NULL DEFAULT ''", "note TEXT NOT NULL DEFAULT ''", "tags TEXT NOT NULL DEFAULT '[]'"):
        db.execute(f"ALTER TABLE runs ADD COLUMN {column}")
    db.execute("ALTER TABLE runs ADD COLUMN disk_bytes INTEGER")
    db.execute("ALTER TABLE runs ADD COLUMN freed INTEGER NOT NULL DEFAULT 0")
    found_runs.fill_in(db)


@migrations()
def m009_choices(db: Database) -> None:
    """What people have chosen for the workspace as a whole: a name, and its value as JSON."""
    db.execute("CREATE TABLE choices (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID")


@migrations()
def m010_order(db: Database) -> None:
    """Where a run was put in the queue by hand, how long it was thought to take, and launches found quickly."""
    db.execute("ALTER TABLE runs ADD COLUMN place REAL")
    db.execute("ALTER TABLE runs ADD COLUMN expected REAL")
    db.execute("CREATE INDEX runs_by_launch ON runs (launch)")
