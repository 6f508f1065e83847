"""A study out of runs: which question, with what in common, and what is left out with the reason."""

from __future__ import annotations

import pytest

from mtl_core import study_designs
from mtl_core.config import recipes
from mtl_core.config import run as configs
from mtl_core.config.study import StudyConfig
from mtl_core.errors import InvalidConfig, RunNotFound
from mtl_core.services import study_from_runs
from mtl_core.services.study_from_runs import Filled
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace
from mtl_core.studies.design import design
from tests import builders

LIMITS = {"train_limit": 2000, "eval_limit": 100, "learning_rate": 1e-4}


def designed(workspace: Workspace, found: Filled) -> StudyConfig:
    """The study as the form would design it, where a target sees its data once an epoch."""
    preset = study_designs.parsed(found.preset, found.settings)
    base = configs.parse({**found.values, "tasks": found.tasks})

    def draws(config: configs.RunConfig) -> dict[str, object]:
        from mtl_core.records import Draw

        return {task: Draw(task, 60, 1920, size=1920) for task in config.tasks}

    return design(preset, base, found.tasks, draws, seeds=found.seeds)  # type: ignore[arg-type]


def test_a_pair_and_its_baseline_are_taken_over_whole(workspace: Workspace) -> None:
    ids = [
        builders.run(workspace, tasks=tasks, seed=seed, **LIMITS) for seed in (1, 4) for tasks in ("sst2", "sst2,mnli")
    ]
    found = study_from_runs.filled(workspace, ids)
    assert (found.preset, found.tasks, found.seeds) == ("question", ("sst2", "mnli"), (1, 4))
    assert found.settings == {"recipes": ["hard/proportional/sum"], "together": False}
    assert {name: found.values[name] for name in LIMITS} == LIMITS
    assert study_from_runs.taken_over(workspace, designed(workspace, found), found) == {}


def test_one_seed_gets_two_more(workspace: Workspace) -> None:
    found = study_from_runs.filled(workspace, [builders.run(workspace, tasks="sst2,mnli", seed=2)])
    assert found.seeds == (2, 1, 3)


def test_recipes_with_settings_and_helpers_one_at_a_time(workspace: Workspace) -> None:
    soft = {"sharing": "soft", "sharing_settings": {"strength": 0.3}}
    phases = {"schedule": "phases", "schedule_settings": {"rates": "phase"}}
    ids = [
        builders.run(workspace, tasks="sst2,mnli", **soft),
        builders.run(workspace, tasks="sst2,squad", **soft),
        builders.run(workspace, tasks="sst2,mnli", **phases),
        builders.run(workspace, tasks="sst2"),
    ]
    found = study_from_runs.filled(workspace, ids)
    assert found.tasks == ("sst2", "mnli", "squad")
    assert found.settings["recipes"] == ["soft(strength=0.3)/proportional/sum", "cross_domain"]
    study = designed(workspace, found)
    assert "sst2 + mnli · soft · strength 0.3" in [arm.name for arm in study.arms]
    assert study_from_runs.taken_over(workspace, study, found) == {}


def test_three_tasks_at_once_and_all_pairs(workspace: Workspace) -> None:
    three = study_from_runs.filled(workspace, [builders.run(workspace, tasks="squad,sst2,mnli")])
    assert (three.tasks, three.settings["together"]) == (("squad", "sst2", "mnli"), True)
    pairs = [builders.run(workspace, tasks=tasks) for tasks in ("sst2,mnli", "sst2,squad", "mnli,squad", "squad")]
    found = study_from_runs.filled(workspace, pairs)
    assert (found.preset, found.tasks) == ("all_pairs", ("sst2", "mnli", "squad"))
    assert study_from_runs.taken_over(workspace, designed(workspace, found), found) == {}


def test_what_does_not_fit_is_left_out_with_its_reason(workspace: Workspace) -> None:
    fitting = [builders.run(workspace, tasks=tasks, **LIMITS) for tasks in ("sst2", "sst2,mnli")]
    other = builders.run(workspace, tasks="sst2", **{**LIMITS, "learning_rate": 5e-5})
    fewer = builders.run(workspace, tasks="sst2,mnli", **{**LIMITS, "train_limit": 500})
    child = builders.run(workspace, tasks="sst2", start_from=fitting[0], **LIMITS)
    stranger = builders.run(workspace, tasks="squad", **LIMITS)
    stopped = builders.run(workspace, tasks="sst2", seed=2, state="stopped", **LIMITS)
    older = builders.run(workspace, tasks="sst2", seed=3, **LIMITS)
    newer = builders.run(workspace, tasks="sst2", seed=3, **LIMITS)
    asked = [*fitting, other, fewer, child, stranger, stopped, older, newer, "gone2345"]
    found = study_from_runs.filled(workspace, asked)
    assert study_from_runs.taken_over(workspace, designed(workspace, found), found) == {
        other: "its learning rate is 5e-5, here 1e-4",
        fewer: "it has another number of training examples",
        child: "it builds on other runs",
        stranger: "it is no condition of this question",
        stopped: "it is stopped, and is trained again",
        older: "a newer run has the same settings and seed",
    }
    with pytest.raises(RunNotFound, match="none of these runs is there any more"):
        study_from_runs.filled(workspace, ["gone2345"])


@pytest.mark.parametrize(
    "settings",
    [{"sharing_settings": {"strength": 0.3}}, {"schedule": "temperature", "schedule_settings": {"temperature": 2.0}}],
)
def test_a_recipe_in_words_means_the_same_config(settings: dict[str, object], workspace: Workspace) -> None:
    with workspace.write() as index:
        config = runs.get(index, builders.run(workspace, tasks="sst2,mnli", sharing="soft", **settings)).config
    again = configs.parse({**config.model_dump(), **study_designs.recipe(recipes.text_of(config), config.tasks)})
    assert again.arm == config.arm


@pytest.mark.parametrize("text", ["hard/phases(first=squad, rates=phase)/sum", 'hard/x(a=[1, 2], b="(/)", c=true)/sum'])
def test_settings_of_recipes_are_words_or_json(text: str) -> None:
    assert [name for name, _ in recipes.split(text)] == ["hard", text[5 : text.index("(")], "sum"]
    expected = {"first": "squad", "rates": "phase"} if "phases" in text else {"a": [1, 2], "b": "(/)", "c": True}
    assert recipes.split(text)[1][1] == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("soft(strength", "can't be read. Write settings as soft(strength=0.1)/proportional/sum."),
        ("soft(strength)", "has a setting without a value. Write it as soft(strength=0.1)/proportional/sum."),
    ],
)
def test_brackets_that_do_not_fit_are_told(text: str, words: str) -> None:
    with pytest.raises(InvalidConfig) as caught:
        recipes.split(text)
    assert str(caught.value) == f"recipes: '{text}' {words}"


def test_runs_of_an_earlier_version_stand_beside_new_ones_where_their_tokens_are_the_same() -> None:
    def common(**values: object) -> list[str]:
        return [
            study_from_runs._common(configs.parse({"tasks": "sst2", "data_rules": rules, **values})) for rules in (1, 2)
        ]

    assert len(set(common())) == 1
    assert len(set(common(encoder="albert-base-v2"))) == 2
    ours, theirs = (
        configs.parse({"tasks": "sst2", "encoder": "albert-base-v2", "data_rules": rules}) for rules in (2, 1)
    )
    assert study_from_runs._difference(ours, theirs) == "its texts were read by the rules of an earlier version"
