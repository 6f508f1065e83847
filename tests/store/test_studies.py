from __future__ import annotations

import json
import threading

import pytest

from mtl_core.config import run as configs
from mtl_core.config.study import Arm, StudyConfig
from mtl_core.disk import lock
from mtl_core.errors import StoreError, StudyNotFound
from mtl_core.store import studies
from mtl_core.store.workspace import Workspace, is_run_id

CONFIG = StudyConfig(name="Does it?", arms=(Arm(name="sst2 alone", config=configs.parse({"tasks": "sst2"})),))


def test_a_study_comes_back_as_it_was_kept(workspace: Workspace) -> None:
    study = studies.add(workspace, CONFIG)
    with studies.changing(workspace, study.id) as changes:
        changes.keep(runs={"sst2 alone": {1: "aaaa2222"}})
    found = studies.get(workspace, study.id)
    assert (found.config, found.runs) == (CONFIG, {"sst2 alone": {1: "aaaa2222"}})
    assert found.run_ids() == ["aaaa2222"]
    assert studies.listing(workspace) == ([found], {})


def test_looking_at_a_study_writes_nothing(workspace: Workspace) -> None:
    study = studies.add(workspace, CONFIG)
    file = workspace.studies / f"{study.id}.json"
    before = file.stat().st_mtime_ns
    with studies.changing(workspace, study.id):
        pass
    assert file.stat().st_mtime_ns == before


def test_two_processes_change_a_study_one_after_the_other(workspace: Workspace) -> None:
    study = studies.add(workspace, CONFIG)

    def add(seed: int) -> None:
        for place_of in range(20):
            with studies.changing(workspace, study.id) as changes:
                runs = {arm: dict(seeds) for arm, seeds in changes.study.runs.items()}
                runs.setdefault("sst2 alone", {})[seed * 100 + place_of] = "x"
                changes.keep(runs=runs)

    threads = [threading.Thread(target=add, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(studies.get(workspace, study.id).runs["sst2 alone"]) == 40


def test_a_study_that_another_holds_for_too_long(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    study = studies.add(workspace, CONFIG)
    monkeypatch.setattr(studies, "PATIENCE", 0.2)
    held = lock.take(workspace.studies / f"{study.id}.lock")
    assert held is not None
    words = f"the study '{study.id}' is being changed by another process. Try again in a moment."
    with pytest.raises(StoreError, match=words), studies.changing(workspace, study.id):
        pass


def test_deleting_is_undone_by_restoring(workspace: Workspace) -> None:
    study = studies.add(workspace, CONFIG)
    gone = studies.delete(workspace, study.id)
    words = f"there is no study '{study.id}'. `python -m mtl_core study --list` lists them."
    with pytest.raises(StudyNotFound, match=words):
        studies.get(workspace, study.id)
    studies.restore(workspace, gone)
    assert studies.get(workspace, study.id) == study


@pytest.mark.parametrize("name", ["../x", "", "a/b"])
def test_what_can_be_no_study_s_id_is_none(workspace: Workspace, name: str) -> None:
    with pytest.raises(StudyNotFound):
        studies.get(workspace, name)


def test_files_that_can_t_be_read_are_told_and_left(workspace: Workspace) -> None:
    study = studies.add(workspace, CONFIG)
    folder = workspace.studies
    (folder / "torn.json").write_text("{", "utf-8")
    document = json.loads((folder / f"{study.id}.json").read_text("utf-8"))
    document["config"]["margin"] = -1
    (folder / "other.json").write_text(json.dumps(document), "utf-8")
    found, unreadable = studies.listing(workspace)
    assert [one.id for one in found] == [study.id]
    assert unreadable["torn.json"].startswith("torn.json can't be read: ")
    assert unreadable["other.json"].startswith("other.json is not a study of this version: margin: ")


def test_the_folder_of_studies_is_no_run(workspace: Workspace) -> None:
    studies.add(workspace, CONFIG)
    assert workspace.runs() == []
    assert not is_run_id("studies")
