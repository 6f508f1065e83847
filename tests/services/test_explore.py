from __future__ import annotations

import pytest

from mtl_core.kinds._blocks import Bars, Marked
from mtl_core.services import explore
from mtl_core.store.explore import View
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from tests import builders


def pair(workspace: Workspace) -> list[Run]:
    """A run that is always right alone, and a pair that never is; alone first."""
    builders.run(workspace, tasks="sst2", accuracy=1.0, launch="pair")
    builders.run(workspace, tasks="sst2,mnli", accuracy=0.0, launch="pair")
    return explore.usual(workspace, explore.runs_by_task(workspace)["sst2"], "sst2")


def view(runs: list[Run], task: str = "sst2") -> View:
    return View(task, tuple(run.id for run in runs))


def test_asking_makes_no_store(workspace: Workspace) -> None:
    assert explore.runs_by_task(workspace) == {}
    assert list(workspace.path.iterdir()) == []


def test_only_finished_runs_have_predictions(workspace: Workspace) -> None:
    builders.run(workspace, state="running")
    finished = builders.run(workspace, tasks="sst2,mnli", dev=4)
    found = explore.runs_by_task(workspace)
    assert {task: [run.id for run in runs] for task, runs in found.items()} == {"sst2": [finished], "mnli": [finished]}


def test_the_usual_pair_is_the_newest_multitask_run_beside_the_single_one_of_its_launch(workspace: Workspace) -> None:
    alone = builders.run(workspace, tasks="sst2", launch="pair", dev=4)
    together = builders.run(workspace, tasks="sst2,mnli", launch="pair", dev=4)
    builders.run(workspace, tasks="sst2", launch="later", dev=4)
    runs = explore.runs_by_task(workspace)
    assert [run.id for run in explore.usual(workspace, runs["sst2"], "sst2")] == [alone, together]
    assert [run.id for run in explore.usual(workspace, runs["mnli"], "mnli")] == [together]


def test_the_baseline_is_first(workspace: Workspace) -> None:
    alone, together = pair(workspace)
    assert explore.ordered([together, alone], "sst2") == [alone, together]
    assert explore.ordered([alone, together], "sst2", together.id) == [together, alone]


def test_filters_speak_of_multitask_where_alone_is_the_baseline(workspace: Workspace) -> None:
    runs = pair(workspace)
    found = explore.filters(workspace, view(runs), runs)
    assert [(one.words, one.count) for one in found] == [
        ("all", 40),
        ("fixed by multitask", 0),
        ("broken by multitask", 40),
        ("both wrong", 0),
        ("disagree", 40),
        ("both right", 0),
    ]
    assert found[1].meaning == "“alone” is wrong and the other model is right."


def test_filters_for_one_and_for_three_models(workspace: Workspace) -> None:
    runs = pair(workspace)
    assert [one.words for one in explore.filters(workspace, view(runs[:1]), runs[:1])] == [
        "all",
        "right",
        "wrong",
    ]
    builders.run(workspace, tasks="sst2", seed=2, dev=10)
    three = [*runs, explore.runs_by_task(workspace)["sst2"][0]]
    found = explore.filters(workspace, view(three), three)
    assert [one.words for one in found][1:] == [
        "fixed by the others",
        "broken by the others",
        "all wrong",
        "disagree",
        "all right",
        "not predicted by all",
    ]
    assert found[-1].count == 30


def test_a_page_has_every_models_answer_in_the_views_order(workspace: Workspace) -> None:
    runs = pair(workspace)
    builders.run(workspace, tasks="sst2", seed=2, dev=10)
    three = [*runs, explore.runs_by_task(workspace)["sst2"][0]]
    rows = explore.page(workspace, view(three), 2)
    assert [row.example.position for row in rows] == list(range(20, 40))
    assert [said.correct if said else None for said in rows[0].said] == [True, False, None]


def test_an_opened_example_has_all_probabilities(workspace: Workspace) -> None:
    runs = pair(workspace)
    row = explore.opened(workspace, view(runs), "sst2-0003")
    assert row is not None
    assert row.said[0] is not None
    [bars] = explore.detail(row, ["alone", "together"]).answers[0].blocks
    assert isinstance(bars, Bars)
    assert {bar.label for bar in bars.bars} == {"negative", "positive"}
    assert explore.demo_link(row, [run.id for run in runs]) == {
        "task": "sst2",
        "runs": f"{runs[0].id},{runs[1].id}",
        "text": row.example.inputs[0],
    }
    assert explore.opened(workspace, view(runs), "../etc") is None


def test_equal_answers_share_one_marked_context(workspace: Workspace) -> None:
    builders.run(workspace, tasks="squad", accuracy=1.0)
    builders.run(workspace, tasks="squad,mnli", accuracy=1.0)
    builders.run(workspace, tasks="squad,sst2", accuracy=0.0)
    runs = explore.runs_by_task(workspace)["squad"]
    row = explore.opened(workspace, view(runs, "squad"), "squad-0003")
    assert row is not None
    assert explore.quiet_inputs(row) == {1}
    answers = explore.detail(row, ["wrong", "right", "right too"]).answers
    assert [[name for name, _ in one.models] for one in answers] == [["wrong"], ["right", "right too"]]
    [marked] = answers[1].blocks
    assert isinstance(marked, Marked)
    both = [piece.text for piece in marked.pieces if piece.gold and piece.predicted]
    assert both == [row.example.label]
    link = explore.demo_link(row, [runs[0].id])
    assert (link["text"], link["text2"]) == row.example.inputs


@pytest.mark.parametrize(
    ("value", "choice"), [("", (None, None)), ("positive@", ("positive", None)), ("a@b@run", ("a@b", "run"))]
)
def test_a_predicted_label_and_by_whom(value: str, choice: tuple[str | None, str | None]) -> None:
    assert explore.predicted_choice(value) == choice


def test_predicted_labels_to_choose_from() -> None:
    assert explore.predicted_options(["yes"], {"r1": "alone"}) == {"": "any", "yes@": "yes"}
    assert explore.predicted_options(["yes"], {"r1": "alone", "r2": "with mnli"}) == {
        "": "any",
        "yes@": "yes · any model",
        "yes@r1": "yes · alone",
        "yes@r2": "yes · with mnli",
    }


def test_labels_come_in_the_tasks_order(workspace: Workspace) -> None:
    run_id = builders.run(workspace, tasks="mnli,squad", dev=12)
    assert explore.labels(workspace, "mnli", [run_id]) == ["entailment", "neutral", "contradiction"]
    assert explore.labels(workspace, "squad", [run_id]) == []


def test_a_filter_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no filter 'evil'"):
        explore.showing(View("sst2", ()), "evil")


@pytest.mark.parametrize(
    ("asked", "number"), [("2", 2), ("9", 3), ("0", 1), ("-1", 1), ("two", 1), ("²", 1), ("", 1), ("9" * 30, 1)]
)
def test_a_links_page_is_one_that_there_is(asked: str, number: int) -> None:
    assert explore.page_number(asked, 3) == number


def test_a_task_learned_alone_and_together_comes_first(workspace: Workspace) -> None:
    builders.run(workspace, tasks="sst2", dev=4)
    builders.run(workspace, tasks="sst2,mnli", dev=4)
    builders.run(workspace, tasks="squad", dev=4)
    assert next(iter(explore.runs_by_task(workspace))) == "sst2"
