from __future__ import annotations

from mtl_core.services import arms
from mtl_core.store import runs
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from tests import builders


def made(workspace: Workspace, *values: dict[str, object]) -> list[Run]:
    ids = [builders.run(workspace, dev=4, **one) for one in values]  # type: ignore[arg-type]
    with workspace.write() as index:
        return [runs.get(index, run_id) for run_id in ids]


def test_a_relation_says_what_a_task_was_trained_with(workspace: Workspace) -> None:
    alone, pair, single_pair = made(
        workspace,
        {"tasks": "sst2"},
        {"tasks": "sst2,mnli,squad"},
        {"tasks": "sst2,mnli", "sharing": "single"},
    )
    assert arms.relation(alone, "sst2") == "alone"
    assert arms.relation(pair, "mnli") == "with sst2 + squad"
    assert [arms.is_single_task(single_pair, task) for task in ("sst2", "mnli")] == [True, True]


def test_a_relation_alone_is_the_label_where_that_is_enough(workspace: Workspace) -> None:
    runs_ = made(workspace, {"tasks": "sst2"}, {"tasks": "mnli"}, {"tasks": "sst2,mnli"})
    found = arms.labels(runs_, ["sst2", "mnli"])
    assert [found.get((run.id, "sst2")) for run in runs_] == ["alone", None, "with mnli"]
    assert [found.get((run.id, "mnli")) for run in runs_] == [None, "alone", "with sst2"]


def test_labels_say_what_tells_runs_apart_and_no_more(workspace: Workspace) -> None:
    runs_ = made(
        workspace,
        {"tasks": "sst2", "seed": 1},
        {"tasks": "sst2", "seed": 2},
        {"tasks": "sst2,mnli", "schedule": "phases", "learning_rate": 1e-4},
        {"tasks": "sst2,mnli"},
    )
    found = arms.labels(runs_, ["sst2"])
    assert [found[run.id, "sst2"] for run in runs_] == [
        "alone · seed 1",
        "alone · seed 2",
        "with mnli · phases",
        "with mnli · proportional",
    ]


def test_other_settings_tell_apart_what_method_and_seed_do_not(workspace: Workspace) -> None:
    runs_ = made(workspace, {"learning_rate": 1e-4}, {"learning_rate": 5e-5}, {"train_limit": 4000})
    found = arms.labels(runs_, ["sst2"])
    assert [found[run.id, "sst2"] for run in runs_] == [
        "alone · train limit all · learning rate 1e-4",
        "alone · train limit all · learning rate 5e-5",
        "alone · train limit 4,000 · learning rate 5e-5",
    ]


def test_the_same_config_twice_is_told_apart_by_id(workspace: Workspace) -> None:
    first, second = made(workspace, {}, {})
    found = arms.labels([first, second], ["sst2"])
    assert found[first.id, "sst2"] == f"alone · {first.id}"
    assert found[second.id, "sst2"] == f"alone · {second.id}"
