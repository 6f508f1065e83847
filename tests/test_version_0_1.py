"""What version 0.1 has stored opens, compares, answers and goes on, with the same numbers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from mtl_core.engine import parents
from mtl_core.engine.events import Finished, StepDone, Tested
from mtl_core.engine.loop import train
from mtl_core.inference.predictor import Predictor
from mtl_core.kinds import kind_of
from mtl_core.registry import load
from mtl_core.services import explore
from mtl_core.store import clusters, describe, reindex, runs, studies, vectors
from mtl_core.store.workspace import Workspace
from mtl_core.studies import describe as describe_study
from mtl_core.studies import export
from tests.fixtures import version_0_1
from tests.fixtures.version_0_1 import FACTS

ROLES = FACTS["roles"]
MENDED = 0.05
"""By so much, as a share, two figures of a stored study differ: they allow for skewed gains and few examples now."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return version_0_1.unpack(tmp_path_factory.mktemp("old"))


def test_every_run_is_there_in_its_state_with_its_scores(workspace: Workspace) -> None:
    listed = {run["id"]: run for run in describe.listing(workspace)}
    assert {run: one["state"] for run, one in listed.items()} == FACTS["states"]
    for role, scores in FACTS["scores"].items():
        assert listed[ROLES[role]]["scores"] == scores


def test_limits_took_the_first_examples_and_arms_are_the_same(workspace: Workspace) -> None:
    with workspace.read() as index:
        old = runs.listing(index)
    assert {(run.config.limit_by, run.config.data_rules) for run in old} == {("first", 1)}
    assert any(run.config.limited for run in old)
    assert [run.config.arm for run in old] == [run.arm for run in old]
    study = studies.get(workspace, FACTS["study"])
    assert {arm.config.arm for arm in study.config.arms} <= {run.arm for run in old}


def test_clusters_of_what_had_none_are_the_texts_that_examples_share(workspace: Workspace) -> None:
    with workspace.read() as index:
        of_role = {
            role: clusters.of_examples(index, ROLES[role], task)
            for role, task in (("pointer", "squad"), ("three-1", "mnli"), ("sst2-1", "sst2"))
        }
        scores = vectors.of_runs(index, [ROLES["pointer"]], "squad")[ROLES["pointer"]].scores
    assert {role: [level.name for level in levels] for role, levels in of_role.items()} == {
        "pointer": ["paragraph"],
        "three-1": [],
        "sst2-1": [],
    }
    [paragraphs] = of_role["pointer"]
    assert (paragraphs.count, paragraphs.codes.shape) == (5, scores.shape)


def test_an_index_made_anew_from_the_folders_says_the_same(tmp_path: Path) -> None:
    workspace = version_0_1.unpack(tmp_path)
    workspace.index_file.unlink()
    done = reindex.reindex(workspace, "here")
    assert (done.runs, done.unreadable) == (len(FACTS["states"]), {})
    with workspace.read() as index:
        states = {run.id: run.state for run in runs.listing(index)}
    live = {"queued", "running"}
    assert states == {run: state for run, state in FACTS["states"].items() if state not in live}
    for role, scores in FACTS["scores"].items():
        assert describe.result(workspace, ROLES[role])["scores"] == scores


def test_the_study_is_judged_alike(workspace: Workspace) -> None:
    study = studies.get(workspace, FACTS["study"])
    [ours] = describe_study.document(workspace, study)["comparisons"]
    [theirs] = FACTS["comparisons"]
    verdict, before = ours.pop("verdict"), theirs.pop("verdict")
    assert {name: ours[name] for name in theirs} == theirs
    for name, value in before.items():
        close = MENDED if name in ("p_equivalent", "detectable") else None
        assert verdict[name] == (pytest.approx(value, rel=close) if isinstance(value, float) else value)
    for line, old in zip(_rows(export.csv(workspace, study)), _rows(FACTS["csv"]), strict=True):
        for name, text in old.items():
            mended = name in ("p: equal", "detectable (points)")
            assert line[name] == text or (mended and float(line[name]) == pytest.approx(float(text), rel=MENDED)), name


def _rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table)))


@pytest.mark.parametrize("role", sorted(FACTS["predict"]))
def test_models_answer_alike(workspace: Workspace, role: str) -> None:
    predictor = Predictor.load(workspace.trained_run(ROLES[role]))
    for task, before in FACTS["predict"][role].items():
        given = dict(option.removeprefix("--").split("=", 1) for option in FACTS["texts"][task])
        kind = kind_of(load("tasks", task))
        answer = predictor.answer(task, tuple(given[name] for name in kind.command_inputs if name in given))
        document = {**kind.document(answer), "confidence": answer.confidence}
        for name, value in document.items():
            assert value == (
                pytest.approx(before[name], abs=1e-5) if isinstance(value, (float, dict)) else before[name]
            )


def test_its_predictions_can_be_explored(workspace: Workspace) -> None:
    by_task = explore.runs_by_task(workspace)
    assert set(by_task) == {"sst2", "mnli", "squad"}
    for task, known in by_task.items():
        view = explore.View(task, tuple(run.id for run in explore.usual(workspace, known, task)))
        row = explore.page(workspace, view, 1)[0]
        assert explore.detail(row, list(view.runs)).answers


def test_a_stopped_run_goes_on_to_the_same_end(tmp_path: Path) -> None:
    workspace = version_0_1.unpack(tmp_path)
    run = workspace.trained_run(ROLES["stopped"])
    events = [*train(run.config, run.checkpoints, cache=workspace.cache, find_run=parents.none)]
    assert isinstance(events[-1], Finished)
    assert events[-1].state == "finished"
    tested = {event.task: event.scores for event in events if isinstance(event, Tested)}
    assert tested == FACTS["resumed"]["scores"]
    last = [event.step for event in events if isinstance(event, StepDone)][-1]
    [[number, task, loss, rate, norm, examples, tokens]] = FACTS["resumed"]["last_step"]
    assert (last.step, last.task, last.examples, last.tokens) == (number, task, examples, tokens)
    assert (last.loss, last.learning_rate, last.gradient_norm) == pytest.approx((loss, rate, norm), rel=1e-3)
