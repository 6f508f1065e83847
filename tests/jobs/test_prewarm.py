"""A process that is kept ready takes the next run, and dies with whoever keeps it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from mtl_core.jobs import prewarm
from mtl_core.jobs.queue import submit
from mtl_core.store.workspace import Workspace
from tests.jobs.conftest import Make
from tests.jobs.waiting import get, until, until_state

KEEPS = """
import time
from mtl_core.jobs import prewarm
prewarm.keep()
print(prewarm._prewarmed.process.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    yield
    prewarm.drop()


def worker(supervisor: int) -> psutil.Process | None:
    return next(iter(psutil.Process(supervisor).children()), None)


def kept() -> int:
    """The process id of a spare's keeper, once its worker is there."""
    prewarm.keep()
    assert prewarm._prewarmed is not None
    pid = prewarm._prewarmed.process.pid
    until(lambda: worker(pid) is not None, "a worker")
    return pid


def test_a_spare_process_takes_the_run_and_its_log(workspace: Workspace, quick: Make) -> None:
    pid = kept()
    [run_id] = submit(workspace, [quick()])
    assert get(workspace, run_id).pid == pid
    assert prewarm.take() is None
    run = until_state(workspace, run_id, "finished", "failed", "lost")
    assert run.state == "finished", run.detail
    assert "training on cpu" in workspace.run(run_id).log.read_text("utf-8")
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE, "its end")


def test_two_runs_at_once_share_no_spare(workspace: Workspace, quick: Make) -> None:
    pid = kept()
    first, second = submit(workspace, [quick(), quick(seed=2)])
    assert [until_state(workspace, run_id, "finished", "failed", "lost").state for run_id in (first, second)] == [
        "finished"
    ] * 2
    assert get(workspace, first).pid == pid != get(workspace, second).pid


def test_a_spare_whose_worker_was_killed_starts_another(workspace: Workspace, quick: Make) -> None:
    waiting = worker(kept())
    assert waiting is not None
    waiting.kill()
    until(lambda: not waiting.is_running() or waiting.status() == psutil.STATUS_ZOMBIE, "its end")
    [run_id] = submit(workspace, [quick()])
    assert until_state(workspace, run_id, "finished", "failed", "lost").state == "finished"


def test_a_spare_that_was_killed_is_passed_over(workspace: Workspace, quick: Make) -> None:
    pid = kept()
    os.kill(pid, signal.SIGKILL)
    until(lambda: psutil.Process(pid).status() == psutil.STATUS_ZOMBIE, "its end")
    [run_id] = submit(workspace, [quick()])
    assert get(workspace, run_id).pid != pid
    assert until_state(workspace, run_id, "finished", "failed", "lost").state == "finished"


def test_a_run_of_a_spare_can_be_stopped(workspace: Workspace, endless: Make) -> None:
    from mtl_core.jobs.control import request_stop

    kept()
    [run_id] = submit(workspace, [endless()])
    until(lambda: get(workspace, run_id).step > 0, "a step")
    request_stop(workspace, run_id)
    assert until_state(workspace, run_id, "stopped", "failed", "lost").state == "stopped"


def test_a_spare_ends_with_the_process_that_keeps_it() -> None:
    supervisor = subprocess.Popen([sys.executable, "-c", KEEPS], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    pid = int(supervisor.stdout.readline())
    until(lambda: worker(pid) is not None, "a worker")
    found = [psutil.Process(pid), *psutil.Process(pid).children()]
    supervisor.kill()
    supervisor.wait()
    _, alive = psutil.wait_procs(found, timeout=30)
    assert not alive


def test_no_spare_without_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prewarm, "ROOM", 1e18)
    prewarm.keep()
    assert prewarm.take() is None
