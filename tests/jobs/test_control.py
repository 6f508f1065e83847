from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mtl_core.disk import lock
from mtl_core.errors import DeviceError, RunNotFound, TandemError
from mtl_core.jobs import foreground
from mtl_core.jobs.control import remove, request_stop, resume
from mtl_core.jobs.queue import submit
from mtl_core.store import describe, queue, runs
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.jobs.conftest import Make
from tests.jobs.waiting import get, until_state, until_training


def test_a_waiting_run_stops_at_once_and_a_running_one_after_its_step(workspace: Workspace, endless: Make) -> None:
    first, second = submit(workspace, [endless(tasks="sst2,mnli"), endless(seed=2)])
    assert request_stop(workspace, second).state == "queued"
    assert (get(workspace, second).state, get(workspace, second).detail) == (
        "stopped",
        "stopped before it started",
    )
    until_training(workspace, first)
    assert request_stop(workspace, first).state == "running"
    stopped = until_state(workspace, first, "stopped", "failed", "lost")
    assert stopped.state == "stopped"
    assert stopped.total_steps is not None
    assert 0 < stopped.step < stopped.total_steps
    assert (workspace.path / first / "checkpoints" / "last" / "state.safetensors").exists()
    said = describe.document(workspace, first)
    assert said["scores"] == {}
    assert sum(draw["actual"] for draw in said["draws"].values()) > 0
    with pytest.raises(TandemError) as caught:
        request_stop(workspace, first)
    assert str(caught.value) == f"run '{first}' has ended already: it is stopped."


@pytest.mark.parametrize("door", [request_stop, remove, resume])
@pytest.mark.parametrize("name", ["nosuchrun", "../x"])
def test_a_run_that_does_not_exist(door: object, name: str, tmp_path: Path) -> None:
    there, nowhere = Workspace(tmp_path / "runs"), Workspace(tmp_path / "nowhere")
    builders.run(there)
    (tmp_path / "x").mkdir()
    for workspace in (there, nowhere):
        with pytest.raises(RunNotFound) as caught:
            door(workspace, name)  # type: ignore[operator]
        assert str(caught.value) == f"there is no run '{name}'. `python -m mtl_core runs` lists them."
    assert (tmp_path / "x").exists()
    assert not nowhere.path.exists()


def test_a_run_is_removed_with_all_that_is_known_of_it(workspace: Workspace) -> None:
    gone, kept = builders.run(workspace), builders.run(workspace, seed=2)
    remove(workspace, gone)
    assert [run["id"] for run in describe.listing(workspace)] == [kept]
    assert sorted(path.name for path in workspace.path.iterdir() if path.is_dir()) == [kept]


def test_a_live_run_is_not_removed(workspace: Workspace) -> None:
    run_id = builders.run(workspace, state="queued", device="cpu")
    with workspace.write() as index:
        runs.update(index, run_id, device="cuda:63")  # a device that will not come free here
    with pytest.raises(TandemError) as caught:
        remove(workspace, run_id)
    assert str(caught.value) == f"run '{run_id}' is queued. Stop it before you delete it."
    assert (workspace.path / run_id).exists()


REFUSED = [
    ("queued", "run '{}' is queued already."),
    ("running", "run '{}' is running already."),
    ("finished", "run '{}' has finished: there is nothing to resume."),
]


@pytest.mark.parametrize(("state", "words"), REFUSED)
def test_only_a_run_that_ended_early_goes_on(
    state: str, words: str, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtl_core.jobs.control.sweep", lambda _: [])  # these runs have no processes to be missed
    run_id = builders.run(workspace, state=state)
    with pytest.raises(TandemError) as caught:
        resume(workspace, run_id)
    assert str(caught.value) == words.format(run_id)


def test_a_run_whose_folder_or_device_is_gone_does_not_go_on(workspace: Workspace) -> None:
    run_id = builders.run(workspace, state="stopped")
    with workspace.write() as index:
        runs.update(index, run_id, device="cuda:63")
    with pytest.raises(DeviceError, match="there is no device 'cuda:63' here"):
        resume(workspace, run_id)
    shutil.rmtree(workspace.path / run_id)
    with pytest.raises(TandemError) as caught:
        resume(workspace, run_id)
    assert str(caught.value) == f"run '{run_id}' can't be resumed: its folder is missing. Launch it again."
    assert not (workspace.path / run_id).exists()


@pytest.mark.parametrize("door", [resume, lambda *where: foreground.resumed(*where).__enter__()])
def test_while_its_old_process_lives_it_does_not_go_on(
    door: Callable[..., object], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtl_core.jobs.control.LEAVING", 0.2)
    run_id = builders.run(workspace, state="stopped")
    held = lock.take(workspace.run(run_id).lock)
    assert held is not None
    with pytest.raises(TandemError) as caught:
        door(workspace, run_id)
    os.close(held)
    assert str(caught.value) == (
        f"run '{run_id}' can't be resumed yet: its process has not exited. Try again in a moment."
    )
    assert get(workspace, run_id).state == "stopped"


def test_resumed_it_waits_behind_the_others_with_nothing_left_of_its_end(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtl_core.devices.visible", lambda: ("cpu",))
    monkeypatch.setattr("mtl_core.jobs.control.sweep", lambda _: [])
    monkeypatch.setattr("mtl_core.jobs.control.start_waiting", lambda _: [])
    first, second = (
        builders.run(workspace, state="stopped"),
        builders.run(workspace, state="queued"),
    )
    with workspace.write() as index:
        runs.update(index, first, stop_requested=1, detail="as it was asked to")
    again = resume(workspace, first)
    assert (again.state, again.detail, again.stop_requested) == ("queued", "", 0)
    assert (again.ended, again.heartbeat, again.pid, again.pid_started, again.host) == (None,) * 5
    assert (again.step, again.total_steps, again.seconds) == (60, 120, 23.0)
    assert again.queued > again.created
    with workspace.write() as index:
        waiting = queue.oldest_waiting(index, "here", ["cpu"])
    assert waiting is not None
    assert waiting.id == second


def test_of_two_that_resume_at_once_one_is_refused(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtl_core.jobs.control.sweep", lambda _: [])
    monkeypatch.setattr("mtl_core.jobs.control.start_waiting", lambda _: [])
    run_id = builders.run(workspace, state="lost")

    def attempt(_: int) -> str:
        try:
            return resume(workspace, run_id).state
        except TandemError as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(attempt, range(4)))
    assert said == sorted(["queued", *[f"run '{run_id}' is queued already."] * 3])
