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
from mtl_core.store import describe, runs, states
from mtl_core.store import queue as rows
from mtl_core.store.workspace import Workspace
from tests.jobs.conftest import Make
from tests.jobs.waiting import get, until, until_state, until_training, worker_of

START = """
import sys, time
from pathlib import Path
from mtl_core.jobs.queue import start_waiting
begin = float(sys.argv[2])
time.sleep(max(0, begin - time.time()))
print(len(start_waiting(Path(sys.argv[1]))))
"""
LAUNCH = """
import json, os, signal, sys
from pathlib import Path
from mtl_core.config import parse
from mtl_core.jobs.queue import submit
print(submit(Path(sys.argv[1]), [parse(json.loads(sys.argv[2]))])[0], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_runs_train_one_after_the_other_and_outlive_their_launcher(home: Path, quick: Make) -> None:
    """Two runs launched by a process that is killed at once: both finish, with nobody there to help."""
    launcher = [sys.executable, "-c", LAUNCH, str(home)]
    ids = []
    for seed in (1, 2):
        config = json.dumps(quick(tasks="sst2,mnli", seed=seed).model_dump(mode="json"))
        done = subprocess.run([*launcher, config], capture_output=True, text=True, check=False)
        assert done.returncode == -9, done.stderr
        ids.append(done.stdout.strip())
    first, second = (until_state(Workspace(home), run_id, "finished", "failed", "lost") for run_id in ids)
    assert (first.state, second.state) == ("finished", "finished"), (first.detail, second.detail)
    assert first.ended is not None
    assert second.started is not None
    assert second.started >= first.ended - 1
    assert (first.slot, first.step, first.total_steps) == (None, 8, 8)
    said = describe.document(Workspace(home), first.id)
    assert set(said["scores"]) == {"sst2", "mnli"}
    assert (said["draws"]["mnli"]["planned"], said["draws"]["mnli"]["actual"]) == (64, 64)
    assert said["seconds"] > 0
    assert said["data_fingerprint"]


def test_what_a_run_leaves_in_its_folder(home: Path, quick: Make) -> None:
    [run_id] = queue.submit(Workspace(home), [quick()])
    until_state(Workspace(home), run_id, "finished", "failed", "lost")
    folder = Workspace(home).run(run_id)
    report = folder.read_json(folder.report)
    assert report["state"] == "finished"
    assert report["scores"]["sst2"].keys() == {"accuracy"}
    assert report["versions"]["torch"]
    assert (
        report["config"]
        == folder.read_json(folder.config)
        == get(Workspace(home), run_id).config.model_dump(mode="json")
    )
    assert (folder.checkpoints / "best" / "model.safetensors").exists()
    log = folder.log.read_text()
    assert f"run {run_id}: sst2 · single · seed 1" in log
    for words in ("training on cpu: 4 steps", "step 4 of 4 · loss sst2", "selection split at step 4", "finished"):
        assert words in log
    with folder.open() as run_db:
        assert [moment.state for moment in states.history(run_db)] == ["running", "finished"]
        assert run_db.table("steps").count == 4
        assert run_db.table("predictions").count == 16


def test_eight_schedulers_that_race_start_one_run(home: Path, endless: Make) -> None:
    with Workspace(home).write() as index:
        for seed in (1, 2, 3):
            config = endless(seed=seed)
            queue.create(Workspace(home).run(run_id := runs.new_id()), config)
            runs.add(index, config, device="cpu", run_id=run_id)

    racer = [sys.executable, "-c", START, str(home), str(time.time() + 4)]
    racers = [subprocess.Popen(racer, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    started = [int(process.communicate()[0]) for process in racers]
    assert sum(started) == 1
    with Workspace(home).write() as index:
        live = [run.state for run in reversed(runs.listing(index))]
    assert live == ["running", "queued", "queued"]


def test_nothing_is_left_of_a_launch_that_cannot_be(home: Path, quick: Make) -> None:
    with pytest.raises(DeviceError):
        queue.submit(Workspace(home), [quick(), quick(device="cuda:63")])
    assert not home.exists()
    home.write_text("a file")
    with pytest.raises(StoreError):
        queue.submit(Workspace(home), [quick()])
    assert home.read_text() == "a file"


def test_an_index_that_cannot_be_written_leaves_no_folders(home: Path, quick: Make) -> None:
    home.mkdir()
    Workspace(home).index_file.write_text("not a database, " * 100)
    with pytest.raises(StoreError):
        queue.submit(Workspace(home), [quick(), quick(seed=2)])
    assert [path.name for path in home.iterdir()] == ["runs.db"]


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


def test_a_folder_that_went_before_its_turn_does_not_hold_up_the_others(home: Path, endless: Make, quick: Make) -> None:
    first, gone, last = queue.submit(Workspace(home), [endless(), quick(seed=2), quick(seed=3)])
    shutil.rmtree(home / gone)
    worker_of(until_training(Workspace(home), first)).kill()
    assert until_state(Workspace(home), first, "lost").detail == (
        "its process was killed by signal 9 (SIGKILL). Where nobody did that, the machine may have run out of memory."
    )
    assert until_state(Workspace(home), last, "finished", "failed").state == "finished"
    run = get(Workspace(home), gone)
    assert (run.state, run.detail) == ("lost", "its folder was moved or deleted before it started")


def test_keepers_are_light_and_leave_no_zombies(home: Path, endless: Make) -> None:
    [run_id] = queue.submit(Workspace(home), [endless()])
    run = until_training(Workspace(home), run_id)
    assert run.pid is not None
    supervisor = psutil.Process(run.pid)
    assert supervisor.memory_info().rss < 30_000_000
    assert supervisor.parent() == psutil.Process(os.getpid())
    assert os.getsid(run.pid) == run.pid
    assert worker_of(run).nice() >= 10
    supervisor.terminate()
    until_state(Workspace(home), run_id, "stopped")
    until(lambda: supervisor.status() == psutil.STATUS_ZOMBIE, "the keeper has ended")
    until(
        lambda: queue.start_waiting(Workspace(home)) == [] and not supervisor.is_running(),
        "the keeper has been collected",
    )


def test_a_run_waits_for_the_run_that_it_starts_from(home: Path, quick: Make) -> None:
    """With two devices free the second run would start beside the first, and find nothing to start from."""
    with Workspace(home).write() as index:
        first = runs.add(index, quick(), device="cpu")
        runs.update(index, first, state="running")
        second = runs.add(index, quick(start_from=first), device="cuda:0")
        third = runs.add(index, quick(tasks="sst2,mnli", teachers=f"{first}"), device="cuda:0")
        assert rows.oldest_waiting(index, "here", ["cuda:0"]) is None
        runs.end(index, first, "finished")
        assert [run.id for run in [rows.oldest_waiting(index, "here", ["cuda:0"])] if run] == [second]
        runs.end(index, second, "stopped")
        assert [run.id for run in [rows.oldest_waiting(index, "here", ["cuda:0"])] if run] == [third]
