from __future__ import annotations

import pytest

from mtl_core.records import Draw
from mtl_core.store import runs
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.studies.confounds import TaskRun, confounds
from tests import builders


def made(workspace: Workspace, **values: object) -> Run:
    run_id = builders.run(workspace, dev=4, **values)  # type: ignore[arg-type]
    with workspace.write() as index:
        return runs.get(index, run_id)


def test_tasks_and_methods_are_the_question_not_a_confound(workspace: Workspace) -> None:
    pair = made(workspace, tasks="sst2,mnli", schedule="phases", name="mine")
    assert confounds(TaskRun(pair), TaskRun(made(workspace))) == ()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("seed", 2, "seed 2 against 1"),
        ("encoder", "bert-base-uncased", "encoder bert-base-uncased against MiniLM-L6 (built in)"),
        ("precision", "bf16", "precision bf16 against fp32"),
        ("train_limit", 4000, "train limit 4,000 against all"),
        ("eval_limit", 100, "eval limit 100 against all"),
        ("learning_rate", 1e-4, "learning rate 1e-4 against 5e-5"),
    ],
)
def test_every_other_setting_is_one(workspace: Workspace, field: str, value: object, words: str) -> None:
    pair = made(workspace, tasks="sst2,mnli", **{field: value})
    assert confounds(TaskRun(pair), TaskRun(made(workspace))) == (words,)


def test_how_a_limit_draws_is_one(workspace: Workspace) -> None:
    def both(**values: object) -> tuple[str, ...]:
        pair = made(workspace, tasks="sst2,mnli", **values)
        return confounds(TaskRun(pair), TaskRun(made(workspace, **{**values, "limit_by": "first"})))

    assert both(train_limit=400) == both(eval_limit=40) == ("limit by hash against first",)
    assert both() == ()  # where nothing is limited it says nothing


def test_other_data_is_one_even_under_equal_settings(workspace: Workspace) -> None:
    pair, alone = made(workspace, tasks="sst2,mnli"), made(workspace)
    ours, theirs = ({"fingerprint": name} for name in ("aaaa", "bbbb"))
    assert confounds(TaskRun(pair, 40, ours), TaskRun(alone, 40, theirs)) == (
        "other examples (data fingerprint aaaa against bbbb)",
    )
    assert confounds(TaskRun(pair, 40, ours), TaskRun(alone, 40, ours)) == ()
    assert confounds(TaskRun(pair, 1500), TaskRun(alone, 40)) == ("scored on 1,500 against 40 dev examples",)


def test_another_amount_of_training_is_one(workspace: Workspace) -> None:
    pair, alone = made(workspace, tasks="sst2,mnli"), made(workspace)

    def side(run: Run, drawn: int) -> TaskRun:
        return TaskRun(run, draw=Draw("sst2", 60, 2000, 60, drawn))

    assert confounds(side(pair, 1000), side(alone, 2000)) == ("trained on 1,000 against 2,000 examples of sst2",)
    assert confounds(side(pair, 1990), side(alone, 2000)) == ()


def test_a_dev_set_says_what_its_examples_are_in(workspace: Workspace) -> None:
    alone = made(workspace)
    data = {"dev": 2000, "clusters": {"train": {"article": 12}, "dev": {"article": 48, "paragraph": 1204}}}
    side = TaskRun(alone, 2000, data)
    assert side.dev_set == "2,000 dev examples in 48 articles and 1,204 paragraphs"
    assert TaskRun(alone, 40).dev_set == "40 dev examples"
