"""A gold answer that is stored with a run is, for a metric, the one that was scored."""

from __future__ import annotations

import json

import pytest

from mtl_core import metrics, registry
from mtl_core.data import sample
from mtl_core.kinds import kind_of, stored_gold


@pytest.mark.parametrize("name", sample.tasks_with_sample())
def test_of_every_kind(name: str) -> None:
    task = registry.load("tasks", name)
    kind, examples = kind_of(task), sample.read(task).dev.examples[:40]
    stored = [json.loads(json.dumps(kind.show(task, one, 0).gold)) for one in examples]
    _, gold = kind.compared(task, examples, [])
    assert stored_gold(name, stored) == gold
    assert metrics.load(task.metric).floor(gold) is not None


def test_options_are_at_the_floor_where_always_the_same_place_is() -> None:
    """Not where always the same text is, as each example has texts of its own."""
    golds = [[{"choice": place, "of": 2}] for place in (0, 1, 1)]
    assert metrics.load("accuracy").floor(stored_gold("copa", golds)) == 2 / 3


def test_of_a_task_that_is_gone() -> None:
    assert stored_gold("gone", [["bug"], ["wish"]]) == ["bug", "wish"]
    assert stored_gold("gone", [[{"labels": ["a", "b"]}], [{"labels": []}]]) == [["a", "b"], []]
