"""The split that every run makes: nothing leaks, and it is the same for all limits and seeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtl_core import registry
from mtl_core.config.run import parse
from mtl_core.data import sample
from mtl_core.data.sources import hold_out, read
from mtl_core.errors import DataError
from mtl_core.kinds import kind_of
from mtl_core.kinds.span import Answer
from mtl_core.records import Example

SQUAD = registry.load("tasks", "squad")
group = kind_of(SQUAD).group


def questions(paragraphs: int, each: int) -> list[Example]:
    return [
        Example(f"{p}-{q}", (f"question {q}?", f"paragraph {p}"), (Answer("paragraph", 0),))
        for p in range(paragraphs)
        for q in range(each)
    ]


def test_a_tenth_at_most_is_held_out() -> None:
    train, held = hold_out(questions(200, 5), 500, group)
    assert 100 <= len(held) <= 104
    assert len(train) + len(held) == 1000
    assert 20 <= len(hold_out(questions(200, 5), 20, group)[1]) <= 24


def test_questions_on_one_paragraph_stay_together() -> None:
    train, held = hold_out(questions(200, 5), 60, group)
    assert not {example.inputs[1] for example in train} & {example.inputs[1] for example in held}


def test_the_first_training_examples_do_not_depend_on_limit_or_seed() -> None:
    task = registry.load("tasks", "sst2")
    small = read(task, parse({"tasks": "sst2", "train_limit": 50}))
    large = read(task, parse({"tasks": "sst2", "train_limit": 400, "seed": 9}))
    assert small.train == large.train[:50]
    assert small.selection == large.selection
    assert small.dev == large.dev
    assert small.fingerprint() != large.fingerprint()
    assert small.fingerprint() == read(task, parse({"tasks": "sst2,mnli", "train_limit": 50})).fingerprint()


def test_no_split_shares_a_text_with_another() -> None:
    for name in sample.tasks_with_sample():
        splits = read(registry.load("tasks", name), parse({"tasks": name}))
        ids = [{example.id for example in part} for part in (splits.train, splits.selection, splits.dev)]
        assert not ids[0] & ids[1]
        assert not ids[0] & ids[2]
        assert not ids[1] & ids[2]


def test_two_examples_still_leave_one_to_train() -> None:
    train, held = hold_out(questions(2, 1), 500, group)
    assert (len(train), len(held)) == (1, 1)


@pytest.mark.parametrize("number", [0, 1])
def test_fewer_leave_nothing_to_hold_out(number: int) -> None:
    train, held = hold_out(questions(number, 1), 500, group)
    assert (len(train), len(held)) == (number, 0)


def test_one_example_is_too_few(tmp_path: Path) -> None:
    (tmp_path / "SST-2").mkdir()
    for split in ("train", "dev"):
        (tmp_path / "SST-2" / f"{split}.tsv").write_text("sentence\tlabel\na fine film\t1\n")
    config = parse({"tasks": "sst2", "source": "folder", "data": str(tmp_path)})
    with pytest.raises(DataError) as caught:
        read(registry.load("tasks", "sst2"), config)
    assert str(caught.value) == "sst2: too few training examples (1). Give at least 2."
