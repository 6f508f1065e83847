"""Every kind from its data to a trained model, Explore, the Demo's answer, exports and the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from functools import cache
from io import StringIO

import pytest

from mtl_core import metrics, registry
from mtl_core.cli import main
from mtl_core.display import blocks
from mtl_core.inference.predictor import Predictor
from mtl_core.services import demo, explore, explore_files
from mtl_core.store import describe, runs, vectors
from mtl_core.store.explore import View
from mtl_core.store.workspace import Workspace
from tests import tiny

SMALL = {"train-limit": 48, "eval-limit": 12, "selection-limit": 8, "batch-size": 16, "max-length": 48, "device": "cpu"}
TASKS = ["copa", "conll2003", "go_emotions", "stsb"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Workspace]:
    """A workspace with one run of a task and sst2, trained for real on a tiny encoder."""
    home = tmp_path_factory.mktemp("kinds")
    encoder = tiny.encoder(home / "encoder")

    @cache
    def train(task: str) -> Workspace:
        options = {
            **SMALL,
            "tasks": f"{task},sst2",
            "encoder": encoder,
            "runs-dir": home / task,
            **SOURCES.get(task, {}),
        }
        assert main(["train", *(part for name, value in options.items() for part in (f"--{name}", str(value)))]) == 0
        return Workspace(home / task)

    return train


SOURCES: dict[str, dict[str, str]] = {}


@pytest.mark.parametrize("name", TASKS)
class TestAKind:
    def run(self, workspace: Workspace) -> runs.Run:
        with workspace.read() as index:
            [run] = runs.listing(index)
        return run

    def test_what_the_model_says_is_the_same_in_explore_and_in_the_demo(
        self, trained: Callable[[str], Workspace], name: str
    ) -> None:
        workspace, task = trained(name), registry.load("tasks", name)
        run = self.run(workspace)
        predictor = Predictor.load(workspace.trained_run(run.id))
        rows = explore.page(workspace, View(name, (run.id,)), 1)
        assert len(rows) == 12
        for row in rows:
            [said] = row.said
            assert said is not None
            answer = predictor.answer(name, row.example.inputs)
            assert answer.prediction == said.prediction
            assert answer.confidence == (None if said.confidence is None else pytest.approx(said.confidence, abs=1e-4))
            opened = explore.detail(row, [run.title])
            drawn = blocks.html([*opened.passages, *opened.gold, *opened.answers[0].blocks])
            assert drawn
            assert blocks.html(demo.answer_blocks(task, row.example.inputs, answer))
            assert demo.caption(task, answer).endswith("ms")
            assert demo.agreement(task, [demo.Reply(run, answer)] * 2) == (True, "Both models agree.")

    def test_scores_come_from_what_is_stored(self, trained: Callable[[str], Workspace], name: str) -> None:
        workspace, task = trained(name), registry.load("tasks", name)
        run = self.run(workspace)
        with workspace.read() as index:
            vector = vectors.of_runs(index, [run.id], name)[run.id]
        scores = describe.document(workspace, run.id)["scores"][name]
        assert task.metric in vector.metrics
        assert vector.contributions.mean() == pytest.approx(scores[task.metric], abs=1e-6)
        for metric in map(metrics.load, task.metrics):
            assert metric.range[0] <= scores[metric.name] <= metric.range[1]

    def test_filters_orders_and_files_of_explore(self, trained: Callable[[str], Workspace], name: str) -> None:
        workspace = trained(name)
        run = self.run(workspace)
        view = View(name, (run.id,))
        counts = {one.name: one.count for one in explore.filters(workspace, view, [run])}
        assert counts["right"] + counts["wrong"] == counts["all"] == 12
        assert explore.labels(workspace, name, [run.id]) is not None
        assert explore.orders(workspace, name, several=False)
        table = list(csv.reader(StringIO(explore_files.to_csv(workspace, view, {run.id: "model"}))))
        assert len(table) == 13
        lines = explore_files.to_json_lines(workspace, view, {run.id: "model"}).splitlines()
        assert len({json.loads(line)["id"] for line in lines}) == 12

    def test_predict_on_the_command_line(
        self, trained: Callable[[str], Workspace], name: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        from mtl_core.kinds import kind_of

        workspace, task = trained(name), registry.load("tasks", name)
        run = self.run(workspace)
        given = zip(kind_of(task).command_inputs, task.tries[0], strict=False)
        texts = [part for option, text in given for part in (f"--{option}", text)]
        asked = ["predict", run.id, "--task", name, *texts, "--runs-dir", str(workspace.path)]
        assert main(asked) == 0
        assert capfd.readouterr().out.strip()
        assert main([*asked, "--json"]) == 0
        document = json.loads(capfd.readouterr().out)
        assert document["task"] == name
