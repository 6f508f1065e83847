"""What every schedule promises, and what each one's source says of it."""

from __future__ import annotations

import random
from collections import Counter
from itertools import groupby

import pytest

from mtl_core import registry
from mtl_core.schedules.phases import Phases
from mtl_core.schedules.proportional import Proportional
from mtl_core.schedules.round_robin import RoundRobin

SIZES = {"sst2": 30, "mnli": 12, "squad": 7}


def order(schedule, seed: int = 0) -> list[str]:
    return [task for turn in schedule.turns(random.Random(seed)) for task in turn.tasks]


@pytest.mark.parametrize("name", registry.names("schedules"))
def test_contract(name: str) -> None:
    schedule = registry.load("schedules", name)(SIZES)
    assert schedule.name == name
    assert set(order(schedule)) == set(SIZES), "a task is never visited"
    turns = list(schedule.turns(random.Random(0)))
    assert all(len(turn.tasks) == (len(SIZES) if schedule.every_task else 1) for turn in turns)
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


def test_phases_is_the_papers_switching() -> None:
    schedule = Phases({"sst2": 10, "squad": 7}, first="squad")
    runs = [(task, len(list(steps))) for task, steps in groupby(order(schedule))]
    assert runs == [("squad", 4), ("sst2", 10), ("squad", 3)]
    assert not any(turn.renew for turn in schedule.turns(random.Random(0))), "heads are kept by default"


def test_phases_can_renew_the_head_once_and_where_it_comes_back() -> None:
    schedule = Phases({"squad": 8, "sst2": 3, "mnli": 2}, share=0.25, heads="renew")
    turns = list(schedule.turns(random.Random(0)))
    assert [place for place, turn in enumerate(turns) if turn.renew] == [7]
    assert turns[7].renew == ("squad",)
    assert [turn.tasks[0] for turn in turns] == ["squad"] * 2 + ["sst2"] * 3 + ["mnli"] * 2 + ["squad"] * 6


def test_phases_refuses_a_first_task_that_is_not_there() -> None:
    with pytest.raises(ValueError, match=r"^no task of this run called 'sqaud'\. Did you mean 'squad'\?$"):
        Phases({"sst2": 1, "squad": 2}, first="sqaud")
