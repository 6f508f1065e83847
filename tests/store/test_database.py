from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from mtl_core.errors import StoreError
from mtl_core.store.database import Damaged, immediate
from mtl_core.store.workspace import Workspace

OPEN = """
import sys
from pathlib import Path
from mtl_core.store.workspace import Workspace
with Workspace(Path(sys.argv[1])).write():
    pass
"""


def test_a_file_that_is_no_database_is_damaged(workspace: Workspace) -> None:
    file = workspace.path / "runs.db"
    file.write_text("not a database, " * 100)
    with pytest.raises(Damaged) as caught, workspace.write():
        pass
    assert str(caught.value) == (
        f"{file} is damaged (file is not a database). `python -m mtl_core reindex` moves it aside and rebuilds it."
    )


def test_a_run_database_that_is_damaged_names_the_file(workspace: Workspace) -> None:
    folder = workspace.run("abc")
    folder.path.mkdir()
    folder.database.write_text("not a database, " * 100)
    with pytest.raises(Damaged) as caught, folder.open():
        pass
    assert str(caught.value) == (
        f"{folder.database} is damaged (file is not a database). The run's records in it can't be read."
    )


def test_pages_that_are_overwritten_are_noticed_when_they_are_read(workspace: Workspace) -> None:
    with workspace.write() as index:
        index.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file = workspace.path / "runs.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(Damaged), workspace.write() as index:
        list(index.query("SELECT * FROM runs"))


def test_a_folder_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught, Workspace(tmp_path / "file").write():
        pass
    assert str(caught.value).startswith(f"can't use the folder {tmp_path / 'file'}: ")
    assert str(caught.value).endswith("Give a folder that can be written, with --runs-dir.")


def test_faults_of_ours_are_left_as_they_are(workspace: Workspace) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), workspace.write() as index:
        index.execute("SELECT * FROM nowhere")


def test_what_fails_inside_a_transaction_is_taken_back(workspace: Workspace) -> None:
    with workspace.write() as index:
        with pytest.raises(ZeroDivisionError), immediate(index):
            _add_and_fail(index)
        assert index.execute("SELECT count(*) FROM scores").fetchone()[0] == 0


def _add_and_fail(index: Database) -> None:
    index.execute("INSERT INTO scores VALUES ('a', 'b', 'c', 0.5, 1)")
    raise ZeroDivisionError


def test_many_processes_may_make_the_index_at_once(tmp_path: Path) -> None:
    many = [subprocess.Popen([sys.executable, "-c", OPEN, str(tmp_path)], stderr=subprocess.PIPE) for _ in range(6)]
    assert [process.communicate()[1].decode()[-500:] for process in many] == [""] * 6
