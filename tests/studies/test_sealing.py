"""A study's plan is sealed before its first run, and what comes after is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mtl_core.config.automation import Auto, Tune, Tuned
from mtl_core.config.study import with_auto
from mtl_core.jobs import sealing
from mtl_core.jobs.studies import more_seeds
from mtl_core.store import seal, studies
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import describe, seal_words
from tests.studies import building
from tests.studies.sealed import changed, sealed_study

SCORES = building.drawn({"sst2 alone": 0.7, "sst2 + mnli": 0.8}, dev=60)


@pytest.fixture
def study(workspace: Workspace) -> Study:
    return sealed_study(workspace, building.pair_config((1, 2)), SCORES)


def entries(study: Study) -> list[dict]:
    assert study.seal is not None
    return list(study.seal.entries)


def test_the_seal_is_the_hash_of_the_whole_plan(study: Study, workspace: Workspace) -> None:
    assert study.seal is not None
    plan = study.seal.plan
    assert plan["config"] == study.config.model_dump(mode="json")
    assert study.seal.hash == seal.digest(plan) == seal.digest(json.loads(json.dumps(plan)))
    assert studies.get(workspace, study.id) == study
    assert seal_words.sealed_text(study) == (
        f"Plan sealed {study.seal.time[:10]} {study.seal.time[11:16]} UTC ({study.seal.hash[:8]})"
    )
    files = plan["data"]["sst2 · sample"]["files"]
    assert set(files) == {"SST-2/train.tsv.xz", "SST-2/dev.tsv.xz"}
    assert all(len(one["sha256"]) == 64 and one["bytes"] > 1000 for one in files.values())


def test_every_finished_run_is_noted_once_with_its_scores(study: Study, workspace: Workspace) -> None:
    noted = entries(study)
    assert [(one["kind"], one["arm"], one["seed"]) for one in noted] == [
        ("run", arm, seed) for seed in (1, 2) for arm in ("sst2 alone", "sst2 + mnli")
    ]
    assert study.seal is not None
    assert [one["previous"] for one in noted] == [study.seal.hash, *map(seal.digest, noted[:-1])]
    assert {*noted[1]["scores"]} == {"sst2", "mnli"}
    assert not any(one["earlier"] for one in noted)
    assert sealing.note(workspace, study.id) == study
    assert seal_words.changed(study) == []


def test_changes_are_listed_and_words_are_not_counted(study: Study, workspace: Workspace) -> None:
    study = changed(workspace, study, notes="it went well", tags=("x",))
    assert seal_words.changed(study) == []
    study = changed(workspace, study, margin=1.0)
    arms = (study.config.arms[0].model_copy(update={"name": "other"}), study.config.arms[1])
    study = changed(workspace, study, arms=arms, comparisons=(), alpha=0.1)
    told = [words.rpartition(" on ")[0] for words in seal_words.changed(study)]
    assert told == [
        "margin 0.5 → 1",
        "comparison of 'sst2 + mnli' with 'sst2 alone' on sst2 removed",
        "alpha 0.05 → 0.1",
        "condition 'sst2 alone' removed",
        "condition 'other' added",
    ]
    assert describe.document(workspace, study)["plan"]["changed"] == seal_words.changed(study)


def test_a_setting_of_an_arm_is_told_by_name(study: Study, workspace: Workspace) -> None:
    first, second = study.config.arms
    config = second.config.model_copy(update={"learning_rate": 1e-4})
    study = changed(workspace, study, arms=(first, second.model_copy(update={"config": config})))
    [told] = seal_words.changed(study)
    assert told.startswith("condition 'sst2 + mnli': learning rate ")
    assert " → 1e-4 on " in told


def test_seeds_up_to_the_last_look_are_part_of_the_plan(workspace: Workspace) -> None:
    config = building.pair_config((1, 2)).model_copy(update={"looks": (2, 4)})
    study = sealed_study(workspace, config, SCORES)
    study = changed(workspace, study, seeds=(1, 2, 3, 4))
    assert entries(study)[-1]["planned"]
    assert seal_words.changed(study) == []
    study = changed(workspace, study, **dict(more_seeds(study.config, 1)))
    assert [words.rpartition(" on ")[0] for words in seal_words.changed(study)] == ["seeds 1, 2, 3, 4 → 1, 2, 3, 4, 5"]


def test_seeds_beyond_a_study_without_looks_are_a_change_and_its_plan_is_none(
    study: Study, workspace: Workspace
) -> None:
    study = changed(workspace, study, **dict(more_seeds(study.config, 1)))
    assert study.config.looks == (2,)
    [told] = seal_words.changed(study)
    assert told.startswith("seeds 1, 2 → 1, 2, 3 on ")
    fewer = changed(workspace, study, seeds=(1, 3))
    assert len(seal_words.changed(fewer)) == 2


def test_auto_that_comes_later_is_a_change_and_its_seeds_are_not(study: Study, workspace: Workspace) -> None:
    study = changed(workspace, study, **dict(with_auto(study.config, Auto(most_seeds=4))))
    told = [words.rpartition(" on ")[0] for words in seal_words.changed(study)]
    assert told == ["planned looks 2 → 2, 3, 4", "Auto none → most seeds 4"]
    arms = [arm.model_copy(update={"seeds": (1, 2)}) for arm in study.config.arms]
    study = changed(workspace, study, seeds=(1, 2, 3), arms=(arms[0], study.config.arms[1]))
    assert len(seal_words.changed(study)) == 2


def test_what_tuning_chooses_was_planned(workspace: Workspace) -> None:
    config = building.pair_config((1, 2))
    tuning = config.model_copy(update={"tune": Tune(trials=2)})
    study = sealed_study(workspace, tuning, SCORES)
    first, second = config.arms
    tuned = Tuned(trials=2, trial=2, values={"learning_rate": 1e-4}, base={"learning_rate": first.config.learning_rate})
    chosen = first.model_copy(
        update={"config": first.config.model_copy(update={"learning_rate": 1e-4}), "tuned": tuned}
    )
    compared = tuple(one.model_copy(update={"tuned": 2}) for one in config.comparisons)
    study = changed(workspace, study, arms=(chosen, second), comparisons=compared)
    assert [one["planned"] for one in entries(study)[-2:]] == [True, True]
    assert seal_words.changed(study) == []
    sly = chosen.model_copy(update={"config": chosen.config.model_copy(update={"epochs": 9.0})})
    assert len(seal_words.changed(changed(workspace, study, arms=(sly, second)))) == 1


def test_a_file_edited_by_hand_is_told(study: Study, workspace: Workspace) -> None:
    path = workspace.studies / f"{study.id}.json"
    document = json.loads(path.read_text("utf-8"))
    document["config"]["margin"] = 2
    path.write_text(json.dumps(document), "utf-8")
    assert seal_words.changed(studies.get(workspace, study.id)) == ["margin 0.5 → 2 in the study's file, by hand"]


def test_a_seed_that_is_trained_again_is_told(study: Study, workspace: Workspace) -> None:
    made = building.study_with_runs(workspace, study.config, SCORES)
    runs = {**study.runs, "sst2 alone": {**study.runs["sst2 alone"], 2: made.runs["sst2 alone"][2]}}
    with studies.changing(workspace, study.id) as changes:
        changes.keep(runs=runs)
    [told] = seal_words.changed(sealing.note(workspace, study.id))
    assert told.startswith("seed 2 of 'sst2 alone' trained 2 times (")


def test_runs_that_are_older_than_the_plan_are_told(workspace: Workspace) -> None:
    study = building.study_with_runs(workspace, building.pair_config((1, 2)), SCORES)
    studies.restore(workspace, replace(study, runs={}))
    sealing.seal(workspace, study.id)
    with studies.changing(workspace, study.id) as changes:
        changes.keep(runs=study.runs)
    assert seal_words.earlier_runs(entries(sealing.note(workspace, study.id))) == (
        "4 runs trained before the plan was sealed, and taken over, so that the scores could have been known: "
        "'sst2 alone' seed 1, 2; 'sst2 + mnli' seed 1, 2."
    )


def test_a_study_of_an_earlier_version_stays_without_a_seal(workspace: Workspace) -> None:
    study = building.pair(workspace, seeds=(1, 2))
    assert sealing.seal(workspace, study.id).seal is None
    assert sealing.note(workspace, study.id).seal is None
    assert seal_words.sealed_text(study) == "Plan not sealed: the study was started by an earlier version."
    fresh = studies.add(workspace, study.config)
    assert seal_words.sealed_text(fresh) == "The plan is sealed when the study starts."
    assert seal_words.changed(fresh) == []


def test_other_data_than_when_the_plan_was_sealed_are_told(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for task, names in (("SST-2", ("train.tsv", "dev.tsv")), ("MNLI", ("train.tsv",))):
        (folder / task).mkdir(parents=True)
        for name in names:
            (folder / task / name).write_text("sentence\tlabel\nfine\t1\n")
    study = studies.add(workspace, building.pair_config((1, 2), source="folder", data=str(folder)))
    plan = sealing.seal(workspace, study.id).seal
    assert plan is not None
    assert plan.plan["data"][f"sst2 · folder {folder}"]["files"]["SST-2/dev.tsv"]["bytes"] == 22
    assert set(plan.plan["data"][f"mnli · folder {folder}"]["files"]) == {"MNLI/train.tsv"}
    assert sealing.seal(workspace, study.id).seal == plan
    (folder / "SST-2" / "dev.tsv").write_text("sentence\tlabel\nfine\t0\n")
    [told] = seal_words.changed(sealing.seal(workspace, study.id))
    assert told.startswith(f"data of sst2 · folder {folder} are others than when the plan was sealed on ")


def test_the_revision_of_a_hub_data_set_is_that_of_the_cache(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    study = studies.add(workspace, building.pair_config((1, 2), source="hub"))
    plan = sealing.seal(workspace, study.id).seal
    assert plan is not None
    known = {"repository": "nyu-mll/glue", "configuration": "sst2", "revision": None}
    assert plan.plan["data"]["sst2 · hub"] == known
    refs = tmp_path / "datasets--nyu-mll--glue" / "refs"
    refs.mkdir(parents=True)
    (refs / "main").write_text("bcdcba79d07bc864c1c254ccfcedcce55bcc9a8c")
    later = sealing.seal(workspace, study.id)
    assert later.seal is not None
    assert later.seal.data()["sst2 · hub"]["revision"].startswith("bcdcba")
