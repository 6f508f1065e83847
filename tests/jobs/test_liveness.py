from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from mtl_core.jobs import identity
from mtl_core.jobs.liveness import sweep
from mtl_core.jobs.queue import submit
from mtl_core.store import queue, runs, states
from mtl_core.store.queue import Holder
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.jobs.conftest import Make, processes_of
from tests.jobs.waiting import get, until, until_state, until_training, worker_of


def said_to_run(workspace: Workspace, holder: Holder, *, locked: bool = True) -> str:
    """A run that the index says is running in the hands of `holder`; nobody holds its lock."""
    run_id = builders.run(workspace, state="running", seed=holder.pid)
    if locked:
        workspace.run(run_id).lock.touch()
    with workspace.write() as index:
        queue.begin(index, run_id, holder, "cpu")
    return run_id


def test_a_killed_worker_is_lost_and_the_next_run_starts_with_nobody_there(home: Path, endless: Make) -> None:
    first, second = submit(Workspace(home), [endless(), endless(seed=2)])
    worker_of(until_training(Workspace(home), first)).kill()
    lost = until_state(Workspace(home), first, "lost")
    until_training(Workspace(home), second)
    assert lost.slot is None
    assert "killed by signal 9 (SIGKILL)" in lost.detail
    folder = Workspace(home).run(first)
    assert "lost: its process was killed by signal 9" in folder.log.read_text()
    with folder.open() as run_db:
        assert states.history(run_db)[-1].state == "lost"


def test_keeper_and_worker_killed_at_once_are_noticed_by_the_next_sweep(home: Path, endless: Make) -> None:
    first, second = submit(Workspace(home), [endless(), endless(seed=2)])
    run = until_training(Workspace(home), first)
    assert run.pid is not None
    worker = worker_of(run)
    os.kill(run.pid, signal.SIGKILL)
    worker.kill()
    until(lambda: sweep(Workspace(home)) == [first], "the sweep finds it")
    assert get(Workspace(home), first).detail == "its process ended without a word"
    assert get(Workspace(home), second).state == "running"


def test_a_run_whose_keeper_alone_was_killed_trains_on(home: Path, endless: Make) -> None:
    [run_id] = submit(Workspace(home), [endless()])
    run = until_training(Workspace(home), run_id)
    assert run.pid is not None
    worker = worker_of(run)
    os.kill(run.pid, signal.SIGKILL)
    until(lambda: get(Workspace(home), run_id).step > run.step + 5, "it trains on")
    assert sweep(Workspace(home)) == []
    assert get(Workspace(home), run_id).state == "running"
    worker.terminate()
    until_state(Workspace(home), run_id, "stopped")


def test_a_reused_process_id_is_not_taken_for_the_run(home: Path) -> None:
    someone = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        run_id = said_to_run(Workspace(home), identity.holder(someone.pid))
        assert sweep(Workspace(home)) == [run_id]
        older = Holder(identity.host(), identity.boot(), someone.pid, identity.holder(someone.pid).started - 60)
        assert not identity.same_process(older)
        assert identity.same_process(identity.holder(someone.pid))
    finally:
        someone.kill()
        someone.wait()
    assert get(Workspace(home), run_id).state == "lost"


def test_processes_of_another_boot_or_that_ended_are_not_the_same(home: Path) -> None:
    mine = identity.holder(os.getpid())
    assert identity.same_process(mine)
    assert not identity.same_process(Holder(mine.host, "another boot", mine.pid, mine.started))
    ended = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    known = identity.holder(ended.pid)
    ended.communicate(b"\n")
    assert not identity.same_process(known)


def test_a_run_of_another_machine_is_judged_by_its_silence(home: Path) -> None:
    run_id = said_to_run(Workspace(home), Holder("elsewhere", "boot", 1, 0.0))
    assert sweep(Workspace(home)) == []
    with Workspace(home).write() as index:
        runs.update(index, run_id, heartbeat=time.time() - 300)
    assert sweep(Workspace(home)) == [run_id]


def test_a_run_whose_folder_is_gone_is_lost_once_its_process_is(home: Path) -> None:
    live = said_to_run(Workspace(home), identity.holder(os.getpid()))
    shutil.rmtree(home / live)
    assert sweep(Workspace(home)) == []
    with Workspace(home).write() as index:
        runs.update(index, live, pid_started=0.0)
    assert sweep(Workspace(home)) == [live]
    assert get(Workspace(home), live).detail == "its folder was moved or deleted while it ran"


def test_a_folder_that_is_moved_away_ends_its_run_and_is_left_whole(home: Path, endless: Make, tmp_path: Path) -> None:
    [run_id] = submit(Workspace(home), [endless()])
    until_training(Workspace(home), run_id)
    shutil.move(home / run_id, tmp_path / "moved")
    run = until_state(Workspace(home), run_id, "lost", "failed")
    assert (run.state, run.detail) == ("lost", "its folder was moved or deleted while it ran")
    until(lambda: not processes_of(Workspace(home)), "its processes end")
    assert not (home / run_id).exists()
    assert (tmp_path / "moved" / "config.json").exists()


def test_a_runs_folder_that_is_deleted_ends_everything(home: Path, endless: Make) -> None:
    first, _second = submit(Workspace(home), [endless(), endless(seed=2)])
    until_training(Workspace(home), first)
    shutil.rmtree(home)
    until(lambda: not processes_of(Workspace(home)), "its processes end")
    assert sweep(Workspace(home)) == []
    assert not home.exists()


def test_a_run_that_cannot_be_read_does_not_keep_others_from_being_swept(home: Path) -> None:
    ids = [said_to_run(Workspace(home), Holder(identity.host(), "earlier", pid, 0.0), locked=True) for pid in (1,)]
    (home / ids[0] / "run.db").write_text("not a database, " * 100)
    assert sweep(Workspace(home)) == ids
    assert get(Workspace(home), ids[0]).state == "lost"


def test_the_keeper_passes_a_stop_on(home: Path, endless: Make) -> None:
    [run_id] = submit(Workspace(home), [endless()])
    run = until_training(Workspace(home), run_id)
    assert run.pid is not None
    psutil.Process(run.pid).terminate()
    stopped = until_state(Workspace(home), run_id, "stopped", "lost", "failed")
    assert (stopped.state, stopped.detail) == ("stopped", "")
    assert (home / run_id / "checkpoints" / "last" / "state.safetensors").exists()
