"""Studies over the real queue: what is missing is trained, what exists is taken over, chains wait for each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mtl_core.config.automation import Tune
from mtl_core.config.study import Arm, Comparison, StudyConfig
from mtl_core.errors import StudyNotFound
from mtl_core.jobs import control
from mtl_core.jobs import studies as jobs
from mtl_core.jobs.queue import submit
from mtl_core.store import scores, studies
from mtl_core.store.workspace import Workspace
from mtl_core.studies import seal_words
from mtl_core.studies.judge import judge
from mtl_core.studies.members import counts, members
from tests.jobs.conftest import Make
from tests.jobs.waiting import get, until, until_state


def study(workspace: Workspace, make: Make, *, seeds: tuple[int, ...] = (1, 2), **values: Any) -> str:
    arms = (
        Arm(name="alone", config=make(**values), baseline=True),
        Arm(name="both", config=make(tasks="sst2,mnli", **values)),
        Arm(name="then alone", config=make(start_from="arm:both", **values)),
    )
    compared = (Comparison(target="sst2", baseline="alone", treatment="both"),)
    return studies.add(workspace, StudyConfig(name="Does it?", arms=arms, comparisons=compared, seeds=seeds)).id


def noted(workspace: Workspace, study_id: str) -> list[dict[str, Any]]:
    """The chain after the seal."""
    seal = studies.get(workspace, study_id).seal
    assert seal is not None
    return [*seal.entries]


def states(workspace: Workspace, study_id: str) -> dict[str, int]:
    return dict(counts(members(workspace, studies.get(workspace, study_id))))


def until_done(workspace: Workspace, study_id: str, **wanted: int) -> None:
    until(lambda: states(workspace, study_id) == wanted, f"{wanted}, have {states(workspace, study_id)}")


def test_a_study_trains_what_it_lacks_and_takes_over_what_exists(workspace: Workspace, quick: Make) -> None:
    [there] = submit(workspace, [quick(seed=2)])
    until_state(workspace, there, "finished")
    study_id = study(workspace, quick)
    assert states(workspace, study_id) == {"not started": 6}
    new = jobs.start(workspace, study_id)
    assert len(new) == 5
    assert noted(workspace, study_id)[0]["run"] == there  # its scores could have been known: told from the start
    assert jobs.start(workspace, study_id) == []
    until_done(workspace, study_id, finished=6)
    until(lambda: len(noted(workspace, study_id)) >= 6, "every run's own process to note its results")
    runs = {(one["arm"], one["seed"]): one for one in noted(workspace, study_id) if one["kind"] == "run"}
    assert len(runs) == 6
    assert [key for key, one in runs.items() if one["earlier"]] == [("alone", 2)]
    assert runs["both", 1]["data"].keys() == runs["both", 1]["scores"].keys() == {"sst2", "mnli"}
    assert seal_words.changed(studies.get(workspace, study_id)) == []
    kept = studies.get(workspace, study_id).runs
    assert kept["alone"][2] == there
    for seed in (1, 2):
        assert get(workspace, kept["then alone"][seed]).config.start_from == kept["both"][seed]

    control.remove(workspace, kept["alone"][1])
    assert states(workspace, study_id) == {"finished": 5, "deleted": 1}
    assert len(jobs.start(workspace, study_id)) == 1
    until_done(workspace, study_id, finished=6)

    bigger = jobs.more_seeds(studies.get(workspace, study_id).config, 2)
    assert bigger.seeds == (1, 2, 3, 4)
    less = bigger.model_copy(update={"seeds": (2, 3), "arms": bigger.arms[:2]})
    assert len(jobs.grow(workspace, study_id, less)) == 2
    until_done(workspace, study_id, finished=4)
    assert studies.get(workspace, study_id).runs["alone"][2] == there


def test_a_study_is_paused_and_goes_on(workspace: Workspace, endless: Make) -> None:
    study_id = study(workspace, endless, seeds=(1,))
    first, *_ = jobs.start(workspace, study_id)
    until(lambda: get(workspace, first).step > 0, "a step")
    assert len(jobs.pause(workspace, study_id)) == 3
    until_done(workspace, study_id, stopped=3)
    assert jobs.pause(workspace, study_id) == []
    reached = get(workspace, first).step
    assert len(jobs.go_on(workspace, study_id)) == 3
    until(lambda: get(workspace, first).step > reached, "a further step")
    jobs.pause(workspace, study_id)
    until_done(workspace, study_id, stopped=3)


def test_a_study_is_tuned_and_trained_with_nobody_there(workspace: Workspace, quick: Make) -> None:
    """Whatever ends a run queues what comes next: the supervisors alone."""
    arms = (Arm(name="alone", config=quick()),)
    study_id = studies.add(workspace, StudyConfig(name="x", arms=arms, seeds=(1,), tune=Tune(trials=2))).id
    assert len(jobs.start(workspace, study_id)) == 1
    until(lambda: states(workspace, study_id).get("finished") == 1, "the study's own run")
    found = studies.get(workspace, study_id)
    trials = found.automation.trials["alone"]
    assert [one.number for one in trials] == [1, 2]
    best = min(trials, key=lambda one: one.loss or 9)
    assert get(workspace, found.runs["alone"][1]).config.learning_rate == best.values["learning_rate"]
    with workspace.read() as index:
        reached = [scores.of_run(index, one) for one in (trials[0].run, found.runs["alone"][1])]
    assert (reached[0], list(reached[1])) == ({}, ["sst2"])
    for one in trials:
        assert one.loss is not None
        assert 0.1 < one.loss < 3
    assert not found.automation.going


def test_paths_mean_the_same_wherever_a_study_is_read(
    quick: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "files").mkdir()
    config = StudyConfig(name="x", arms=(Arm(name="a", config=quick(source="folder", data="files")),))
    assert jobs.settled(config).arms[0].config.data == str(tmp_path / "files")


def test_a_study_that_is_not_there(workspace: Workspace) -> None:
    with pytest.raises(StudyNotFound, match="there is no study 'abcd2345'"):
        jobs.start(workspace, "abcd2345")


def test_a_merged_arm_takes_the_baselines_runs_of_its_seed(workspace: Workspace, quick: Make) -> None:
    baselines = [Arm(name=f"{task} alone", config=quick(tasks=task), baseline=True) for task in ("sst2", "mnli")]
    merged = quick(tasks="sst2,mnli", merging="average", merge_from="train")
    named = merged.model_copy(update={"merge_from": ("arm:sst2 alone", "arm:mnli alone")})
    arms = (*baselines, Arm(name="merged", config=named))
    compared = (Comparison(target="sst2", baseline="sst2 alone", treatment="merged"),)
    config = StudyConfig(name="Does it?", arms=arms, comparisons=compared, seeds=(3,))
    study_id = studies.add(workspace, config).id
    assert len(jobs.start(workspace, study_id)) == 3
    until_done(workspace, study_id, finished=3)
    found = {member.arm: member.run for member in members(workspace, studies.get(workspace, study_id))}
    ids = {arm: run.id for arm, run in found.items() if run}
    run = get(workspace, ids["merged"])
    assert (run.config.merge_from, run.seed) == ((ids["sst2 alone"], ids["mnli alone"]), 3)
    [judged] = judge(workspace, studies.get(workspace, study_id))
    assert (judged.confounds, judged.examples, judged.treatment.left_out) == ((), 16, {})
    assert jobs.start(workspace, study_id) == []
