"""The source `hub` against a real, small hub: well, gone, silent, and answering nonsense.

HF_ENDPOINT and HF_HOME are read when the libraries are imported, so each question is a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hub_server import Hub, serving

ROOT = Path(__file__).parents[2]

ASK = """
import dataclasses, json, sys
from mtl_core import registry
from mtl_core.encoders import hub_connection
from mtl_core.data import hub
from mtl_core.errors import TandemError

hub_connection.PATIENCE = hub_connection.LONGEST_SILENCE = 2.0
found = {}
try:
    for name in sys.argv[1].split():
        data = hub.read(dataclasses.replace(registry.load("tasks", name), **json.loads(sys.argv[2])))
        found[name] = [[(one.inputs, one.gold) for one in split.examples] for split in (data.train, data.dev)]
    print(json.dumps(found, default=dataclasses.asdict))
except TandemError as error:
    [fault] = error.faults
    print(json.dumps({"error": type(error).__name__, "field": fault.field, "message": fault.message}))
"""

Ask = Callable[..., dict[str, Any]]

CONTEXT = "The bridge was built in 1889."
ADVICE = "Use the source 'folder' or 'sample', or try again when the hub can be reached."


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SST-2, MNLI and SQuAD as the hub has them, a few rows each."""
    root = tmp_path_factory.mktemp("hub")
    films = [{"sentence": f"film {n} is fine ", "label": n % 2, "idx": n} for n in range(6)]
    pairs = [{"premise": f"He met {n}.", "hypothesis": "He met one.", "label": n % 3, "idx": n} for n in range(6)]
    question = {"id": "a", "title": "Bridges", "context": CONTEXT, "question": "When was it built?"}
    asked = [{**question, "answers": {"text": ["1889"], "answer_start": [24]}}]
    glue = {
        "sst2": ({"train": films, "validation": films[:2], "test": films[2:3]}, ["negative", "positive"]),
        "mnli": ({"train": pairs, "validation_matched": pairs[:3]}, ["entailment", "neutral", "contradiction"]),
        "turned": ({"train": films, "validation": films}, ["positive", "negative"]),
    }
    dataset(root / "datasets/nyu-mll/glue", glue)
    dataset(root / "datasets/rajpurkar/squad", {"plain_text": ({"train": asked, "validation": asked}, [])})
    return root


def dataset(folder: Path, configurations: dict[str, tuple[dict[str, list[dict[str, Any]]], list[str]]]) -> None:
    """Writes a data set's repository: Parquet files, and a card that says which configuration has which."""
    from datasets import ClassLabel, Dataset

    card = ["---", "configs:"]
    for name, (splits, labels) in configurations.items():
        (folder / name).mkdir(parents=True)
        card += [f"- config_name: {name}", "  data_files:"]
        for split, rows in splits.items():
            table = Dataset.from_list(rows)
            table = table.cast_column("label", ClassLabel(names=labels)) if labels else table
            table.to_parquet(str(folder / name / f"{split}-00000-of-00001.parquet"))
            card += [f"  - split: {split}", f"    path: {name}/{split}-*"]
    (folder / "README.md").write_text("\n".join([*card, "---", "A tiny copy."]))


@pytest.fixture
def hub(repositories: Path) -> Iterator[Hub]:
    with serving(repositories) as hub:
        yield hub


@pytest.fixture
def ask(tmp_path: Path, hub: Hub) -> Ask:
    def ask(task: str = "sst2", **changes: Any) -> dict[str, Any]:
        environment = {**os.environ, "HF_ENDPOINT": hub.address, "HF_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", ASK, task, json.dumps(changes)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
        assert done.stderr == ""
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return ask


def refused(hub: Hub, why: str, what: str = "nyu-mll/glue sst2") -> dict[str, str]:
    message = f"the Hugging Face hub at {hub.address} {why}, and {what} is not on this machine. {ADVICE}"
    return {"error": "HubUnreachable", "field": "source", "message": message}


def unreadable(message: str) -> dict[str, str]:
    return {"error": "DataError", "field": "source", "message": message}


def test_all_three_tasks_then_without_the_hub(ask: Ask, hub: Hub) -> None:
    online = ask("sst2 mnli squad")
    assert online["sst2"][1] == [[["film 0 is fine"], 0], [["film 1 is fine"], 1]]
    assert online["mnli"][1][2] == [["He met 2.", "He met one."], 2]
    assert online["squad"][0] == [[["When was it built?", CONTEXT], [{"text": "1889", "start": 24}]]]
    hub.close()
    assert ask("squad sst2 mnli") == online


def test_what_was_fetched_is_not_asked_for_again(ask: Ask, hub: Hub) -> None:
    first = ask()
    hub.asked.clear()
    hub.mood = "silent"
    assert ask() == first
    assert hub.asked == []


def test_labels_go_by_their_names(ask: Ask) -> None:
    assert [gold for _, gold in ask(hub=["nyu-mll/glue", "turned"])["sst2"][0]] == [1, 0, 1, 0, 1, 0]


def test_a_hub_that_is_gone(ask: Ask, hub: Hub) -> None:
    hub.close()
    assert ask() == refused(hub, "can't be reached")


@pytest.mark.parametrize(
    ("mood", "why"),
    [
        ("silent", "gave no answer within 2 seconds"),
        ("silent files", "broke off"),
        ("html", "answers, but not as a hub does"),
        ("no json", "answers, but not as a hub does"),
        ("no listing", "answers, but not as a hub does"),
        ("error", "answers with error 500"),
    ],
)
def test_a_hub_that_misbehaves(ask: Ask, hub: Hub, mood: str, why: str) -> None:
    hub.mood = mood
    assert ask() == refused(hub, why)


def test_broken_files_are_fetched_anew_the_next_time(ask: Ask, hub: Hub) -> None:
    hub.mood = "truncated"
    said = ask()
    assert said == unreadable(
        "nyu-mll/glue sst2 on the hub can't be read (Parquet magic bytes not found in footer. Either the file is "
        "corrupted or this is not a parquet file.). Try again later, or use the source 'folder' or 'sample'."
    )
    hub.mood = "well"
    assert len(ask()["sst2"][0]) == 6


def test_a_data_set_that_the_hub_does_not_have(ask: Ask) -> None:
    assert ask(hub=["nobody/nothing", None]) == unreadable(
        "the hub has no data set 'nobody/nothing'. Check the task's hub id."
    )


def test_a_configuration_that_the_data_set_does_not_have(ask: Ask) -> None:
    said = ask(hub=["nyu-mll/glue", "sst3"])
    assert said == unreadable(
        "nyu-mll/glue sst3 on the hub can't be read (BuilderConfig 'sst3' not found. Available: "
        "['sst2', 'mnli', 'turned']). Try again later, or use the source 'folder' or 'sample'."
    )


def test_a_split_that_the_data_set_does_not_have(ask: Ask) -> None:
    assert ask(hub_dev="dev") == unreadable(
        "nyu-mll/glue sst2 on the hub has no split 'dev'. It has train, validation, test."
    )


def test_rows_that_do_not_fit_the_task(ask: Ask) -> None:
    said = ask("mnli", hub=["nyu-mll/glue", "sst2"], hub_dev="validation")
    assert said["message"] == (
        "nyu-mll/glue sst2 on the hub, split train: no column 'sentence1' and no column 'sentence2'. "
        "Expected sentence1, sentence2, label or gold_label; found sentence, label, idx."
    )
