"""Opening SQLite files the one way that all of the store uses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database, Migrations

from mtl_core.errors import StoreError

DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
TROUBLE = (
    *DAMAGE,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)
"""What can befall any database; other errors are faults of ours and are left as they are."""
HALF = "a text holds half a character (a lone surrogate), which no database takes. Type it again."
WAIT_MS = 10_000
"""How long a writer waits for another one before it gives up."""


class Damaged(StoreError):
    """A file that should be a database and is not, or not whole any more."""


@contextmanager
def opened(path: Path, migrations: Migrations) -> Iterator[Database]:
    """A connection in WAL mode with all migrations applied, closed at the end.

    Raises StoreError when the file can't be made, read or written, is no database, or is given half a character.
    """
    connection = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=WAIT_MS / 1000)
        db = _prepared(connection, migrations)
    except (sqlite3.Error, OSError) as error:
        if connection is not None:
            connection.close()
        raise _told(path, error) from error
    try:
        yield db
    except sqlite3.DatabaseError as error:
        if _code(error) in TROUBLE:
            raise _told(path, error) from error
        raise
    except UnicodeEncodeError as error:
        raise StoreError(HALF) from error
    finally:
        db.close()


@contextmanager
def in_memory(migrations: Migrations) -> Iterator[Database]:
    """An empty database with all migrations applied, which leaves nothing behind."""
    db = Database(memory=True)
    migrations.apply(db)
    try:
        yield db
    except UnicodeEncodeError as error:
        raise StoreError(HALF) from error
    finally:
        db.close()


@contextmanager
def immediate(db: Database) -> Iterator[None]:
    """A transaction that holds the write lock from its first line: what is read in it stays true."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.conn.rollback()
        raise
    db.conn.commit()


def _prepared(connection: sqlite3.Connection, migrations: Migrations) -> Database:
    connection.execute(f"PRAGMA busy_timeout = {WAIT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    db = Database(connection)
    if migrations.pending(db):
        with immediate(db):  # a second process waits here and then finds nothing pending
            migrations.apply(db)
    return db


def _told(path: Path, error: Exception) -> StoreError:
    if _code(error) not in DAMAGE:
        return StoreError(
            f"can't use the folder {path.parent}: {error}. Give a folder that can be written, with --runs-dir."
        )
    if path.name != "runs.db":
        return Damaged(f"{path} is damaged ({error}). The run's records in it can't be read.")
    return Damaged(f"{path} is damaged ({error}). `python -m mtl_core reindex` moves it aside and rebuilds it.")


def _code(error: Exception) -> int:
    """SQLite's own code without its extension, 0 for what is none of its errors."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
