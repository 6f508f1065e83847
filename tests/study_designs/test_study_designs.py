"""Every preset makes a study that fits together; what each one promises."""

from __future__ import annotations

from typing import Any

import pytest

from mtl_core import registry, study_designs
from mtl_core.config import run as configs
from mtl_core.config.study import Arm
from mtl_core.errors import InvalidConfig
from mtl_core.study_designs import StudyPreset, Treatment, check_tasks, parsed, recipe

TASKS = ", ".join(registry.names("tasks"))

BASE = configs.parse({"tasks": "sst2", "epochs": 2, "learning_rate": 1e-4})
SIZES = {"sst2": 1000, "mnli": 3000, "squad": 2000}


def treatments(name: str, *tasks: str, **settings: Any) -> list[Treatment]:
    preset = parsed(name, settings)
    return list(preset.treatments(BASE, tasks or preset.usual_tasks, SIZES.__getitem__))


def arms(name: str, *tasks: str, **settings: Any) -> dict[str, Arm]:
    return {one.arm.name: one.arm for one in treatments(name, *tasks, **settings)}


@pytest.mark.parametrize("name", registry.names("study_designs"))
def test_every_preset_fits_its_usual_tasks(name: str) -> None:
    preset = parsed(name, {})
    check_tasks(preset, preset.usual_tasks)
    found = treatments(name)
    assert found
    assert preset.question(preset.usual_tasks).endswith("?")
    assert type(preset).__doc__
    for field, told in type(preset).model_fields.items():
        assert told.description, f"{name}.{field} has no line for its form"
    for one in found:
        assert set(one.targets) <= set(one.arm.config.tasks)
        assert (one.arm.config.epochs, one.arm.config.learning_rate) == (2, 1e-4)
        assert set(one.against) <= {other.arm.name for other in found}


def test_the_paper_s_pairs_share_by_their_kinds() -> None:
    found = {one.arm.config.tasks: one for one in treatments("paper")}
    assert {tasks: one.arm.config.schedule for tasks, one in found.items()} == {
        ("sst2", "mnli"): "proportional",
        ("sst2", "squad"): "phases",
        ("mnli", "squad"): "phases",
    }
    assert found["sst2", "squad"].arm.config.schedule_settings == {"first": "squad", "rates": "phase"}
    assert found["mnli", "squad"].arm.config.schedule_settings == {"first": "squad", "rates": "phase"}
    assert all(one.targets == tasks for tasks, one in found.items())


def test_a_question_has_an_arm_a_helper_and_recipe_or_one_for_all() -> None:
    each = arms("question", "sst2", "mnli", "squad", recipes=["hard", "pal/annealed"])
    assert [arm.config.tasks for arm in each.values()] == [("sst2", "mnli")] * 2 + [("sst2", "squad")] * 2
    assert [arm.config.sharing for arm in each.values()] == ["hard", "pal"] * 2
    [whole] = arms("question", "sst2", "mnli", "squad", together=True).values()
    assert whole.config.tasks == ("sst2", "mnli", "squad")
    assert parsed("question", {}).question(("sst2", "mnli", "squad")) == "Does sst2 get better with mnli or squad?"


def test_the_fourth_route_starts_where_the_joint_one_ended() -> None:
    found = arms("four_routes", "sst2", "mnli")
    assert list(found)[:3] == ["sst2 + mnli jointly", "mnli, then sst2", "jointly, then sst2 alone"]
    last = found["jointly, then sst2 alone"]
    assert (last.after, last.config.tasks, last.config.sharing) == ("sst2 + mnli jointly", ("sst2",), "single")
    assert found["mnli, then sst2"].config.schedule == "one_after_other"
    assert found["mnli, then sst2"].config.schedule_settings == {"rates": "phase"}


def test_single_task_models_are_merged_as_asked() -> None:
    usual = treatments("four_routes", "sst2", "mnli")[-1]
    assert usual.arm.name == "sst2 and mnli alone, merged by task arithmetic"
    assert (usual.targets, usual.against) == (("sst2",), ("sst2 + mnli jointly",))
    assert (usual.arm.config.merging, usual.arm.config.merge_from) == ("task_arithmetic", ("train",))
    assert len(treatments("four_routes", "sst2", "mnli", merging=[])) == 3
    asked = treatments("four_routes", "sst2", "mnli", merging=["ties", "average", "ties"])
    assert [one.arm.config.merging for one in asked[3:]] == ["ties", "average"]
    methods = treatments("methods", "sst2", "mnli", "squad", family="merging")
    assert [one.arm.config.merging for one in methods] == ["average", "task_arithmetic", "ties"]
    assert [one.against for one in methods] == [(), *[("sst2 + mnli + squad · average",)] * 2]
    assert {one.targets for one in methods} == {("sst2", "mnli", "squad")}


def test_a_size_curve_limits_the_target_alone() -> None:
    limits = [arm.config.train_limit for arm in arms("size_curve", "sst2", "mnli", shares=[100, 1, 10]).values()]
    assert limits == [{"sst2": 10, "mnli": 3000}, {"sst2": 100, "mnli": 3000}, {"sst2": 1000, "mnli": 3000}]


def test_a_weight_sweep_keeps_the_sum_of_weights() -> None:
    found = arms("weight_sweep", weights=[0.25, 0.5], balancings=["dwa"])
    assert list(found) == ["weights 0.25 : 0.75", "weights 0.5 : 0.5", "dwa"]
    assert found["weights 0.25 : 0.75"].config.balancing_settings == {"weights": "0.5, 1.5"}
    assert {arm.config.schedule for arm in found.values()} == {"joint"}


def test_methods_are_held_against_the_first() -> None:
    found = treatments("methods", family="balancing", methods=["sum", "mgda", "sum"])
    assert [one.arm.config.balancing for one in found] == ["sum", "mgda"]
    assert [one.against for one in found] == [(), ("sst2 + mnli · sum",)]


def test_itself_has_the_same_config_and_other_seeds() -> None:
    [arm] = arms("itself", "mnli").values()
    assert (arm.seed_shift, arm.config.arm) == (1000, BASE.model_copy(update={"tasks": ("mnli",)}).alone("mnli").arm)


@pytest.mark.parametrize(
    ("name", "settings", "tasks", "words"),
    [
        ("papers", {}, (), "preset: no preset called 'papers'. Did you mean 'paper'?"),
        ("paper", {}, ("sst2", "mnli"), "tasks: The paper takes 3 tasks, not 2."),
        ("question", {}, ("sst2",), "tasks: Your own question takes 2 or more tasks, not 1."),
        ("question", {}, ("sst2", "sst2"), "tasks: the same task is named twice. Name each task once."),
        ("question", {}, ("sst2", "xyzzy"), f"tasks: no task called 'xyzzy'. Choose from {TASKS}."),
        ("question", {"recipes": ["hrad"]}, (), "recipes: no sharing called 'hrad'. Did you mean 'hard'?"),
        ("question", {"recipes": ["hard/joint/pcgrat"]}, (), "no balancing called 'pcgrat'. Did you mean 'pcgrad'?"),
        (
            "question",
            {"recipes": ["a/b/c/d"]},
            (),
            "recipes: 'a/b/c/d' has more than three parts. Write it as hard/proportional/sum.",
        ),
        ("size_curve", {"shares": [0]}, (), "shares: 0 is not a percentage. Use numbers up to 100."),
        ("weight_sweep", {"weights": [1]}, (), "weights: 1 is not between 0 and 1. Use weights such as 0.3."),
        ("methods", {"methods": ["single"]}, (), "is the baseline already. Leave it out."),
        (
            "methods",
            {"family": "schedules"},
            (),
            "family: schedules is not a choice, the choices are 'sharing', 'balancing' or 'merging'",
        ),
        ("four_routes", {"merging": ["tie"]}, (), "merging: no merging called 'tie'. Did you mean 'ties'?"),
        ("methods", {"family": "merging", "methods": ["pal"]}, (), "merging: no merging called 'pal'. Choose from"),
        ("paper", {"share": 1}, (), "share: no field called 'share'."),
    ],
)
def test_what_can_t_be_is_said(name: str, settings: dict[str, Any], tasks: tuple[str, ...], words: str) -> None:
    with pytest.raises(InvalidConfig) as told:
        checked(name, settings, tasks)
    assert words in str(told.value)


def checked(name: str, settings: dict[str, Any], tasks: tuple[str, ...]) -> None:
    preset: StudyPreset = parsed(name, settings)
    check_tasks(preset, tasks or preset.usual_tasks)
    list(preset.treatments(BASE, tasks or preset.usual_tasks, SIZES.__getitem__))


def test_recipes_in_words() -> None:
    assert recipe("pal", ("sst2", "mnli"))["sharing"] == "pal"
    assert recipe("hard/joint", ("sst2", "mnli"))["schedule"] == "joint"
    assert recipe("cross_domain", ("sst2", "squad"))["schedule_settings"] == {"first": "squad", "rates": "phase"}
    assert study_designs.RECIPE == "hard/proportional/sum"
