"""A task of a new kind with a new metric comes in as files and nothing else: trained, judged, read and asked."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import tiny

ROOT = Path(__file__).resolve().parents[1]
MOODS = ("glad", "sad", "calm")
TOPICS = ("travel", "sport", "food")
SMALL = [
    "--train-limit",
    "96",
    "--eval-limit",
    "24",
    "--selection-limit",
    "12",
    "--batch-size",
    "16",
    "--device",
    "cpu",
]
READ = """
import json, sys
from pathlib import Path
from mtl_core.display import blocks, scores
from mtl_core.services import explore
from mtl_core.store import vectors
from mtl_core.store.explore import View
from mtl_core.store.workspace import Workspace

workspace, task, metric = Workspace(Path(sys.argv[1])), sys.argv[2], sys.argv[3]
runs = explore.runs_by_task(workspace)[task]
with workspace.read() as index:
    vector = vectors.of_runs(index, [runs[0].id], task)[runs[0].id]
view = View(task, tuple(run.id for run in runs))
row = explore.page(workspace, view, 1)[0]
detail = explore.detail(row, [run.title for run in runs])
print(json.dumps({"html": blocks.html(detail.answers[0].blocks), "header": scores.header(metric),
    "filters": [one.name for one in explore.filters(workspace, view, runs)], "torch": "torch" in sys.modules,
    "metrics": vector.metrics, "mean": vector.contributions.mean()}))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product with the plug-ins' files beside its own, and data for them."""
    home = tmp_path_factory.mktemp("plugged")
    shutil.copytree(ROOT / "mtl_core", home / "mtl_core", ignore=shutil.ignore_patterns("__pycache__"))
    before = {path.relative_to(home): path.read_bytes() for path in (home / "mtl_core").rglob("*") if path.is_file()}
    shutil.copytree(ROOT / "tests" / "plug_ins", home / "mtl_core", dirs_exist_ok=True)
    assert all((home / path).read_bytes() == content for path, content in before.items())
    tiny.encoder(home / "encoder")
    (home / "data" / "moods").mkdir(parents=True)
    for split, count in (("train", 120), ("dev", 30)):
        rows = [row(random.Random(f"{split}{number}")) for number in range(count)]
        (home / "data" / "moods" / f"{split}.tsv").write_text("text\tlabels\n" + "\n".join(rows) + "\n")
    shutil.copytree(ROOT / "mtl_core" / "data" / "sample" / "SST-2", home / "data" / "SST-2")
    (home / "data" / "topics").mkdir()
    for split, count in (("train", 120), ("dev", 30)):
        written = "".join(topic_row(random.Random(f"{split}{number}")) for number in range(count))
        (home / "data" / "topics" / f"{split}.jsonl").write_text(written)
    return home


def row(draw: random.Random) -> str:
    chosen = [mood for mood in MOODS if draw.random() < 0.5]
    return f"we are {' and '.join(chosen) or 'here'} today {draw.randrange(1000)}\t{' '.join(chosen)}"


def topic_row(draw: random.Random) -> str:
    chosen = [topic for topic in TOPICS if draw.random() < 0.5]
    text = f"a page on {' and '.join(chosen) or 'nothing'}, number {draw.randrange(1000)}"
    return json.dumps({"text": text, "labels": chosen}) + "\n"


def run(copy: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_a_new_kind_comes_in_as_files_alone(copy: Path) -> None:
    options = ["--source", "folder", "--data", "data", "--encoder", "encoder", *SMALL, "--runs-dir", "runs", "--json"]
    found = json.loads(run(copy, "-m", "mtl_core", "train", "--tasks", "moods,topics,sst2", *options))
    assert 0 <= found["scores"]["moods"]["overlap"] <= 1
    asked = ["predict", found["id"], "--task", "moods", "--text", "we are glad today", "--runs-dir", "runs", "--json"]
    answer = json.loads(run(copy, "-m", "mtl_core", *asked))
    assert set(answer["probabilities"]) == set(MOODS)
    read = json.loads(run(copy, "-c", READ, "runs", "moods", "overlap"))
    assert all(mood in read["html"] for mood in MOODS)
    assert read["header"] == "overlap (%)"
    assert read["filters"] == ["all", "right", "wrong"]
    assert not read["torch"]
    assert read["metrics"] == ["overlap"]  # what verdicts are about
    assert read["mean"] == pytest.approx(found["scores"]["moods"]["overlap"])
    asked = ["predict", found["id"], "--task", "topics", "--text", "on food", "--runs-dir", "runs", "--json"]
    answer = json.loads(run(copy, "-m", "mtl_core", *asked))
    assert {*answer["labels"]} <= {*answer["probabilities"]} == {*TOPICS}
    read = json.loads(run(copy, "-c", READ, "runs", "topics", "micro_f1"))
    assert all(topic in read["html"] for topic in TOPICS)
    assert "micro_f1" in read["metrics"]
    assert read["mean"] == pytest.approx(found["scores"]["topics"]["micro_f1"])


@pytest.mark.parametrize("sharing", ["span", "pointer"])
def test_sharings_that_cannot_ask_it_say_so(copy: Path, sharing: str) -> None:
    options = ["--source", "folder", "--data", "data", "--encoder", "encoder", *SMALL, "--runs-dir", "runs", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "mtl_core", "train", "--tasks", "moods,sst2", "--sharing", sharing, *options],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    [fault] = json.loads(done.stdout)["faults"]
    assert fault["field"] == "sharing"
    assert fault["message"].startswith("a task of the kind any_of ('moods') can't be answered ")
