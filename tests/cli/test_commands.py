from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from mtl_core import registry
from mtl_core.cli.commands.app import first_free_port
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.cli.conftest import COMMAND, ROOT, Said, call
from tests.jobs.waiting import until

UNSEEN = "abcdefgh"
NO_RUN = "there is no run 'abcdefgh'. `python -m mtl_core runs` lists them."


@pytest.fixture
def several(workspace: Workspace) -> Path:
    for state in ("finished", "failed", "stopped"):
        builders.run(workspace, state=state)
    return workspace.path


def test_help_names_every_command_and_loads_nothing_slow() -> None:
    code = "import sys; from mtl_core.cli import main; main(['--help']); print(sorted(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in ("app", "doctor", "methods", "predict", "reindex", "resume", "runs", "show", "stop", "tasks", "train"):
        assert f"\n  {name} " in said
    for module in ("torch", "pandas", "sqlite_utils", "transformers"):
        assert f"'{module}'" not in said


@pytest.mark.parametrize("words", [["tasks"], ["methods"], ["runs"], ["reindex"], ["doctor"]])
def test_every_command_prints_one_document(words: list[str], several: Path) -> None:
    said = call(*words, "--json", "--runs-dir", several)
    assert said.code == 0, said.err
    assert said.document
    assert call(*words, "--runs-dir", several).out.strip()


def test_tasks(tmp_path: Path) -> None:
    found = {task["name"]: task for task in call("tasks", "--json", "--runs-dir", tmp_path).document}
    assert tuple(found) == registry.names("tasks")
    assert found["mnli"]["labels"] == ["entailment", "neutral", "contradiction"]
    assert found["squad"]["kind"] == "span"


def test_methods(tmp_path: Path) -> None:
    found = call("methods", "--json", "--runs-dir", tmp_path).document
    assert {family: tuple(sorted(methods)) for family, methods in found.items()} == {
        family: registry.names(family) for family in ("sharing", "schedules", "balancing", "merging")
    }


def test_runs_lists_the_newest_first(several: Path, tmp_path: Path) -> None:
    said = call("runs", "--json", "--runs-dir", several)
    assert {run["state"] for run in said.document} == {"finished", "failed", "stopped"}
    assert len(call("runs", "--json", "--limit", "2", "--runs-dir", several).document) == 2
    table = call("runs", "--runs-dir", several).out
    assert "step 60 of 60" in table
    assert "(generated sample)" in table
    empty = call("runs", "--runs-dir", tmp_path / "nowhere")
    assert empty.out == "no runs yet. `python -m mtl_core train --help` says how to start one.\n"
    assert call("runs", "--json", "--runs-dir", tmp_path / "nowhere").document == []
    assert not (tmp_path / "nowhere").exists()


def test_show_says_what_train_said_and_more(trained: tuple[Workspace, Said]) -> None:
    workspace, said = trained
    shown = call("show", said.document["id"], "--json", "--runs-dir", workspace).document
    assert {name: shown[name] for name in said.document} == said.document
    assert shown["step"] == shown["total_steps"] == 8
    assert shown["config"]["tasks"] == ["sst2", "squad"]
    words = call("show", said.document["id"], "--runs-dir", workspace).out
    assert "sst2: 64 of 64 examples drawn" in words
    assert "(generated sample)" in words


@pytest.mark.parametrize(
    "words", [["show", UNSEEN], ["stop", UNSEEN], ["resume", UNSEEN], ["predict", UNSEEN, "--text", "a"]]
)
def test_a_run_that_does_not_exist(words: list[str], several: Path) -> None:
    said = call(*words, "--json", "--runs-dir", several)
    assert said.code == 2
    assert said.document == {"error": NO_RUN, "faults": [{"field": "run", "message": NO_RUN}]}
    assert said.err.strip() == NO_RUN
    assert call(words[0], "../x", *words[2:], "--runs-dir", several).code == 2


def test_stop_of_a_run_that_has_ended(several: Path) -> None:
    run_id = call("runs", "--json", "--runs-dir", several).document[0]["id"]
    said = call("stop", run_id, "--json", "--runs-dir", several)
    assert said.document["error"] == f"run '{run_id}' has ended already: it is stopped."


def test_predict_a_label(trained: tuple[Workspace, Said]) -> None:
    workspace, said = trained
    words = ["predict", said.document["id"], "--task", "sst2", "--text", "A warm film.", "--runs-dir", workspace]
    document = call(*words, "--json").document
    assert document["label"] in ("negative", "positive")
    assert sum(document["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    assert document["generated"] is True
    assert document["label"] in call(*words).out


def test_predict_a_span(trained: tuple[Workspace, Said]) -> None:
    workspace, said = trained
    context = "The treaty was signed in Lisbon."
    asked = ["--task", "squad", "--question", "Where was it signed?", "--context", context]
    document = call("predict", said.document["id"], *asked, "--json", "--runs-dir", workspace).document
    assert document["answer"] == context[document["start"] : document["end"]]
    assert isinstance(document["score"], float)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--task", "sst2", "--text", "  "], "sentence"),
        (["--task", "sst2"], "text: is missing. sst2 needs the sentence."),
        (["--text", "a"], "the run has several tasks. Name one with --task: sst2, squad."),
        (["--task", "mnli", "--text", "a"], "no task in this run called 'mnli'."),
        (
            ["--task", "squad", "--question", "a", "--text2", "b"],
            "context: is missing. squad needs the context.\n"
            "text2: is not an input of squad. It needs --question and --context.",
        ),
    ],
)
def test_predictions_that_cannot_be_made(words: list[str], message: str, trained: tuple[Workspace, Said]) -> None:
    workspace, said = trained
    answer = call("predict", said.document["id"], *words, "--json", "--runs-dir", workspace)
    assert answer.code == 2
    assert message in answer.document["error"]
    assert answer.document["faults"]


def test_reindex_finds_a_run_again(trained: tuple[Workspace, Said], tmp_path: Path) -> None:
    workspace, said = trained
    shutil.copytree(workspace.path / said.document["id"], tmp_path / said.document["id"])
    done = call("reindex", "--json", "--runs-dir", tmp_path).document
    assert done["added"] == [said.document["id"]]
    shown = call("show", said.document["id"], "--json", "--runs-dir", tmp_path).document
    assert {name: shown[name] for name in said.document} == said.document


@pytest.mark.parametrize("words", [["runs"], ["show", UNSEEN], ["train", "--tasks", "sst2"], ["stop", UNSEEN]])
def test_a_damaged_index_says_what_to_do(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "runs.db").write_text("not a database, " * 100)
    said = call(*words, "--json", "--runs-dir", tmp_path)
    assert said.code == 2
    assert said.document["error"] == (
        f"{tmp_path / 'runs.db'} is damaged (file is not a database). "
        "`python -m mtl_core reindex` moves it aside and rebuilds it."
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nope"], "No such command 'nope'. `python -m mtl_core --help` lists what is available."),
        (["runs", "--colour"], "No such option '--colour'. `python -m mtl_core runs --help` lists what is available."),
        (["show"], "Missing argument 'RUN'. `python -m mtl_core show --help` lists what is available."),
    ],
)
def test_a_command_that_is_called_wrongly(words: list[str], message: str) -> None:
    said = call(*words, "--json")
    assert said.code == 2
    assert said.document == {"error": message, "faults": []}


def test_app_prints_its_address_and_answers(tmp_path: Path) -> None:
    port = first_free_port(18250)
    address = f"http://127.0.0.1:{port}"
    command = [*COMMAND, "app", "--port", str(port), "--json", "--runs-dir", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "{\n"
        until(lambda: process.poll() is not None or _answers(f"{address}/_stcore/health"), "the dashboard answers")
    finally:
        process.terminate()
        rest = process.communicate()[0]
    assert f'"address": "{address}"' in rest
    assert rest.endswith("}\n")


def test_a_port_that_is_taken_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert first_free_port(port) > port


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
