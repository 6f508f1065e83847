"""`resume` as a user calls it: processes that are stopped, and killed, for real."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

from mtl_core.config import run as configs
from mtl_core.jobs import foreground
from mtl_core.store.workspace import Workspace
from tests.cli.conftest import COMMAND, ROOT, call
from tests.jobs.waiting import get, until, until_state, worker_of
from tests.workers.test_resume import left, train

LONG = ["--epochs", "30", "--eval-every", "60"]


def said_in(workspace: Workspace, words: str) -> int:
    """How often the log of the only run says something."""
    return sum(log.read_text().count(words) for log in workspace.path.glob("*/log.txt"))


def test_stopped_then_killed_then_resumed_it_is_the_run_that_never_was(small: list[str], tmp_path: Path) -> None:
    workspace, other = Workspace(tmp_path / "parts"), Workspace(tmp_path / "whole")
    words = [*COMMAND, "train", "--tasks", "sst2,mnli", *small, *LONG, "--json", "--runs-dir", str(workspace)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        until(lambda: process.poll() is not None or said_in(workspace, "are planned") > 0, "its first step")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    finally:
        process.kill()
    assert process.returncode == 130, err
    assert json.loads(out)["state"] == "stopped"
    run_id = json.loads(out)["id"]

    said = call("resume", run_id, "--background", "--json", "--runs-dir", workspace)
    assert (said.code, said.document) == (0, {"id": run_id, "state": "running"})
    until(lambda: said_in(workspace, "going on from step") > 0, "it goes on")
    worker_of(get(workspace, run_id)).kill()
    assert until_state(workspace, run_id, "lost").detail.startswith("its process was killed by signal 9 (SIGKILL).")

    said = call("resume", run_id, "--json", "--runs-dir", workspace)
    assert (said.code, said.document["state"]) == (0, "finished"), said.err
    assert said_in(workspace, "going on from step") == 2
    config = workspace.run(run_id).read_json(workspace.run(run_id).config)
    assert left(workspace, run_id) == left(other, train(other, foreground.registered(other, configs.parse(config))))
    again = call("resume", run_id, "--json", "--runs-dir", workspace)
    assert again.code == 2
    assert again.document["error"] == f"run '{run_id}' has finished: there is nothing to resume."
