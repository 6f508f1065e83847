"""Which models can be asked, and what they say."""

from __future__ import annotations

import pytest

from mtl_core import registry
from mtl_core.display import blocks
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.records import Answered
from mtl_core.services import demo
from mtl_core.services.demo import Reply
from mtl_core.store.workspace import Workspace
from tests import builders, trained

SST2, MNLI = registry.load("tasks", "sst2"), registry.load("tasks", "mnli")


def said(prediction: str) -> Answered:
    return Answered(prediction, 0.9, {}, 0.9, 0.01, ())


def reply(prediction: str | None) -> Reply:
    return Reply(None, said(prediction) if prediction is not None else None)  # type: ignore[arg-type]


def usual(workspace: Workspace, task: str) -> list[str]:
    runs = demo.knowing(demo.models(workspace), task)
    return [run.id for run in demo.usual(workspace, runs, task)]


def test_an_empty_folder_has_no_models(workspace: Workspace) -> None:
    assert demo.models(workspace) == []
    assert not (workspace.path / "runs.db").exists()
    assert demo.tasks([]) == ()
    assert demo.usual(workspace, [], "sst2") == []


def test_only_finished_runs_can_be_asked(workspace: Workspace) -> None:
    for state in ("queued", "running", "failed", "lost"):
        builders.run(workspace, state=state)
    finished = builders.run(workspace, tasks="squad,sst2")
    runs = demo.models(workspace)
    assert [run.id for run in runs] == [finished]
    assert demo.tasks(runs) == ("sst2", "squad")
    assert demo.knowing(runs, "squad") == runs
    assert demo.knowing(runs, "mnli") == []


def test_one_begins_with_the_newest_model_and_its_counterpart(workspace: Workspace) -> None:
    alone = builders.run(workspace, tasks="sst2", dev=4)
    together = builders.run(workspace, tasks="sst2,mnli", dev=4)
    newest = builders.run(workspace, tasks="sst2,mnli", seed=2, dev=4)
    assert usual(workspace, "sst2") == [alone, together]  # of one seed
    assert usual(workspace, "mnli") == [newest]


def test_one_begins_with_one_seed_of_a_launch(workspace: Workspace) -> None:
    ids = [
        builders.run(workspace, tasks=tasks, seed=seed, dev=4, launch="all")
        for seed in (1, 2)
        for tasks in ("sst2", "sst2,mnli")
    ]
    assert usual(workspace, "sst2") == ids[2:]


def test_inputs_that_are_still_empty() -> None:
    assert demo.missing(SST2, [" \n"]) == ["Sentence"]
    assert demo.missing(MNLI, ["It rains.", ""]) == ["Hypothesis"]
    assert demo.missing(MNLI, ["It rains.", "It is wet."]) == []


def test_an_unknown_task_names_the_nearest() -> None:
    with pytest.raises(InvalidConfig, match=r"^tasks: no task called 'mnl'\. Did you mean 'mnli'\?$"):
        demo.task_named("mnl")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([], ""),
        (["positive"], ""),
        (["positive", None], ""),
        (["positive", "positive"], "Both models agree."),
        (["a", "a", "a"], "All 3 models agree."),
        (["positive", "negative", "positive"], "The models disagree: 2 × positive, 1 × negative."),
        (["Lisbon", ""], "The models disagree: 1 × Lisbon, 1 × no answer."),
    ],
)
def test_whether_they_agree(answers: list[str | None], words: str) -> None:
    assert demo.agreement(SST2, [reply(answer) for answer in answers]) == ("disagree" not in words, words)


def test_an_answer_is_marked_and_markup_stays_text() -> None:
    squad = registry.load("tasks", "squad")

    def marked(context: str, start: int, end: int) -> str:
        answer = Answered("", 0.5, {"start": start, "end": end}, 1.0, 0.1, ())
        return blocks.html(demo.answer_blocks(squad, ("Who?", context), answer))

    assert "&lt;b&gt;<mark class='said'>Anna</mark>&lt;/b&gt; &amp; Bo" in marked("<b>Anna</b> & Bo", 3, 7)
    for start, end in ((5, 5), (-1, 3), (0, 99)):
        assert ">&lt;i&gt;x<" in marked("<i>x", start, end)


def test_without_a_server_every_model_is_away(workspace: Workspace) -> None:
    builders.run(workspace)
    [one] = demo.ask(workspace, "sst2", ["fine"], demo.models(workspace))
    assert one.away
    assert one.faults == (Fault("", "the model server is starting. It answers in a few seconds."),)


def test_real_models_answer_beside_each_other() -> None:
    workspace = trained.workspace()
    with trained.serving(workspace):
        runs = demo.models(workspace)
        replies = demo.ask(workspace, "sst2", ["A warm film."], runs)
        assert [one.run for one in replies] == runs
        assert all(one.answer and one.answer.prediction in SST2.labels for one in replies)
        [together, alone] = demo.ask(workspace, "mnli", ["It rains.", "It is wet."], [runs[1], runs[0]])
        assert together.answer
        assert alone.faults == (Fault("task", "no task in this run called 'mnli'. Choose from sst2."),)
        assert not alone.away
        assert demo.ask(workspace, "sst2", ["x"], []) == []
