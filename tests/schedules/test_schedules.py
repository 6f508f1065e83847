"""What every schedule promises, and what each one's source says of it."""

from __future__ import annotations

import random
from collections import Counter
from itertools import groupby, pairwise

import pytest

from mtl_core import registry
from mtl_core.schedules.annealed import Annealed
from mtl_core.schedules.joint import Joint
from mtl_core.schedules.one_after_other import OneAfterOther
from mtl_core.schedules.phases import Phases
from mtl_core.schedules.proportional import Proportional
from mtl_core.schedules.round_robin import RoundRobin
from mtl_core.schedules.temperature import Temperature
from mtl_core.schedules.uniform import Uniform

SIZES = {"sst2": 30, "mnli": 12, "squad": 7}


def order(schedule, seed: int = 0) -> list[str]:
    return [task for step_plan in schedule.step_plans(random.Random(seed)) for task in step_plan.tasks]


@pytest.mark.parametrize("name", registry.names("schedules"))
def test_contract(name: str) -> None:
    schedule = registry.load("schedules", name)(SIZES)
    assert schedule.name == name
    assert set(order(schedule)) == set(SIZES), "a task is never visited"
    step_plans = list(schedule.step_plans(random.Random(0)))
    assert all(len(step_plan.tasks) == (len(SIZES) if schedule.every_task else 1) for step_plan in step_plans)
    assert order(schedule, 3) == order(schedule, 3), "the seed decides"
    assert set(order(registry.load("schedules", name)({"mnli": 3}))) == {"mnli"}


def test_proportional_draws_each_batch_once_and_mixes() -> None:
    found = order(Proportional(SIZES))
    assert Counter(found) == SIZES
    assert found != order(Proportional(SIZES), 1)
    first = [Counter(order(Proportional({"a": 900, "b": 100}), seed)[:100])["b"] for seed in range(20)]
    assert 8 <= sum(first) / 20 <= 12, "a tenth of the first steps, like a tenth of the data"


def test_round_robin_alternates_strictly() -> None:
    found = order(RoundRobin(SIZES))
    assert found == [list(SIZES)[step % 3] for step in range(49)]
    assert Counter(found) == {"sst2": 17, "mnli": 16, "squad": 16}


def test_round_robin_alternates_with_a_task_that_is_ten_times_larger() -> None:
    found = order(RoundRobin({"large": 100, "small": 10}))
    assert found == ["large", "small"] * 55
    assert order(RoundRobin({"small": 10, "large": 100})) == ["small", "large"] * 55


def test_joint_takes_every_task_in_every_step_and_repeats_the_shorter() -> None:
    step_plans = list(Joint(SIZES).step_plans(random.Random(0)))
    assert len(step_plans) == 30, "as long as the longest task, so the others begin again"
    assert {step_plan.tasks for step_plan in step_plans} == {("sst2", "mnli", "squad")}


def test_uniform_draws_with_equal_chance_whatever_the_sizes() -> None:
    found = Counter(order(Uniform({"large": 2900, "small": 100})))
    assert sum(found.values()) == 3000
    assert 1400 <= found["small"] <= 1600, "half of the steps, within four standard deviations"
    assert order(Uniform(SIZES)) != order(Uniform(SIZES), 1)


def test_temperature_softens_sizes() -> None:
    """Sizes 900 and 100: at T = 2 their roots, 30 and 10, so 3/4 and 1/4; at T = 1 the sizes themselves."""
    sizes = {"large": 900, "small": 100}
    assert Temperature(sizes).shares() == pytest.approx({"large": 0.75, "small": 0.25})
    assert Temperature(sizes, temperature=1).shares() == pytest.approx({"large": 0.9, "small": 0.1})
    assert Temperature(sizes, temperature=1000).shares() == pytest.approx({"large": 0.5, "small": 0.5}, abs=1e-3)
    assert Temperature(sizes, temperature=0.01).shares()["large"] == pytest.approx(1)
    found = Counter(order(Temperature(sizes)))
    assert sum(found.values()) == 1000
    assert 195 <= found["small"] <= 305, "a quarter, within four standard deviations"


def test_temperature_caps_a_tasks_size() -> None:
    """Sizes 900 and 100 capped at 300: 300 to 100 at T = 1; the steps stay those of the data."""
    schedule = Temperature({"large": 900, "small": 100}, temperature=1, cap=300)
    assert schedule.shares() == pytest.approx({"large": 0.75, "small": 0.25})
    assert len(order(schedule)) == 1000


def test_annealed_goes_from_proportional_towards_equal() -> None:
    """Five epochs: alpha falls by 0.2 an epoch. Sizes 32 and 1: 32^alpha = 2^(5 alpha), so 32, 16, 8, 4, 2 to one."""
    schedule = Annealed({"large": 32, "small": 1}, parts=5)
    assert [schedule.alpha(part) for part in range(1, 6)] == pytest.approx([1.0, 0.8, 0.6, 0.4, 0.2])
    expected = [32 / 33, 16 / 17, 8 / 9, 4 / 5, 2 / 3]
    assert [schedule.shares(part)["large"] for part in range(1, 6)] == pytest.approx(expected)


def test_annealed_draws_small_tasks_more_often_in_each_part() -> None:
    found = order(Annealed({"large": 9600, "small": 300}, parts=5))
    parts = [Counter(found[at : at + 1980])["small"] for at in range(0, 9900, 1980)]
    assert parts == sorted(parts)
    assert parts[0] == pytest.approx(1980 / 33, abs=31), "in proportion, within four standard deviations"
    assert parts[-1] == pytest.approx(1980 / 3, abs=84), "a third, within four standard deviations"


def test_annealed_is_defined_for_runs_shorter_than_its_parts() -> None:
    assert len(order(Annealed({"a": 1, "b": 1}, parts=1000))) == 2


def test_one_after_other_trains_helpers_to_their_end_and_then_the_target() -> None:
    runs = [(task, len(list(steps))) for task, steps in groupby(order(OneAfterOther(SIZES)))]
    assert runs == [("mnli", 12), ("squad", 7), ("sst2", 30)]
    runs = [(task, len(list(steps))) for task, steps in groupby(order(OneAfterOther(SIZES, last="squad")))]
    assert runs == [("sst2", 30), ("mnli", 12), ("squad", 7)]
    assert not any(step_plan.renew for step_plan in OneAfterOther(SIZES).step_plans(random.Random(0)))


def test_one_after_other_refuses_a_last_task_that_is_not_there() -> None:
    with pytest.raises(ValueError, match=r"^no task of this run called 'snli'\. Did you mean 'mnli'\?$"):
        OneAfterOther({"mnli": 1, "squad": 2}, last="snli")


def test_phases_is_the_papers_switching() -> None:
    schedule = Phases({"sst2": 10, "squad": 7}, first="squad")
    runs = [(task, len(list(steps))) for task, steps in groupby(order(schedule))]
    assert runs == [("squad", 4), ("sst2", 10), ("squad", 3)]
    assert not any(step_plan.renew for step_plan in schedule.step_plans(random.Random(0))), "heads are kept by default"


def test_phases_can_renew_the_head_once_and_where_it_comes_back() -> None:
    schedule = Phases({"squad": 8, "sst2": 3, "mnli": 2}, share=0.25, heads="renew")
    step_plans = list(schedule.step_plans(random.Random(0)))
    assert [place for place, step_plan in enumerate(step_plans) if step_plan.renew] == [7]
    assert step_plans[7].renew == ("squad",)
    assert [step_plan.tasks[0] for step_plan in step_plans] == ["squad"] * 2 + ["sst2"] * 3 + ["mnli"] * 2 + [
        "squad"
    ] * 6


def phase_lengths(schedule) -> list[int]:
    begins = [place for place, plan in enumerate(schedule.step_plans(random.Random(0))) if plan.begins_phase]
    return [after - first for first, after in pairwise([*begins, len(order(schedule))])]


def test_rates_by_phase_begin_with_each_phase_and_rates_by_run_with_none() -> None:
    sizes = {"squad": 8, "sst2": 3, "mnli": 2}
    assert phase_lengths(Phases(sizes, share=0.25, rates="phase")) == [2, 3, 2, 6]
    assert phase_lengths(Phases({"squad": 1, "sst2": 3}, rates="phase")) == [1, 3], "nothing is left of the first"
    assert phase_lengths(OneAfterOther(sizes, rates="phase")) == [3, 2, 8]
    for method in (Phases, OneAfterOther):
        assert not any(plan.begins_phase for plan in method(sizes).step_plans(random.Random(0)))
        assert order(method(sizes)) == order(method(sizes, rates="phase")), "the steps are the same"


def test_a_phase_that_renews_its_head_begins_in_the_same_step() -> None:
    plans = list(Phases({"squad": 8, "sst2": 3}, heads="renew", rates="phase").step_plans(random.Random(0)))
    assert [(place, plan.renew) for place, plan in enumerate(plans) if plan.begins_phase] == [
        (0, ()),
        (4, ()),
        (7, ("squad",)),
    ]


def test_phases_refuses_a_first_task_that_is_not_there() -> None:
    with pytest.raises(ValueError, match=r"^no task of this run called 'sqaud'\. Did you mean 'squad'\?$"):
        Phases({"sst2": 1, "squad": 2}, first="sqaud")
