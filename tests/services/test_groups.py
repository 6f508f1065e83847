from __future__ import annotations

from typing import Any

import pytest

from mtl_core.records import RunState
from mtl_core.services import compare
from mtl_core.services.compare import groups
from mtl_core.services.compare.groups import Grouped
from mtl_core.store import runs as rows
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from tests import builders


def made(workspace: Workspace, *configs: dict[str, Any]) -> list[Run]:
    ids = [builders.run(workspace, **{"dev": 4, **config}) for config in configs]
    by_id = {run.id: run for run in compare.choices(workspace)}
    return [by_id[run_id] for run_id in ids]


def shape(found: Grouped) -> list[tuple[str, str, int]]:
    return [(group.task, group.label, len(group.runs)) for group in found.groups]


PAIR = [{"tasks": tasks, "seed": seed} for seed in (1, 2) for tasks in ("sst2", "sst2,mnli")]


def test_an_arm_is_all_seeds_of_one_config(workspace: Workspace) -> None:
    found = groups.grouped(workspace, made(workspace, *PAIR))
    assert shape(found) == [("sst2", "alone", 2), ("sst2", "with mnli", 2), ("mnli", "with sst2", 2)]
    assert [group.count for group in found.groups] == ["2 seeds"] * 3
    assert found.several


def test_each_run_by_itself(workspace: Workspace) -> None:
    found = groups.grouped(workspace, made(workspace, *PAIR), groups.EACH)
    assert shape(found)[:3] == [
        ("sst2", "alone · seed 1", 1),
        ("sst2", "alone · seed 2", 1),
        ("sst2", "with mnli · seed 1", 1),
    ]
    assert not found.several


def test_arms_are_told_apart_by_settings_never_by_seeds(workspace: Workspace) -> None:
    rates = [{"tasks": "sst2,mnli", "seed": seed, "learning_rate": rate} for seed, rate in ((1, 5e-5), (2, 1e-4))]
    found = groups.grouped(workspace, made(workspace, *rates))
    assert [group.label for group in found.groups[:2]] == [
        "with mnli · learning rate 5e-5",
        "with mnli · learning rate 1e-4",
    ]


def test_a_setting_groups_what_has_the_same_value_and_keeps_single_task_runs_apart(workspace: Workspace) -> None:
    schedules = [
        {"tasks": "sst2,mnli", "seed": seed, "schedule": schedule}
        for schedule in ("round_robin", "proportional")
        for seed in (1, 2)
    ]
    runs = made(workspace, {"tasks": "sst2"}, *schedules, {"tasks": "sst2,squad", "schedule": "round_robin"})
    found = groups.grouped(workspace, runs, "schedule")
    assert shape(found)[:3] == [("sst2", "alone", 1), ("sst2", "round_robin", 3), ("sst2", "proportional", 2)]
    assert [group.count for group in found.groups[:3]] == ["1 seed", "3 runs", "2 seeds"]


def test_runs_on_other_data_share_no_group(workspace: Workspace) -> None:
    folder = {"source": "folder", "data": str(workspace)}
    runs = made(workspace, {"tasks": "sst2,mnli"}, {"tasks": "sst2,mnli", "batch_size": 16, **folder})
    labels = [group.label for group in groups.grouped(workspace, runs, "precision").groups]
    assert labels[:2] == ["fp32 · sample", "fp32 · folder"]


def test_what_can_be_grouped_by_methods_first(workspace: Workspace) -> None:
    rated = {"tasks": "sst2,mnli", "learning_rate": 1e-4, "schedule": "annealed", "schedule_settings": {"power": 0.5}}
    runs = made(workspace, {"tasks": "sst2,mnli", "seed": 2}, rated)
    assert groups.choices(runs) == {
        "arm": "condition: all seeds of one config",
        "schedule": "schedule",
        "schedule_settings.power": "power (schedule)",
        "learning_rate": "learning rate",
        "each": "each run on its own",
    }
    assert "each" not in groups.choices(runs * groups.SEPARATE)


def test_a_seed_that_was_run_twice_counts_once_the_finished_one(workspace: Workspace) -> None:
    runs = made(workspace, {"seed": 1}, {"seed": 1, "state": "failed"}, {"seed": 2})
    found = groups.grouped(workspace, runs)
    assert [run.id for run in found.groups[0].runs] == [runs[0].id, runs[2].id]
    assert [run.id for run in found.repeated] == [runs[1].id]
    assert groups.grouped(workspace, runs, groups.EACH).repeated == ()


def test_seeds_that_go_on_from_seeds_of_one_arm_are_one_arm(workspace: Workspace) -> None:
    first = made(workspace, {"tasks": "mnli", "seed": 1}, {"tasks": "mnli", "seed": 2}, {"tasks": "squad", "seed": 1})
    then = [{"tasks": "sst2", "seed": seed, "start_from": first[place].id} for place, seed in ((0, 1), (1, 2), (2, 1))]
    found = groups.grouped(workspace, made(workspace, *then))
    assert shape(found) == [
        ("sst2", "alone · start from mnli · single", 2),
        ("sst2", "alone · start from squad · single", 1),
    ]


def test_other_seeds_of_the_chosen_arms(workspace: Workspace) -> None:
    runs = made(workspace, {"seed": 1}, {"seed": 3}, {"seed": 2}, {"seed": 2, "state": "failed"}, {"tasks": "mnli"})
    assert groups.siblings(runs[:1], compare.choices(workspace)) == [runs[2], runs[1]]
    assert groups.siblings(runs, compare.choices(workspace)) == []


def test_runs_that_never_ran_are_not_offered(workspace: Workspace) -> None:
    (first,) = made(workspace, {"seed": 1})
    left, failed = builders.run(workspace, seed=2, state="queued"), builders.run(workspace, seed=3, state="failed")
    with workspace.write() as index:
        rows.change_state(index, left, RunState.QUEUED, RunState.STOPPED)  # it left the queue
        rows.update(index, failed, step=0)  # its data could not be read
    begun = compare.choices(workspace)
    assert [run.id for run in begun] == [failed, first.id]
    assert groups.siblings([first], begun) == []


@pytest.mark.parametrize("by", [groups.ARM, groups.EACH, "sharing"])
def test_nothing_is_no_group(workspace: Workspace, by: str) -> None:
    assert groups.grouped(workspace, [], by).groups == ()
