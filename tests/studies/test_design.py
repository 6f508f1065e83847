"""Baselines are added by themselves, matched as asked, each once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from mtl_core.config import run as configs
from mtl_core.config import study as study_config
from mtl_core.config.run import RunConfig
from mtl_core.config.study import Arm, Comparison, StudyConfig
from mtl_core.data.counts import batches_in
from mtl_core.engine.order import make_order
from mtl_core.errors import InvalidConfig
from mtl_core.records import Draw
from mtl_core.studies.baselines import baseline, cost
from mtl_core.studies.design import design, grown
from mtl_core.studies.members import resolved
from mtl_core.study_designs import Treatment, arm, parsed

SIZES = {"sst2": 1000, "mnli": 4000, "squad": 2000}
TOKENS = {"sst2": 10.0, "mnli": 40.0, "squad": 300.0}


def look(config: RunConfig) -> Mapping[str, Draw]:
    """What the engine itself plans, for data of these sizes."""
    sizes = {task: min(config.train_limit_of(task) or SIZES[task], SIZES[task]) for task in config.tasks}
    return {draw.task: draw for draw in make_order(config, sizes).in_tokens(TOKENS).draws}


def of(**values: Any) -> RunConfig:
    return configs.parse({"tasks": "sst2,mnli", "batch_size": 100, **values})


def matched(config: RunConfig, match: Any, target: str = "sst2") -> tuple[str, int]:
    """Name and planned steps of the baseline."""
    found = baseline(arm(config), target, match, {}, look)
    assert found.baseline
    assert found.config.tasks == (target,)
    return found.name, look(found.config)[target].planned_steps


def test_a_proportional_pair_s_baseline_is_the_task_alone_as_it_stands() -> None:
    found = baseline(arm(of(epochs=3)), "sst2", "target_updates", {}, look)
    assert (found.name, found.config) == ("sst2 alone", of(epochs=3).alone("sst2"))


def test_same_target_updates_where_the_schedule_gives_the_target_others() -> None:
    """`joint` cycles the shorter task: sst2 (10 batches) gets a batch in each of mnli's 40 steps."""
    assert matched(of(schedule="joint"), "target_updates") == ("sst2 alone · 4 epochs", 40)
    uniform = of(schedule="uniform")
    assert matched(uniform, "target_updates")[1] == look(uniform)["sst2"].planned_steps != 10


@pytest.mark.parametrize(("schedule", "steps"), [("proportional", 50), ("joint", 40)])
def test_same_total_updates(schedule: str, steps: int) -> None:
    """Proportional: 10 + 40 steps; joint: 40 steps of both tasks at once."""
    assert matched(of(schedule=schedule), "total_updates") == (f"sst2 alone · {steps / 10:g} epochs", steps)


def test_same_seconds_goes_by_tokens_and_the_methods_measured_cost() -> None:
    """1,000 × 10 + 4,000 × 40 tokens are 170,000; a step of sst2 alone reads 1,000 of them."""
    assert matched(of(), "seconds") == ("sst2 alone · 17 epochs", 170)
    stitched = of(sharing="cross_stitch")
    assert cost(stitched) > 1.5
    assert matched(stitched, "seconds")[1] == round(170 * cost(stitched))


def test_any_number_of_steps_can_be_met_by_epochs() -> None:
    for size, batch in ((872, 32), (1000, 100), (67349, 32), (33, 32)):
        in_one = -(-size // batch)
        assert all(batches_in(size, batch, steps / in_one) == steps for steps in range(1, 400))


def test_an_arm_that_starts_from_another_has_had_its_training_too() -> None:
    preset = parsed("four_routes", {})
    study = design(preset, of(), ("sst2", "mnli"), look)
    assert [(one.treatment, one.baseline) for one in study.comparisons] == [
        ("sst2 + mnli jointly", "sst2 alone"),
        ("mnli, then sst2", "sst2 alone"),
        ("mnli, then sst2", "sst2 + mnli jointly"),
        ("jointly, then sst2 alone", "sst2 alone · 2 epochs"),
        ("jointly, then sst2 alone", "sst2 + mnli jointly"),
        ("sst2 and mnli alone, merged by task arithmetic", "sst2 alone"),
        ("sst2 and mnli alone, merged by task arithmetic", "sst2 + mnli jointly"),
    ]
    assert study.arm("sst2 alone · 2 epochs").config.epochs == 2
    assert study.arm("sst2 alone · 2 epochs").config.start_from is None


@pytest.mark.parametrize("match", ["target_updates", "total_updates", "seconds"])
def test_a_merged_arm_is_held_against_the_very_runs_that_it_merges(match: Any) -> None:
    """It has no training of its own that could be matched; mnli alone is there to be merged, not compared."""
    base = of(epochs=3, train_limit={"sst2": 500, "mnli": 2000}, processes=2, start_from="ab3de6fg")
    study = design(parsed("methods", {"family": "merging"}), base, ("sst2", "mnli"), look, match=match)
    assert [arm.name for arm in study.arms[:2]] == ["sst2 alone · 500 examples", "mnli alone · 2,000 examples"]
    assert [arm.config for arm in study.arms[:2]] == [base.alone(task) for task in ("sst2", "mnli")]
    for one in study.arms[2:]:
        assert one.merges == tuple(other.name for other in study.arms[:2])
        assert (one.config.start_from, one.config.processes, one.after) == (None, 1, "")
    assert study_config.parse(study.model_dump()) == study
    routes = design(parsed("four_routes", {}), of(), ("sst2", "mnli"), look, match=match)
    assert routes.arms[-1].merges == ("sst2 alone", "mnli alone")
    assert routes.arm("sst2 alone").config == of().alone("sst2")
    compared = [(one.treatment, one.baseline) for one in routes.comparisons]
    assert ("sst2 and mnli alone, merged by task arithmetic", "sst2 alone") in compared
    assert not any("mnli alone" in pair for pair in compared)


def test_a_merged_run_waits_for_all_its_runs_of_the_same_seed() -> None:
    study = design(parsed("methods", {"family": "merging"}), of(), ("sst2", "mnli"), look)
    ties = study.arm("sst2 + mnli · ties")
    assert resolved(ties, 2, ties.config, {}) is None
    assert resolved(ties, 2, ties.config, {"sst2 alone": {2: "b"}, "mnli alone": {1: "c"}}) is None
    ready = resolved(ties, 2, ties.config, {"sst2 alone": {1: "a", 2: "b"}, "mnli alone": {1: "c", 2: "d"}})
    assert ready is not None
    assert ready.merge_from == ready.builds_on == ("b", "d")


def test_each_baseline_is_there_once_and_first() -> None:
    study = design(parsed("paper", {}), of(tasks="sst2"), ("sst2", "mnli", "squad"), look, seeds=(7, 9))
    assert [arm.name for arm in study.arms] == [
        "sst2 alone",
        "mnli alone",
        "squad alone",
        "sst2 + mnli · hard",
        "sst2 + squad · hard · phases",
        "mnli + squad · hard · phases",
    ]
    assert [arm.baseline for arm in study.arms] == [True] * 3 + [False] * 3
    assert len(study.comparisons) == 6
    runs = [(arm.name, seed, config.seed, config.name) for arm, seed, config in study.runs()]
    assert len(runs) == 12
    assert runs[0] == ("sst2 alone", 7, 7, "sst2 alone · seed 7")
    assert runs[6][1] == 9


def test_itself_is_trained_with_other_seeds() -> None:
    study = design(parsed("itself", {}), of(tasks="sst2"), ("sst2",), look)
    assert [config.seed for *_, config in study.runs()] == [1, 1001, 2, 1002, 3, 1003]
    assert len({config.arm for *_, config in study.runs()}) == 1


def test_baselines_of_unlike_data_have_unlike_names() -> None:
    study = design(parsed("size_curve", {"shares": [10, 100]}), of(), ("sst2", "mnli"), look)
    assert [arm.name for arm in study.arms if arm.baseline] == [
        "sst2 alone · 100 examples",
        "sst2 alone · 1,000 examples",
    ]


def test_a_study_grows_by_arms_and_keeps_its_baselines() -> None:
    study = design(parsed("question", {}), of(), ("sst2", "mnli"), look)
    more = Treatment(arm(of(sharing="soft")), ("sst2",))
    bigger = grown(study, [more], "target_updates", look)
    assert [arm.name for arm in bigger.arms] == ["sst2 alone", "sst2 + mnli · hard", "sst2 + mnli · soft"]
    assert bigger.comparisons[-1] == Comparison(target="sst2", baseline="sst2 alone", treatment="sst2 + mnli · soft")
    words = "arms: the study has a condition 'sst2 + mnli · soft' already. Choose another recipe."
    with pytest.raises(InvalidConfig) as told:
        grown(bigger, [more], "target_updates", look)
    assert str(told.value) == words


def test_a_study_that_does_not_fit_together_says_all_of_it() -> None:
    one = Arm(name="a", config=of())
    late = Arm(name="b", config=of(tasks="sst2", start_from="arm:c"))
    merged = Arm(name="m", config=of().model_copy(update={"merging": "ties", "merge_from": ("arm:a", "arm:d")}))
    compared = [Comparison(target="squad", baseline="a", treatment="z")]
    with pytest.raises(ValidationError) as told:
        StudyConfig(name="x", arms=(one, one, late, merged), comparisons=tuple(compared), seeds=(1, 1))
    words = str(told.value)
    assert "two conditions are called 'a'. Give each a name of its own." in words
    assert "the condition 'b' starts from 'c', which is not an earlier condition." in words
    assert "the condition 'm' merges 'd', which is not an earlier condition." in words
    assert "the condition 'a' has not trained 'squad', so nothing can be compared there." in words
    assert "no condition called 'z'." in words
    assert "the same seed is given twice. Name each seed once." in words
