"""The split that every run makes: nothing leaks, and it is the same for all limits and seeds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mtl_core import registry
from mtl_core.config.run import parse
from mtl_core.data import sample
from mtl_core.data.sources import counts, hold_out, read
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


def test_training_examples_are_part_of_those_of_a_larger_limit_whatever_the_seed() -> None:
    task = registry.load("tasks", "sst2")
    small = read(task, parse({"tasks": "sst2", "train_limit": 50}))
    large = read(task, parse({"tasks": "sst2", "train_limit": 400, "seed": 9}))
    assert set(small.train) < set(large.train)
    assert list(small.train) == [example for example in large.train if example in set(small.train)]
    assert Counter(example.gold for example in small.train) == {0: 25, 1: 25}
    assert small.selection == large.selection
    assert small.dev == large.dev
    assert small.fingerprint() != large.fingerprint()
    assert small.fingerprint() == read(task, parse({"tasks": "sst2,mnli", "train_limit": 50})).fingerprint()


def test_a_limit_by_first_takes_the_first_as_version_0_1_did() -> None:
    task = registry.load("tasks", "sst2")
    whole = read(task, parse({"tasks": "sst2"}))
    few = read(task, parse({"tasks": "sst2", "train_limit": 50, "eval_limit": 20, "limit_by": "first"}))
    assert (few.train, few.selection, few.dev) == (whole.train[:50], whole.selection, whole.dev[:20])


@pytest.mark.parametrize("limit_by", ["hash", "first"])
def test_a_limit_that_leaves_nothing_out_changes_nothing(limit_by: str) -> None:
    for name in sample.tasks_with_sample():
        task = registry.load("tasks", name)
        large = {"train_limit": 10**6, "eval_limit": 10**6, "limit_by": limit_by}
        whole, limited = read(task, parse({"tasks": name})), read(task, parse({"tasks": name, **large}))
        assert whole == limited
        assert whole.fingerprint() == limited.fingerprint()


def test_drawn_dev_questions_stand_in_the_files_order_and_are_about_many_paragraphs() -> None:
    whole = read(SQUAD, parse({"tasks": "squad"})).dev
    drawn = read(SQUAD, parse({"tasks": "squad", "eval_limit": 20}))
    places = [whole.index(example) for example in drawn.dev]
    assert places == sorted(places)
    assert drawn.clusters()["dev"] == {}  # each is about a paragraph of its own
    assert counts(whole) == {"article": 100, "paragraph": 100}


SAME_FILE = "dev: all 20 examples are in the training file too, so scores tell nothing of new texts"


def sorted_by_label(folder: Path, *labels: int) -> dict[str, Any]:
    """SST-2 with 60 examples of each label, one label after the other."""
    (folder / "SST-2").mkdir()
    rows = [f"{'fine' if label else 'dull'} film number {n}\t{label}\n" for label in labels for n in range(60)]
    for split in ("train", "dev"):
        (folder / "SST-2" / f"{split}.tsv").write_text("sentence\tlabel\n" + "".join(rows))
    return {"tasks": "sst2", "source": "folder", "data": str(folder), "train_limit": 30, "eval_limit": 20}


def test_a_sorted_file_trains_and_scores_both_labels(tmp_path: Path) -> None:
    task, values = registry.load("tasks", "sst2"), sorted_by_label(tmp_path, 0, 1)
    splits = read(task, parse(values))
    assert Counter(example.gold for example in splits.dev) == {0: 10, 1: 10}
    assert 13 <= Counter(example.gold for example in splits.train)[0] <= 17
    assert splits.notes == (SAME_FILE,)
    first = read(task, parse({**values, "limit_by": "first"}))
    assert first.notes == (
        "train: none of the 30 examples is labelled positive",
        "dev: none of the 20 examples is labelled positive",
        SAME_FILE,
    )


def test_data_without_a_label_are_told(tmp_path: Path) -> None:
    splits = read(registry.load("tasks", "sst2"), parse(sorted_by_label(tmp_path, 1)))
    assert splits.notes == (
        "train: none of the 30 examples is labelled negative",
        "dev: none of the 20 examples is labelled negative",
        SAME_FILE,
    )


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


def about(*sizes: int) -> list[Example]:
    """So many examples about each of some paragraphs."""
    return [
        Example(f"{p}-{q}", (f"question {q}?", f"paragraph {p}"), (Answer("paragraph", 0),))
        for p, size in enumerate(sizes)
        for q in range(size)
    ]


def test_a_text_of_most_rows_is_not_held_out() -> None:
    examples = about(250, *[1] * 50)
    train, held = hold_out(examples, 500, group)
    assert (len(train), len(held)) == (270, 30)
    assert sum(example.inputs[1] == "paragraph 0" for example in train) == 250
    by_earlier_rules = [len(part) for part in hold_out(examples, 500, group, rules=1)]
    assert by_earlier_rules == [31, 269] or by_earlier_rules[1] > 30  # as its hash falls


def test_where_each_text_has_too_many_rows_they_are_drawn_one_by_one() -> None:
    for sizes in ((50,), (30, 30, 40)):
        examples = about(*sizes)
        train, held = hold_out(examples, 500, group)
        assert len(held) == sum(sizes) // 10
        assert len(train) + len(held) == sum(sizes)
        assert hold_out(examples[::-1], 500, group)[1] == held[::-1]
    assert hold_out(about(50), 500, group, rules=1)[1] == []


def test_splits_of_real_sizes_are_as_they_were() -> None:
    for examples in (questions(200, 5), about(*[number % 7 + 1 for number in range(300)])):
        assert hold_out(examples, 50, group) == hold_out(examples, 50, group, rules=1)


def paired(folder: Path, rows: list[tuple[str, str]], dev: list[tuple[str, str]], **values: Any) -> Any:
    (folder / "MNLI").mkdir(exist_ok=True)
    for split, own in (("train", rows), ("dev_matched", dev)):
        lines = [f"{premise}\t{hypothesis}\t{n % 3}\n" for n, (premise, hypothesis) in enumerate(own)]
        (folder / "MNLI" / f"{split}.tsv").write_text("sentence1\tsentence2\tlabel\n" + "".join(lines))
    return read(MNLI, parse({"tasks": "mnli", "source": "folder", "data": str(folder), **values}))


MNLI = registry.load("tasks", "mnli")
PAIRS = [("", f"hypothesis {n}") for n in range(50)]


def test_one_premise_in_all_rows_is_divided_and_told(tmp_path: Path) -> None:
    splits = paired(tmp_path, PAIRS, [("a", "b"), ("a", "c"), ("a", "d")])
    assert (len(splits.train), len(splits.selection)) == (45, 5)
    assert splits.notes == (
        "validation: too many examples are about one premise to hold them out together: 1 is in training and "
        "validation, which makes the validation loss too low",
    )
    with pytest.raises(DataError) as caught:
        paired(tmp_path, PAIRS, PAIRS, data_rules=1)
    assert str(caught.value) == (
        "mnli: the 50 training examples are about 1 different premise, so none can be held out for validation. "
        "Give examples about others."
    )


def test_dev_examples_that_are_in_the_training_file_are_told(tmp_path: Path) -> None:
    rows = [(f"premise {n}", "x") for n in range(30)]
    assert paired(tmp_path, rows, rows).notes == (
        "dev: all 30 examples are in the training file too, so scores tell nothing of new texts",
    )
    others = [(f"other {n}", "x") for n in range(27)]
    assert paired(tmp_path, rows, [*others, *rows[:3]]).notes == (
        "dev: 3 of 30 examples have the texts of a training example",
    )
    assert paired(tmp_path, rows, others).notes == ()


def test_one_example_is_too_few(tmp_path: Path) -> None:
    (tmp_path / "SST-2").mkdir()
    for split in ("train", "dev"):
        (tmp_path / "SST-2" / f"{split}.tsv").write_text("sentence\tlabel\na fine film\t1\n")
    config = parse({"tasks": "sst2", "source": "folder", "data": str(tmp_path)})
    with pytest.raises(DataError) as caught:
        read(registry.load("tasks", "sst2"), config)
    assert str(caught.value) == "sst2: too few training examples (1). Give at least 2."
