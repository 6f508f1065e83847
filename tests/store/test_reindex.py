from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from mtl_core.disk import lock
from mtl_core.errors import StoreError
from mtl_core.store import describe, runs, states
from mtl_core.store.reindex import reindex
from mtl_core.store.workspace import Workspace
from tests import builders

HOST = "here"


def ended(workspace: Workspace, state: str, **values: object) -> str:
    """A run whose folder says how it ended, as a worker leaves it."""
    run_id = builders.run(workspace, state=state, **values)
    with workspace.run(run_id).open() as run_db:
        states.record(run_db, "running")
        states.record(run_db, state, "as it said")
    return run_id


def test_an_index_that_is_lost_comes_back_from_the_folders(workspace: Workspace) -> None:
    finished, stopped = ended(workspace, "finished", tasks="sst2,mnli"), ended(workspace, "stopped")
    waiting = builders.run(workspace, state="queued")
    before = describe.document(workspace, finished)
    with workspace.write() as index:
        predicted = list(index.query("SELECT * FROM predictions ORDER BY task, example"))
    (workspace.path / "runs.db").unlink()

    done = reindex(workspace, HOST)

    assert (done.runs, sorted(done.added), done.dropped) == (3, sorted([finished, stopped, waiting]), [])
    after = describe.document(workspace, finished)
    for name in ("title", "state", "scores", "draws", "config", "step"):
        assert after[name] == before[name]
    assert predicted
    with workspace.write() as index:
        assert list(index.query("SELECT * FROM predictions ORDER BY task, example")) == predicted
    assert describe.document(workspace, stopped)["detail"] == "as it said"
    came_back = describe.document(workspace, waiting)
    assert (came_back["state"], came_back["detail"]) == ("stopped", "it had not started when the index was rebuilt")


def test_it_may_run_at_any_time(workspace: Workspace) -> None:
    finished, waiting = ended(workspace, "finished"), builders.run(workspace, state="queued")
    before = [describe.document(workspace, run) for run in (finished, waiting)]
    done = reindex(workspace, HOST)
    assert (done.added, done.dropped, done.runs) == ([], [], 2)
    after = [describe.document(workspace, run) for run in (finished, waiting)]
    assert after[1] == before[1]
    assert after[0]["scores"] == before[0]["scores"]


def test_a_run_whose_folder_is_gone_is_dropped(workspace: Workspace) -> None:
    gone, kept = ended(workspace, "finished"), ended(workspace, "finished", seed=2)
    shutil.rmtree(workspace.path / gone)
    assert reindex(workspace, HOST).dropped == [gone]
    assert [run["id"] for run in describe.listing(workspace)] == [kept]


def test_a_folder_from_another_machine_is_found(tmp_path: Path) -> None:
    there, here = Workspace(tmp_path / "there"), Workspace(tmp_path / "here")
    moved = ended(there, "finished")
    ended(here, "finished", seed=2)
    shutil.move(there.path / moved, here.path / moved)
    assert reindex(here, HOST).added == [moved]
    assert describe.document(here, moved)["scores"]


def test_a_run_that_died_comes_back_as_lost_and_one_that_lives_as_running(workspace: Workspace) -> None:
    died, lives = (builders.run(workspace, state="running", seed=seed) for seed in (1, 2))
    for run_id in (died, lives):
        with workspace.run(run_id).open() as run_db:
            states.record(run_db, "running")
    held = lock.take(workspace.run(lives).lock)
    assert held is not None
    (workspace.path / "runs.db").unlink()
    reindex(workspace, HOST)
    os.close(held)
    with workspace.write() as index:
        assert runs.get(index, died).state == "lost"
        assert runs.get(index, died).detail == "its process exited unexpectedly"
        alive = runs.get(index, lives)
    assert (alive.state, alive.slot, alive.host, alive.ended) == ("running", "cpu", HOST, None)


def test_a_damaged_index_is_kept_aside(workspace: Workspace) -> None:
    run_id = ended(workspace, "finished")
    (workspace.path / "runs.db").write_text("not a database, " * 100)
    done = reindex(workspace, HOST)
    assert done.added == [run_id]
    assert Path(done.kept_aside).read_text().startswith("not a database")


def test_folders_that_cannot_be_read_are_left_out_and_named(workspace: Workspace) -> None:
    for name, text in (("broken", "{"), ("strange", json.dumps({"tasks": ["sst2"], "colour": 1}))):
        (workspace.path / name).mkdir()
        (workspace.path / name / "config.json").write_text(text)
    damaged = ended(workspace, "finished")
    (workspace.path / damaged / "run.db").write_text("not a database, " * 100)
    (workspace.path / "runs.db").unlink()
    done = reindex(workspace, HOST)
    assert done.runs == 0
    assert done.unreadable["broken"].startswith("its config.json or report.json can't be read: ")
    assert done.unreadable["strange"] == "its config.json is not of this version: colour"
    assert done.unreadable[damaged].startswith(f"{workspace.path / damaged / 'run.db'} is damaged")


def test_a_runs_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        reindex(Workspace(tmp_path / "nowhere"), HOST)
    assert str(caught.value) == (
        f"there is no runs folder {tmp_path / 'nowhere'}. Name the one that holds the runs with --runs-dir."
    )
