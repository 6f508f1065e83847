"""One run in two processes, from a terminal: watched, stopped by Ctrl-C, resumed, with teachers trained before it."""

from __future__ import annotations

import json
import signal
import subprocess

from mtl_core.store import runs
from mtl_core.store.workspace import Workspace
from tests.cli.conftest import COMMAND, ROOT, call
from tests.jobs.waiting import until


def trained(workspace: Workspace, title: str) -> runs.Run | None:
    """The run of that name, once it has made a step."""
    if not workspace.index_file.exists():
        return None
    with workspace.write() as index:
        return next((run for run in runs.listing(index) if run.title == title and run.step > 0), None)


def test_two_processes_stop_at_control_c_and_go_on(small: list[str], workspace: Workspace) -> None:
    several = ["--tasks", "sst2,mnli", *small, "--processes", "2", "--epochs", "30", "--name", "pupil"]
    command = [*COMMAND, "train", *several, "--teachers", "train", "--json", "--runs-dir", str(workspace)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        until(
            lambda: process.poll() is not None or trained(workspace, "pupil") is not None,
            "a step of the pupil",
        )
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 130, err
    run_id = json.loads(out)["id"]
    with workspace.write() as index:
        found = {run.title: run for run in runs.listing(index)}
    alone = [found["pupil · sst2 alone"], found["pupil · mnli alone"]]
    assert [run.state for run in alone] == ["finished", "finished"]
    assert found["pupil"].config.teachers == tuple(run.id for run in alone)
    stopped = found["pupil"].step
    assert 0 < stopped < (found["pupil"].total_steps or 0)

    said = call("resume", run_id, "--json", "--runs-dir", workspace.path)
    assert said.code == 0, said.err
    assert said.document["state"] == "finished"
    drawn = said.document["draws"]["sst2"]
    assert (drawn["planned"], drawn["actual"]) == (64 * 30, 64 * 30)
    log = (workspace.path / run_id / "log.txt").read_text("utf-8")
    assert f"going on from step {stopped}" in log.replace(",", "")
