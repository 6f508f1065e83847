"""Runs that someone chose as one group."""

from __future__ import annotations

import pytest

from mtl_core.errors import RunNotFound
from mtl_core.jobs import groups
from mtl_core.jobs.groups import GroupKind
from mtl_core.store.workspace import Workspace
from tests import builders


def test_chosen_runs_are_a_group_whatever_launch_they_are_of(workspace: Workspace) -> None:
    first, second, _ = (builders.run(workspace, seed=seed) for seed in (1, 2, 3))
    group = groups.get(workspace, GroupKind.RUNS, f"{second},gone2345,../up,{first}")
    assert [run.id for run in group.runs] == [first, second]
    assert (group.id, group.title, group.finished) == (f"{first},{second}", "sst2 alone · seeds 1, 2", 2)
    assert groups.find(workspace, f"{first},{second}") is None  # commands name launches and studies alone


def test_none_of_them_is_there(workspace: Workspace) -> None:
    with pytest.raises(RunNotFound, match="none of these runs"):
        groups.get(workspace, GroupKind.RUNS, "gone2345,")
