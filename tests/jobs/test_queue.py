from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from mtl_core.config import run as configs
from mtl_core.errors import DeviceError, StoreError
from mtl_core.jobs import queue
from mtl_core.records import RunState
from mtl_core.store import describe, runs, states
from mtl_core.store import queue as rows
from mtl_core.store.workspace import Workspace
from tests.jobs.conftest import Make
from tests.jobs.waiting import get, until, until_state, until_training, worker_of

START = """
import sys, time
from pathlib import Path
from mtl_core.jobs.queue import start_waiting
from mtl_core.store.workspace import Workspace
begin = float(sys.argv[2])
time.sleep(max(0, begin - time.time()))
print(len(start_waiting(Workspace(Path(sys.argv[1])))))
"""
LAUNCH = """
import json, os, signal, sys
from pathlib import Path
from mtl_core.config.run import parse
from mtl_core.jobs.queue import submit
from mtl_core.store.workspace import Workspace
print(submit(Workspace(Path(sys.argv[1])), [parse(json.loads(sys.argv[2]))])[0], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_runs_train_one_after_the_other_and_outlive_their_launcher(workspace: Workspace, quick: Make) -> None:
    """Two runs launched by a process that is killed at once: both finish, with nobody there to help."""
    launcher = [sys.executable, "-c", LAUNCH, str(workspace)]
    ids = []
    for seed in (1, 2):
        config = json.dumps(quick(tasks="sst2,mnli", seed=seed).model_dump(mode="json"))
        done = subprocess.run([*launcher, config], capture_output=True, text=True, check=False)
        assert done.returncode == -9, done.stderr
        ids.append(done.stdout.strip())
    first, second = (until_state(workspace, run_id, "finished", "failed", "lost") for run_id in ids)
    assert (first.state, second.state) == ("finished", "finished"), (first.detail, second.detail)
    assert first.ended is not None
    assert second.started is not None
    assert second.started >= first.ended - 1
    assert (first.slot, first.step, first.total_steps) == (None, 8, 8)
    said = describe.document(workspace, first.id)
    assert set(said["scores"]) == {"sst2", "mnli"}
    assert (said["draws"]["mnli"]["planned"], said["draws"]["mnli"]["actual"]) == (64, 64)
    assert said["seconds"] > 0
    assert said["data_fingerprint"]


def test_what_a_run_leaves_in_its_folder(workspace: Workspace, quick: Make) -> None:
    [run_id] = queue.submit(workspace, [quick()])
    until_state(workspace, run_id, "finished", "failed", "lost")
    folder = workspace.run(run_id)
    report = folder.read_json(folder.report)
    assert report["state"] == "finished"
    assert report["scores"]["sst2"].keys() == {"accuracy"}
    assert report["versions"]["torch"]
    assert report["config"] == folder.read_json(folder.config) == get(workspace, run_id).config.model_dump(mode="json")
    assert (folder.checkpoints / "best" / "model.safetensors").exists()
    log = folder.log.read_text()
    assert f"run {run_id}: sst2 · single · seed 1" in log
    for words in ("training on cpu: 4 steps", "step 4 of 4 · loss sst2", "validation split at step 4", "finished"):
        assert words in log
    with folder.open() as run_db:
        assert [moment.state for moment in states.history(run_db)] == ["running", "finished"]
        assert run_db.table("steps").count == 4
        assert run_db.table("predictions").count == 16


def test_eight_schedulers_that_race_start_one_run(workspace: Workspace, endless: Make) -> None:
    with workspace.write() as index:
        for seed in (1, 2, 3):
            config = endless(seed=seed)
            queue.create(workspace.run(run_id := runs.new_id()), config)
            runs.add(index, config, device="cpu", run_id=run_id)

    racer = [sys.executable, "-c", START, str(workspace), str(time.time() + 4)]
    racers = [subprocess.Popen(racer, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    started = [int(process.communicate()[0]) for process in racers]
    assert sum(started) == 1
    with workspace.write() as index:
        live = [run.state for run in reversed(runs.listing(index))]
    assert live == ["running", "queued", "queued"]


def test_nothing_is_left_of_a_launch_that_cannot_be(workspace: Workspace, quick: Make) -> None:
    with pytest.raises(DeviceError):
        queue.submit(workspace, [quick(), quick(device="cuda:63")])
    assert not workspace.path.exists()
    workspace.path.write_text("a file")
    with pytest.raises(StoreError):
        queue.submit(workspace, [quick()])
    assert workspace.path.read_text() == "a file"


def test_an_index_that_cannot_be_written_leaves_no_folders(workspace: Workspace, quick: Make) -> None:
    workspace.path.mkdir()
    workspace.index_file.write_text("not a database, " * 100)
    with pytest.raises(StoreError):
        queue.submit(workspace, [quick(), quick(seed=2)])
    assert [path.name for path in workspace.path.iterdir()] == ["runs.db"]


def test_paths_hold_wherever_the_run_is_read_from(
    tmp_path: Path, encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    Path("mine").symlink_to(encoder)
    config = configs.parse({"tasks": "sst2", "source": "folder", "data": "data", "encoder": "mine"})
    settled = queue.settle(config)
    assert settled.data == str(tmp_path / "data")
    assert settled.encoder == str(encoder)
    assert queue.settle(configs.parse({"tasks": "sst2"})).encoder == "embedded"


def test_a_folder_that_went_before_its_turn_does_not_hold_up_the_others(
    workspace: Workspace, endless: Make, quick: Make
) -> None:
    first, gone, last = queue.submit(workspace, [endless(), quick(seed=2), quick(seed=3)])
    shutil.rmtree(workspace.path / gone)
    worker_of(until_training(workspace, first)).kill()
    assert until_state(workspace, first, "lost").detail == (
        "its process was killed by signal 9 (SIGKILL). If you did not kill it, the machine may have run out of memory."
    )
    assert until_state(workspace, last, "finished", "failed").state == "finished"
    run = get(workspace, gone)
    assert (run.state, run.detail) == ("lost", "its folder was moved or deleted before it started")


def test_keepers_are_light_and_leave_no_zombies(workspace: Workspace, endless: Make) -> None:
    [run_id] = queue.submit(workspace, [endless()])
    run = until_training(workspace, run_id)
    assert run.pid is not None
    supervisor = psutil.Process(run.pid)
    assert supervisor.memory_info().rss < 30_000_000
    assert supervisor.parent() == psutil.Process(os.getpid())
    assert os.getsid(run.pid) == run.pid
    assert worker_of(run).nice() >= 10
    supervisor.terminate()
    until_state(workspace, run_id, "stopped")
    until(lambda: supervisor.status() == psutil.STATUS_ZOMBIE, "the keeper has ended")
    until(
        lambda: queue.start_waiting(workspace) == [] and not supervisor.is_running(),
        "the keeper has been collected",
    )


def test_a_run_waits_for_the_run_that_it_starts_from(workspace: Workspace, quick: Make) -> None:
    """With two devices free the second run would start beside the first, and find nothing to start from."""
    with workspace.write() as index:
        first = runs.add(index, quick(), device="cpu")
        runs.adopt_state(index, first, RunState.RUNNING)
        second = runs.add(index, quick(start_from=first), device="cuda:0")
        third = runs.add(index, quick(tasks="sst2,mnli", teachers=f"{first}"), device="cuda:0")
        assert rows.oldest_waiting(index, "here", ["cuda:0"]) is None
        runs.adopt_state(index, first, RunState.FINISHED)
        assert [run.id for run in [rows.oldest_waiting(index, "here", ["cuda:0"])] if run] == [second]
        runs.adopt_state(index, second, RunState.STOPPED)
        assert [run.id for run in [rows.oldest_waiting(index, "here", ["cuda:0"])] if run] == [third]
