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


def test_an_index_that_is_lost_comes_back_from_the_folders(tmp_path: Path) -> None:
    finished, stopped = ended(Workspace(tmp_path), "finished", tasks="sst2,mnli"), ended(Workspace(tmp_path), "stopped")
    waiting = builders.run(Workspace(tmp_path), state="queued")
    before = describe.document(Workspace(tmp_path), finished)
    with Workspace(tmp_path).write() as index:
        predicted = list(index.query("SELECT * FROM predictions ORDER BY task, example"))
    (tmp_path / "runs.db").unlink()

    done = reindex(Workspace(tmp_path), HOST)

    assert (done.runs, sorted(done.added), done.dropped) == (3, sorted([finished, stopped, waiting]), [])
    after = describe.document(Workspace(tmp_path), finished)
    for name in ("title", "state", "scores", "draws", "config", "step"):
        assert after[name] == before[name]
    assert predicted
    with Workspace(tmp_path).write() as index:
        assert list(index.query("SELECT * FROM predictions ORDER BY task, example")) == predicted
    assert describe.document(Workspace(tmp_path), stopped)["detail"] == "as it said"
    came_back = describe.document(Workspace(tmp_path), waiting)
    assert (came_back["state"], came_back["detail"]) == ("stopped", "it had not started when it was found again")


def test_it_may_run_at_any_time(tmp_path: Path) -> None:
    finished, waiting = ended(Workspace(tmp_path), "finished"), builders.run(Workspace(tmp_path), state="queued")
    before = [describe.document(Workspace(tmp_path), run) for run in (finished, waiting)]
    done = reindex(Workspace(tmp_path), HOST)
    assert (done.added, done.dropped, done.runs) == ([], [], 2)
    after = [describe.document(Workspace(tmp_path), run) for run in (finished, waiting)]
    assert after[1] == before[1]
    assert after[0]["scores"] == before[0]["scores"]


def test_a_run_whose_folder_is_gone_is_dropped(tmp_path: Path) -> None:
    gone, kept = ended(Workspace(tmp_path), "finished"), ended(Workspace(tmp_path), "finished", seed=2)
    shutil.rmtree(tmp_path / gone)
    assert reindex(Workspace(tmp_path), HOST).dropped == [gone]
    assert [run["id"] for run in describe.listing(Workspace(tmp_path))] == [kept]


def test_a_folder_from_another_machine_is_found(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    moved = ended(there, "finished")
    ended(here, "finished", seed=2)
    shutil.move(there / moved, here / moved)
    assert reindex(here, HOST).added == [moved]
    assert describe.document(here, moved)["scores"]


def test_a_run_that_died_comes_back_as_lost_and_one_that_lives_as_running(tmp_path: Path) -> None:
    died, lives = (builders.run(Workspace(tmp_path), state="running", seed=seed) for seed in (1, 2))
    for run_id in (died, lives):
        with Workspace(tmp_path).run(run_id).open() as run_db:
            states.record(run_db, "running")
    held = lock.take(Workspace(tmp_path).run(lives).lock)
    assert held is not None
    (tmp_path / "runs.db").unlink()
    reindex(Workspace(tmp_path), HOST)
    os.close(held)
    with Workspace(tmp_path).write() as index:
        assert runs.get(index, died).state == "lost"
        assert runs.get(index, died).detail == "its process ended without a word"
        alive = runs.get(index, lives)
    assert (alive.state, alive.slot, alive.host, alive.ended) == ("running", "cpu", HOST, None)


def test_a_damaged_index_is_kept_aside(tmp_path: Path) -> None:
    run_id = ended(Workspace(tmp_path), "finished")
    (tmp_path / "runs.db").write_text("not a database, " * 100)
    done = reindex(Workspace(tmp_path), HOST)
    assert done.added == [run_id]
    assert Path(done.kept_aside).read_text().startswith("not a database")


def test_folders_that_cannot_be_read_are_left_out_and_named(tmp_path: Path) -> None:
    for name, text in (("broken", "{"), ("strange", json.dumps({"tasks": ["sst2"], "colour": 1}))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(text)
    damaged = ended(Workspace(tmp_path), "finished")
    (tmp_path / damaged / "run.db").write_text("not a database, " * 100)
    (tmp_path / "runs.db").unlink()
    done = reindex(Workspace(tmp_path), HOST)
    assert done.runs == 0
    assert done.unreadable["broken"].startswith("its config.json or report.json can't be read: ")
    assert done.unreadable["strange"] == "its config.json is none of this version: colour"
    assert done.unreadable[damaged].startswith(f"{tmp_path / damaged / 'run.db'} is damaged")


def test_a_runs_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        reindex(tmp_path / "nowhere", HOST)
    assert str(caught.value) == (
        f"there is no runs folder {tmp_path / 'nowhere'}. Name the one that holds the runs with --runs-dir."
    )
