from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from mtl_core import registry
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace, is_run_id
from tests.cli.conftest import COMMAND, ROOT, Said, call
from tests.jobs.waiting import until, until_state

TASKS = ", ".join(registry.names("tasks"))


def test_train_ends_with_one_document(trained: tuple[Workspace, Said]) -> None:
    workspace, said = trained
    assert said.code == 0, said.err
    document = said.document
    assert list(document) == ["id", "state", "scores", "draws", "examples_per_second", "seconds"]
    assert document["state"] == "finished"
    assert list(document["draws"]) == ["sst2", "squad"]
    for drawn in document["draws"].values():
        assert (drawn["planned"], drawn["actual"], drawn["planned_steps"], drawn["actual_steps"]) == (64, 64, 4, 4)
        assert (drawn["planned_epochs"], drawn["actual_epochs"], drawn["remark"]) == (1, 1, "")
        assert drawn["actual_tokens"] == drawn["planned_tokens"] > 0
    assert document["scores"]["sst2"].keys() == {"accuracy"}
    assert document["scores"]["squad"].keys() == {"f1", "exact_match"}
    assert all(0 <= value <= 1 for scores in document["scores"].values() for value in scores.values())
    assert document["examples_per_second"] > 0
    assert document["seconds"] > 0
    assert f"run {document['id']}: sst2 + squad · hard · seed 1" in said.err
    assert "dev set: sst2 accuracy" in said.err
    assert (workspace.path / document["id"] / "report.json").exists()


def test_a_run_is_trained_again_from_its_config(trained: tuple[Workspace, Said], tmp_path: Path) -> None:
    workspace, said = trained
    config = workspace.path / said.document["id"] / "config.json"
    again = call("train", "--config", config, "--json", "--runs-dir", tmp_path)
    assert again.document["scores"] == said.document["scores"]
    other = call("train", "--config", config, "--tasks", "sst2", "--seed", "5", "--runs-dir", tmp_path)
    assert other.code == 0
    assert "sst2: accuracy" in other.out
    assert "(generated sample)" in other.out


def test_in_the_background_it_answers_with_the_id(small: list[str], workspace: Workspace) -> None:
    said = call("train", "--tasks", "sst2", *small, "--background", "--json", "--runs-dir", workspace.path)
    assert said.code == 0, said.err
    assert list(said.document) == ["id", "state"]
    run = until_state(workspace, said.document["id"], "finished", "failed", "lost")
    assert run.state == "finished", run.detail


def test_control_c_stops_after_the_step_with_a_checkpoint(small: list[str], workspace: Workspace) -> None:
    command = [*COMMAND, "train", "--tasks", "sst2", *small, "--epochs", "1000", "--json", "--runs-dir", str(workspace)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: process.poll() is not None or _steps(workspace) > 0, "a step")
        assert call("train", "--tasks", "sst2", *small, "--runs-dir", workspace.path).err.count(
            "another run has cpu; this one trains beside it, and both take longer"
        )
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    finally:
        process.kill()
    assert process.returncode == 130, err
    document = json.loads(out)
    assert document["state"] == "stopped"
    assert "stopping after this step; ask again to end at once" in err
    assert (workspace.path / document["id"] / "checkpoints" / "last" / "state.safetensors").exists()


def _steps(workspace: Workspace) -> int:
    if not workspace.index_file.exists():
        return 0
    with workspace.write() as index:
        return max((run.step for run in runs.listing(index)), default=0)


BAD = [
    (["--tasks", "sst22"], {"tasks": "no task called 'sst22'. Did you mean 'sst2'?"}),
    ([], {"tasks": f"is missing. Give one or more of {TASKS}."}),
    (
        ["--tasks", "sst2,mnli", "--sharing", "hrad", "--epochs", "-1"],
        {
            "sharing": "no sharing called 'hrad'. Did you mean 'hard'?",
            "epochs": "-1 is too small, it must be above 0. Use a value such as 1.",
        },
    ),
    (
        ["--tasks", "sst2,mnli", "--schedule-settings", "{", "--seed", "x"],
        {
            "schedule_settings": "'{' is not valid JSON. Use names and values such as {\"share\": 0.5}.",
            "seed": "x is not a whole number. Use a value such as 1.",
        },
    ),
    (
        ["--tasks", "sst2", "--device", "cuda:63"],
        {"device": "there is no device 'cuda:63' here."},
    ),
]


@pytest.mark.parametrize(("options", "faults"), BAD)
@pytest.mark.parametrize("where", [[], ["--background"]])
def test_bad_input_starts_nothing(options: list[str], faults: dict[str, str], where: list[str], tmp_path: Path) -> None:
    said = call("train", *options, *where, "--json", "--runs-dir", tmp_path / "runs")
    assert said.code == 2
    assert said.document.keys() == {"error", "faults"}
    found = {fault["field"]: fault["message"] for fault in said.document["faults"]}
    assert found.keys() == faults.keys()
    assert all(found[field].startswith(message) for field, message in faults.items())
    assert said.document["error"] in said.err
    if (tmp_path / "runs").exists():
        assert [path.name for path in (tmp_path / "runs").iterdir() if is_run_id(path.name)] == []
        assert not (tmp_path / "runs" / "runs.db").exists()


def test_data_that_cannot_be_read_starts_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    options = ["--tasks", "sst2", "--source", "folder", "--data", tmp_path / "data", "--runs-dir", tmp_path / "runs"]
    said = call("train", *options, "--background", "--json")
    assert said.code == 2
    assert [fault["field"] for fault in said.document["faults"]] == ["data"]
    assert not (tmp_path / "runs" / "runs.db").exists()


def test_a_runs_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = call("train", "--tasks", "sst2", "--json", "--runs-dir", tmp_path / "file" / "runs")
    assert said.code == 2
    assert said.document["faults"] == [
        {
            "field": "runs_dir",
            "message": f"can't use the folder {tmp_path / 'file' / 'runs'}: Not a directory. "
            "Give a folder that can be written, with --runs-dir.",
        }
    ]


def test_a_config_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "list.json").write_text("[1]")
    for name, message in (
        ("missing.json", f"can't read {tmp_path / 'missing.json'}: No such file or directory."),
        ("list.json", f"{tmp_path / 'list.json'} holds no config. Give a run's config.json."),
    ):
        said = call("train", "--config", tmp_path / name, "--json", "--runs-dir", tmp_path)
        assert said.document["faults"] == [{"field": "config", "message": message}]
    assert call("train", "--config", tmp_path / "bad.json").err.startswith(
        f"config: {tmp_path / 'bad.json'} is not valid JSON"
    )


def test_the_process_is_the_one_that_the_index_names(trained: tuple[Workspace, Said]) -> None:
    workspace, said = trained
    with workspace.write() as index:
        run = runs.get(index, said.document["id"])
    assert run.pid not in (None, os.getpid())
    assert (run.state, run.slot) == ("finished", None)
