from __future__ import annotations

from pathlib import Path

import pytest

from mtl_core.errors import RunNotFound
from mtl_core.store import describe
from mtl_core.store.workspace import Workspace
from tests import builders


def test_a_finished_run_tells_scores_and_draws(workspace: Workspace) -> None:
    run_id = builders.run(workspace, tasks="sst2,mnli")
    said = describe.result(workspace, run_id)
    assert list(said) == ["id", "state", "scores", "draws", "examples_per_second", "seconds"]
    assert said["state"] == "finished"
    assert list(said["scores"]) == list(said["draws"]) == ["sst2", "mnli"]
    assert 0 < said["scores"]["sst2"]["accuracy"] <= 1
    assert (
        said["draws"]["mnli"]
        == said["draws"]["sst2"]
        == {
            "planned": 960,
            "actual": 960,
            "planned_steps": 30,
            "actual_steps": 30,
            "planned_tokens": 23040,
            "actual_tokens": 23040,
            "planned_epochs": 1.0,
            "actual_epochs": 1.0,
            "remark": "",
        }
    )


def test_a_run_that_waits_has_no_results_yet(workspace: Workspace) -> None:
    run_id = builders.run(workspace, state="queued", seed=3)
    said = describe.document(workspace, run_id)
    assert (said["state"], said["scores"], said["draws"], said["step"]) == ("queued", {}, {}, 0)
    assert said["config"]["seed"] == 3
    assert said["generated"] is True


def test_asking_makes_nothing(tmp_path: Path) -> None:
    missing = Workspace(tmp_path / "runs")
    with pytest.raises(RunNotFound) as caught:
        describe.document(missing, "abcdefgh")
    assert str(caught.value) == "there is no run 'abcdefgh'. `python -m mtl_core runs` lists them."
    assert describe.listing(missing) == []
    assert not missing.path.exists()


def test_the_newest_runs_come_first(workspace: Workspace) -> None:
    ids = [builders.run(workspace, state="stopped", seed=seed) for seed in (1, 2, 3)]
    assert [run["id"] for run in describe.listing(workspace, limit=2)] == [ids[2], ids[1]]
