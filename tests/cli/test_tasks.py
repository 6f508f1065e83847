"""`tasks`: from a file to a task that trains beside a built-in one, opens elsewhere, and is passed on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, ROOT, call
from tests.data.test_hub import dataset
from tests.hub_server import serving
from tests.own_tasks import tickets, write_csv


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A runs folder with the task `tickets`."""
    folder = tmp_path_factory.mktemp("home")
    write_csv(folder / "tickets.csv", tickets(200))
    said = call("tasks", "add", folder / "tickets.csv", "--json", "--runs-dir", folder / "runs")
    assert said.code == 0, said.err
    assert (said.document["train"], said.document["dev"]) == (180, 20)
    assert said.document["definition"]["task"]["labels"] == ["bug", "question", "wish"]
    return folder


def test_an_added_task_trains_beside_another_and_opens_elsewhere(home: Path, small: list[str], tmp_path: Path) -> None:
    runs = home / "runs"
    said = call("train", "--tasks", "tickets,sst2", *small, "--json", "--runs-dir", runs)
    assert said.code == 0, said.err
    assert said.document["scores"]["tickets"].keys() == {"accuracy"}
    run = said.document["id"]
    shown = call("show", run, "--runs-dir", runs)
    assert "definitions = tickets version " in shown.out
    assert "sst2: accuracy" in shown.out
    tickets_line = next(line for line in shown.out.splitlines() if line.strip().startswith("tickets: accuracy"))
    assert "generated" not in tickets_line
    assert "tickets: dev: there is no dev file: 20 of 200 rows are held out by text hash, label by label" in shown.out
    shutil.copytree(runs / run, tmp_path / run)
    assert call("reindex", "--runs-dir", tmp_path).code == 0
    words = ("--task", "tickets", "--text", "Please add dark mode")
    answer = call("predict", run, *words, "--json", "--runs-dir", tmp_path)
    assert answer.code == 0, answer.err
    assert answer.document["probabilities"].keys() == {"bug", "question", "wish"}


def test_it_is_listed_and_shown_and_replaced_only_when_asked(home: Path) -> None:
    runs = home / "runs"
    listed = {task["name"]: task for task in call("tasks", "--json", "--runs-dir", runs).document}
    assert listed["tickets"]["own"]
    assert listed["tickets"]["data"] == str(home / "tickets.csv")
    assert "version" in call("tasks", "show", "tickets", "--runs-dir", runs).out
    again = call("tasks", "add", home / "tickets.csv", "--runs-dir", runs)
    assert again.code == 2
    assert "there is a task 'tickets' already. Give another --name, or replace it with --replace." in again.err
    assert "unused       id" in call("tasks", "show", "tickets", "--runs-dir", runs).out
    dry = call("tasks", "add", home / "tickets.csv", "--name", "other", "--dry-run", "--runs-dir", runs)
    assert "texts from text; answers from label\nnot used: id" in dry.out
    assert "nothing was added" in dry.out
    assert "other" not in call("tasks", "list", "--runs-dir", runs).out


def test_where_data_lie_is_remembered_once(home: Path, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    (tmp_path / "glue" / "SST-2").mkdir(parents=True)
    for split in ("train", "dev"):
        rows = [f"a text number {split} {n}\t{n % 2}" for n in range(40)]
        (tmp_path / "glue" / "SST-2" / f"{split}.tsv").write_text("sentence\tlabel\n" + "\n".join(rows), "utf-8")
    said = call("tasks", "add", tmp_path / "glue", "--json", "--runs-dir", runs)
    assert said.document == {"remembered": {"sst2": f"folder:{tmp_path / 'glue'}"}}
    assert call("tasks", "add", "mnli", "--source", "hub", "--runs-dir", runs).out == "mnli: hub\n"
    listed = {task["name"]: task["data"] for task in call("tasks", "--json", "--runs-dir", runs).document}
    assert (listed["sst2"], listed["mnli"]) == (f"folder:{tmp_path / 'glue'}", "hub")
    assert call("tasks", "remove", "mnli", "--runs-dir", runs).code == 0
    nowhere = call("tasks", "add", "mnli", "--data", tmp_path / "none", "--runs-dir", runs)
    assert f"there is no folder '{tmp_path / 'none'}' for mnli. Give the one that holds its files." in nowhere.err
    assert call("tasks", "remove", "tickts", "--runs-dir", runs).code == 2


def test_a_folder_is_a_built_in_task_only_by_its_name_columns_and_labels(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    for place, header, labels in (
        ("RTE", ["sentence1", "sentence2"], ["entailment", "not_entailment"]),
        ("mine", [], []),
    ):
        for split, count in (("train", 40), ("dev", 20)):
            names = header or ["text"]
            rows = [
                [*(f"{split} {name} {n}" for name in names), (labels or ["bug", "wish"])[n % 2]] for n in range(count)
            ]
            file = tmp_path / place / f"{split}.tsv"
            file.parent.mkdir(exist_ok=True)
            file.write_text("\n".join("\t".join(row) for row in [[*names, "label"], *rows]) + "\n")
    shutil.copytree(tmp_path / "mine", tmp_path / "rte")  # its name alone tells nothing
    for own in ("mine", "rte"):
        said = call("tasks", "add", tmp_path / own, "--dry-run", "--json", "--runs-dir", runs)
        assert said.document.get("train") == 40 or "name of a built-in task" in said.err, said.err
    dry = call("tasks", "add", tmp_path / "RTE", "--dry-run", "--json", "--runs-dir", runs)
    assert dry.document == {"remembered": {"rte": f"folder:{tmp_path / 'RTE'}"}}
    assert not any("folder" in task["data"] for task in call("tasks", "--json", "--runs-dir", runs).document)
    for task, place, words in (
        ("sst2", tmp_path, "sst2: there is no SST-2/train and no SST-2/dev in"),
        ("wnli", tmp_path / "RTE", "holds the files of rte, not of wnli"),
        ("cola", tmp_path / "RTE", "Each row needs origin, label, mark, sentence"),
    ):
        assert words in call("tasks", "add", task, "--data", place, "--runs-dir", runs).err
    assert (
        "there is no generated sample for 'wic'"
        in call("tasks", "add", "wic", "--source", "sample", "--runs-dir", runs).err
    )
    assert not (runs / "tasks").exists()


@pytest.mark.parametrize("share", ["5", "1e9", "nan", "-1", "0"])
def test_a_share_that_is_none_is_refused(home: Path, share: str) -> None:
    said = call("tasks", "add", home / "tickets.csv", "--name", "odd", "--hold-out", share, "--runs-dir", home / "runs")
    assert "of the rows can't be the dev set. Use a share from 0.01 to 0.5." in said.err


def test_a_task_is_checked_cleaned_and_passed_on(home: Path, tmp_path: Path) -> None:
    runs = home / "runs"
    rows = [*tickets(60), *tickets(60)[:7]]
    write_csv(tmp_path / "twice.csv", rows)
    before = call("tasks", "add", tmp_path / "twice.csv", "--copy", "--json", "--runs-dir", runs).document
    checked = call("tasks", "check", "twice", "--json", "--runs-dir", runs).document
    count = {one["rule"]: one["count"] for one in checked["findings"]}["duplicates"]
    assert 0 < count <= 7
    cleaned = call("tasks", "check", "twice", "--leave-out", "duplicates", "--json", "--runs-dir", runs).document
    assert cleaned["rules"] == ["duplicates"]
    assert cleaned["version"] != before["version"]
    whole, bare = tmp_path / "whole.tandem-task", tmp_path / "bare.tandem-task"
    assert call("tasks", "export", "twice", "--output", whole, "--runs-dir", runs).code == 0
    assert call("tasks", "export", "twice", "--output", bare, "--without-data", "--runs-dir", runs).code == 0
    other = tmp_path / "other"
    got = call("tasks", "import", whole, "--json", "--runs-dir", other).document
    assert got == {"name": "twice", "version": cleaned["version"], "exported": cleaned["version"], "same": True}
    asked = call("tasks", "import", bare, "--name", "bare", "--runs-dir", other)
    assert "bare came without its data. Say where its train file is: --train FILE." in asked.err
    changed = write_csv(tmp_path / "changed.csv", rows[1:])
    said = call("tasks", "import", bare, "--name", "bare", "--train", changed, "--json", "--runs-dir", other)
    assert not said.document["same"]
    (tmp_path / "no.tandem-task").write_bytes(b"PK nonsense")
    broken = call("tasks", "import", tmp_path / "no.tandem-task", "--runs-dir", other)
    assert "no.tandem-task is not a task that Tandem has exported" in broken.err


def test_a_data_set_of_the_hub_becomes_a_task(tmp_path: Path) -> None:
    rows = [{"text": f"{('It crashes', 'How do I', 'Please add')[n % 3]} {n}", "label": n % 3} for n in range(30)]
    splits = {"train": rows[9:], "validation": rows[:9]}
    dataset(tmp_path / "datasets/acme/tickets", {"default": (splits, ["bug", "question", "wish"])})
    with serving(tmp_path) as hub:
        environment = {**os.environ, "HF_ENDPOINT": hub.address, "HF_HOME": str(tmp_path)}
        for asked in (["add", "hub:acme/tickets"], ["check", "tickets"]):
            command = [*COMMAND, "tasks", *asked, "--json", "--runs-dir", str(tmp_path / "runs")]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            document = json.loads(done.stdout)
    assert document["rows"] == {"train": 21, "dev": 9}
    assert document["labels"]["dev"] == {"bug": 3, "question": 3, "wish": 3}
