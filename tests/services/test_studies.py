"""What the Studies page asks and does, on studies whose runs are there."""

from __future__ import annotations

import pytest

from mtl_core.config.study import Arm
from mtl_core.errors import Fault, InvalidConfig, StudyNotFound
from mtl_core.services import studies, study_cost, study_growth
from mtl_core.services.plans import Look
from mtl_core.store import studies as store
from mtl_core.store.workspace import Workspace
from mtl_core.studies import card, judge
from mtl_core.studies.members import members
from tests.studies import building
from tests.studies.test_judge import numbers


def test_the_list_tells_state_and_answer(workspace: Workspace) -> None:
    done = building.pair(workspace, 0.2)
    begun = building.study_with_runs(
        workspace,
        building.pair_config(),
        building.drawn({"sst2 alone": 0.8, "sst2 + mnli": 0.8}),
        {("sst2 + mnli", 3): "failed", ("sst2 alone", 3): "running"},
    )
    (workspace.studies / "broken.json").write_text("{")
    found, unreadable = studies.entries(workspace)
    assert [entry.study.id for entry in found] == [begun.id, done.id]
    assert [entry.state for entry in found] == ["running", "finished"]
    assert found[0].counts == {"finished": 4, "running": 1, "failed": 1}
    assert (found[0].runs, found[0].generated) == (6, True)
    assert found[0].stamp != found[1].stamp
    assert unreadable["broken.json"].startswith("broken.json can't be read: ")
    assert studies.answer(workspace, found[1]).startswith("▲ helps · +")


def test_the_stamp_changes_with_what_a_verdict_rests_on(workspace: Workspace) -> None:
    study = building.pair(workspace)
    before = studies.stamp(study, members(workspace, study))
    assert studies.stamp(study, members(workspace, study)) == before
    studies.describe_as(workspace, study.id, name="Other", tags=(), notes="")
    other = store.get(workspace, study.id)
    assert studies.stamp(other, members(workspace, other)) != before


def test_every_preset_has_a_line_and_settings_to_draw() -> None:
    found = studies.presets()
    assert found[0].name == "question"
    assert all(studies.summary(one).endswith((".", "?")) for one in found)
    schemas = [schema for one in found for schema in studies.settings_of(one).values()]
    assert all(schema["description"] for schema in schemas)


def test_names_that_a_setting_takes() -> None:
    assert studies.choices("balancing")[:2] == ["aligned_mtl", "cagrad"]
    assert "single" not in studies.choices("sharing")
    assert studies.choices("recipes")[:3] == ["hard/proportional/sum", "same_domain", "cross_domain"]
    assert "pal/proportional/sum" in studies.choices("recipes")


def test_words_are_kept_and_a_name_is_needed(workspace: Workspace) -> None:
    study = building.pair(workspace)
    studies.describe_as(workspace, study.id, name=" New name ", tags=["a", "b", "a"], notes="seen")
    config = store.get(workspace, study.id).config
    assert (config.name, config.tags, config.notes) == ("New name", ("a", "b"), "seen")
    assert store.get(workspace, study.id).runs == study.runs
    with pytest.raises(InvalidConfig) as told:
        studies.describe_as(workspace, study.id, name="  ", tags=(), notes="")
    assert told.value.faults == (Fault("name", "is empty. Give the question, or what to call the study."),)


def test_a_copy_has_no_runs_yet(workspace: Workspace) -> None:
    study = building.pair(workspace)
    copy = store.get(workspace, studies.copy(workspace, study.id))
    assert (copy.config.name, copy.runs) == ("Copy of Does sst2 get better with mnli?", {})
    assert study_cost.existing(workspace, copy.config) == study.runs


def test_a_deleted_study_comes_back_and_its_runs_never_went(workspace: Workspace) -> None:
    study = building.pair(workspace)
    gone = studies.delete(workspace, study.id)
    with pytest.raises(StudyNotFound, match=f"there is no study '{study.id}'"):
        store.get(workspace, study.id)
    assert all(one.run for one in members(workspace, gone))
    studies.undo(workspace, gone)
    assert store.get(workspace, study.id) == study


def test_a_card_becomes_a_study(workspace: Workspace) -> None:
    study = building.pair(workspace)
    taken = store.get(workspace, studies.take_card(workspace, card.card(study).encode()))
    assert (taken.config, taken.runs) == (study.config, {})
    folder = study.config.model_copy(
        update={"arms": tuple(_reading(arm, "/there") for arm in study.config.arms)},
    )
    content = card.card(store.add(workspace, folder)).encode()
    moved = store.get(workspace, studies.take_card(workspace, content, str(workspace)))
    assert {arm.config.data for arm in moved.config.arms} == {str(workspace)}


def _reading(arm: Arm, folder: str) -> Arm:
    return arm.model_copy(update={"config": arm.config.model_copy(update={"source": "folder", "data": folder})})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00", "this is not a text file. Give a run card that Tandem has made."),
        (b"[]", "this is not a run card. Give one that Tandem has made."),
    ],
)
def test_what_is_no_card_is_told(workspace: Workspace, content: bytes, message: str) -> None:
    with pytest.raises(InvalidConfig) as told:
        studies.take_card(workspace, content)
    assert told.value.faults == (Fault("from", message),)
    assert studies.entries(workspace) == ([], {})


def test_another_arm_needs_a_recipe_and_company(workspace: Workspace) -> None:
    study = building.pair(workspace)
    for recipe, tasks, fault in (
        ("", ("sst2", "mnli"), "is empty. Write it as sharing/schedule/balancing, such as pal/annealed."),
        ("pal", ("sst2",), "give two or more: the study has each of them alone already."),
        ("pla", ("sst2", "mnli"), "no sharing called 'pla'. Did you mean 'pal'?"),
    ):
        with pytest.raises(InvalidConfig) as told:
            study_growth.add_arm(workspace, study.id, recipe, tasks)
        assert [one.message for one in told.value.faults] == [fault]
    assert study_growth.tasks_of(study.config) == ["sst2", "mnli"]


def test_single_runs_are_compared_where_there_is_one_seed(workspace: Workspace) -> None:
    study = building.pair(workspace, 0.1, seeds=(7,))
    [one] = judge.judge(workspace, study)
    found = studies.single_runs(workspace, one)
    assert found is not None
    assert found.test == "McNemar"
    assert "calls about 15 % of pairs different" in found.note
    assert found.effect == pytest.approx(one.treatment.scores[7] - one.baseline.scores[7])
    [several] = judge.judge(workspace, building.pair(workspace, seeds=(1, 2)))
    assert studies.single_runs(workspace, several) is None


def test_time_as_finished_runs_took(workspace: Workspace) -> None:
    scores = building.drawn({"sst2 alone": 0.8, "sst2 + mnli": 0.8}, dev=20)
    states = {("sst2 alone", 2): "running", ("sst2 + mnli", 2): "queued"}
    study = building.study_with_runs(workspace, building.pair_config((1, 2)), scores, states)
    listed = members(workspace, study)
    assert study_cost.seconds_of_seeds(study, listed, 3) == pytest.approx(3 * 2 * 23.0)
    assert study_cost.left(study, listed) == study_cost.Left(pytest.approx(60.0 + 23.0), complete=True)
    unstarted = store.add(workspace, building.pair_config((8, 9)))
    nothing = members(workspace, unstarted)
    assert study_cost.seconds_of_seeds(unstarted, nothing, 1) is None
    assert study_cost.left(unstarted, nothing) == study_cost.Left(0, complete=True)


def test_time_of_arms_that_no_run_has_shown_yet(workspace: Workspace) -> None:
    """What was expected, put right by how the finished arms came out; else it is said that more is to come."""
    states = dict.fromkeys([("sst2 alone", 2), ("sst2 + mnli", 1), ("sst2 + mnli", 2)], "queued")
    scores = building.drawn({"sst2 alone": 0.8, "sst2 + mnli": 0.8}, dev=20)
    study = building.study_with_runs(workspace, building.pair_config((1, 2)), scores, states)
    listed = members(workspace, study)
    assert study_cost.left(study, listed) == study_cost.Left(pytest.approx(23.0), complete=False)
    assert study_cost.seconds_of_seeds(study, listed, 1) is None
    with store.changing(workspace, study.id) as changes:
        changes.keep(expected={"sst2 alone": 10.0, "sst2 + mnli": 30.0})
    kept = store.get(workspace, study.id)
    assert study_cost.left(kept, listed) == study_cost.Left(pytest.approx(23.0 + 2 * 69.0), complete=True)
    assert study_cost.seconds_of_seeds(kept, listed, 1) == pytest.approx(23.0 + 69.0)


def test_where_no_server_answers_looks_wait(workspace: Workspace) -> None:
    config = building.pair_config().arms[0].config
    with pytest.raises(Exception, match="the model server is starting"):
        Look(workspace).plan(config)


def test_single_runs_of_a_metric_that_is_no_mean(workspace: Workspace) -> None:
    [one] = judge.judge(workspace, numbers(workspace, (7,)))
    compared = studies.single_runs(workspace, one)
    assert compared is not None
    assert compared.test == "paired bootstrap"
    assert compared.effect == pytest.approx(one.treatment.scores[7] - one.baseline.scores[7])
