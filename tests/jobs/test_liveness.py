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
from mtl_core.records import RunState
from mtl_core.store import runs, states
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
        who = {"host": holder.host, "boot": holder.boot, "pid": holder.pid, "pid_started": holder.started}
        runs.adopt_state(index, run_id, RunState.RUNNING, slot="cpu", **who)
    return run_id


def test_a_killed_worker_is_lost_and_the_next_run_starts_with_nobody_there(workspace: Workspace, endless: Make) -> None:
    first, second = submit(workspace, [endless(), endless(seed=2)])
    worker_of(until_training(workspace, first)).kill()
    lost = until_state(workspace, first, "lost")
    until_training(workspace, second)
    assert lost.slot is None
    assert "killed by signal 9 (SIGKILL)" in lost.detail
    folder = workspace.run(first)
    assert "lost: its process was killed by signal 9" in folder.log.read_text()
    with folder.open() as run_db:
        assert states.history(run_db)[-1].state == "lost"


def test_keeper_and_worker_killed_at_once_are_noticed_by_the_next_sweep(workspace: Workspace, endless: Make) -> None:
    first, second = submit(workspace, [endless(), endless(seed=2)])
    run = until_training(workspace, first)
    assert run.pid is not None
    worker = worker_of(run)
    os.kill(run.pid, signal.SIGKILL)
    worker.kill()
    until(lambda: sweep(workspace) == [first], "the sweep finds it")
    assert get(workspace, first).detail == "its process exited unexpectedly"
    assert get(workspace, second).state == "running"


def test_a_run_whose_keeper_alone_was_killed_trains_on(workspace: Workspace, endless: Make) -> None:
    [run_id] = submit(workspace, [endless()])
    run = until_training(workspace, run_id)
    assert run.pid is not None
    worker = worker_of(run)
    os.kill(run.pid, signal.SIGKILL)
    until(lambda: get(workspace, run_id).step > run.step + 5, "it trains on")
    assert sweep(workspace) == []
    assert get(workspace, run_id).state == "running"
    worker.terminate()
    until_state(workspace, run_id, "stopped")


def test_a_reused_process_id_is_not_taken_for_the_run(workspace: Workspace) -> None:
    someone = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        run_id = said_to_run(workspace, identity.holder(someone.pid))
        assert sweep(workspace) == [run_id]
        older = Holder(identity.host(), identity.boot(), someone.pid, identity.holder(someone.pid).started - 60)
        assert not identity.same_process(older)
        assert identity.same_process(identity.holder(someone.pid))
    finally:
        someone.kill()
        someone.wait()
    assert get(workspace, run_id).state == "lost"


def test_processes_of_another_boot_or_that_ended_are_not_the_same() -> None:
    mine = identity.holder(os.getpid())
    assert identity.same_process(mine)
    assert not identity.same_process(Holder(mine.host, "another boot", mine.pid, mine.started))
    ended = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    known = identity.holder(ended.pid)
    ended.communicate(b"\n")
    assert not identity.same_process(known)


def test_a_run_of_another_machine_is_judged_by_its_silence(workspace: Workspace) -> None:
    run_id = said_to_run(workspace, Holder("elsewhere", "boot", 1, 0.0))
    assert sweep(workspace) == []
    with workspace.write() as index:
        runs.update(index, run_id, heartbeat=time.time() - 300)
    assert sweep(workspace) == [run_id]


def test_a_run_whose_folder_is_gone_is_lost_once_its_process_is(workspace: Workspace) -> None:
    live = said_to_run(workspace, identity.holder(os.getpid()))
    shutil.rmtree(workspace.path / live)
    assert sweep(workspace) == []
    with workspace.write() as index:
        runs.update(index, live, pid_started=0.0)
    assert sweep(workspace) == [live]
    assert get(workspace, live).detail == "its folder was moved or deleted while it ran"


def test_a_folder_that_is_moved_away_ends_its_run_and_is_left_whole(
    workspace: Workspace, endless: Make, tmp_path: Path
) -> None:
    [run_id] = submit(workspace, [endless()])
    until_training(workspace, run_id)
    shutil.move(workspace.path / run_id, tmp_path / "moved")
    run = until_state(workspace, run_id, "lost", "failed")
    assert (run.state, run.detail) == ("lost", "its folder was moved or deleted while it ran")
    until(lambda: not processes_of(workspace), "its processes end")
    assert not (workspace.path / run_id).exists()
    assert (tmp_path / "moved" / "config.json").exists()


def test_a_runs_folder_that_is_deleted_ends_everything(workspace: Workspace, endless: Make) -> None:
    first, _second = submit(workspace, [endless(), endless(seed=2)])
    until_training(workspace, first)
    shutil.rmtree(workspace.path)
    until(lambda: not processes_of(workspace), "its processes end")
    assert sweep(workspace) == []
    assert not workspace.path.exists()


def test_a_run_that_cannot_be_read_does_not_keep_others_from_being_swept(workspace: Workspace) -> None:
    ids = [said_to_run(workspace, Holder(identity.host(), "earlier", pid, 0.0), locked=True) for pid in (1,)]
    (workspace.path / ids[0] / "run.db").write_text("not a database, " * 100)
    assert sweep(workspace) == ids
    assert get(workspace, ids[0]).state == "lost"


def test_the_keeper_passes_a_stop_on(workspace: Workspace, endless: Make) -> None:
    [run_id] = submit(workspace, [endless()])
    run = until_training(workspace, run_id)
    assert run.pid is not None
    psutil.Process(run.pid).terminate()
    stopped = until_state(workspace, run_id, "stopped", "lost", "failed")
    assert (stopped.state, stopped.detail) == ("stopped", "")
    assert (workspace.path / run_id / "checkpoints" / "last" / "state.safetensors").exists()
