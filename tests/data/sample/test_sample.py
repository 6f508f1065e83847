"""The sample as a source: sizes, balance, the same everywhere, nothing of dev in train."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from functools import cache

import pytest

from mtl_core import registry
from mtl_core.data import sample
from mtl_core.data.examples import Split, TaskData
from mtl_core.data.sample.aspects import HELD_OUT
from mtl_core.errors import DataError
from mtl_core.kinds import Task
from mtl_core.kinds.classification import Classification

PINNED = {"mnli": "eb1ea57b744a27c2", "squad": "aacccdc9a9b0bda3", "sst2": "e58280978edea9f0"}
"""Digests of every text, label and answer. A change makes scores incomparable with older ones: say so in CHANGELOG."""


@cache
def data(name: str) -> TaskData:
    return sample.read(registry.load("tasks", name))


def digest(name: str) -> str:
    """Sixteen characters that change when anything of a task's sample does."""
    told = data(name)
    text = repr([(one.id, one.inputs, one.gold) for split in (told.train, told.dev) for one in split.examples])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", registry.names("tasks"))
def test_each_registered_task_has_a_sample_without_notes(name: str) -> None:
    told = data(name)
    assert (len(told.train.examples), len(told.dev.examples)) == (4000, 500)
    assert told.train.notes == told.dev.notes == ()
    ids = [example.id for split in (told.train, told.dev) for example in split.examples]
    assert len(set(ids)) == 4500


@pytest.mark.parametrize("name", sorted(PINNED))
def test_the_sample_is_the_one_that_was_calibrated(name: str) -> None:
    assert digest(name) == PINNED[name]


def test_another_process_with_another_hash_seed_makes_the_same() -> None:
    code = "from tests.data.sample.test_sample import PINNED, digest; print(*(digest(name) for name in PINNED))"
    env = {**os.environ, "PYTHONHASHSEED": "123", "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    made = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert made.stdout.split() == list(PINNED.values())


@pytest.mark.parametrize("name", ["sst2", "mnli"])
def test_labels_are_balanced(name: str) -> None:
    for split in (data(name).train, data(name).dev):
        counts = Counter(example.gold for example in split.examples)
        assert max(counts.values()) - min(counts.values()) <= 1
        assert len(counts) == len(registry.load("tasks", name).labels)


@pytest.mark.parametrize("name", ["sst2", "mnli", "squad"])
def test_no_text_of_dev_is_in_train(name: str) -> None:
    train, dev = (
        {text for example in split.examples for text in example.inputs} for split in (data(name).train, data(name).dev)
    )
    assert not train & dev
    assert len(train) > 3000


@pytest.mark.parametrize("name", ["sst2", "mnli", "squad"])
def test_words_that_are_held_out_are_in_dev_alone(name: str) -> None:
    assert not HELD_OUT & words_of(data(name).train)
    assert HELD_OUT & words_of(data(name).dev)


def words_of(split: Split) -> set[str]:
    return {word for example in split.examples for text in example.inputs for word in tokens(text)}


def tokens(text: str) -> list[str]:
    return re.findall(r"[a-z'-]+", text.lower())


def test_texts_are_short_and_varied() -> None:
    lengths = sorted(len(tokens(example.inputs[0])) for example in data("sst2").train.examples)
    assert 8 <= lengths[len(lengths) // 2] <= 20
    contexts = [len(example.inputs[1].split()) for example in data("squad").train.examples]
    assert max(contexts) <= 110
    openings = Counter(tuple(tokens(example.inputs[0])[:4]) for example in data("sst2").train.examples)
    assert len(openings) > 1500
    assert openings.most_common(1)[0][1] < 60


def test_several_questions_are_asked_of_a_passage_and_some_have_several_answers() -> None:
    examples = data("squad").train.examples
    assert len({example.inputs[1] for example in examples}) == 800
    several = sum(len(example.gold) > 1 for example in examples if isinstance(example.gold, tuple))
    assert 400 < several < 2000
    for example in examples:
        assert isinstance(example.gold, tuple)
        for answer in example.gold:
            assert example.inputs[1][answer.start :].startswith(answer.text)


def test_the_tasks_share_their_words() -> None:
    reviews, pairs, passages = (words_of(data(name).train) for name in ("sst2", "mnli", "squad"))
    shared = reviews & pairs & passages
    assert {"not", "but", "hopeless", "pleasing", "gripping", "wooden", "anything"} <= shared
    assert len(shared) > 400


def keyword_accuracy(name: str) -> float:
    """What counting words reaches: naive Bayes over the words of all inputs, written by hand."""
    import math

    told, labels = data(name), range(len(registry.load("tasks", name).labels))
    counts = [Counter[str]() for _ in labels]
    for example in told.train.examples:
        counts[example.gold].update(set(tokens(" ".join(example.inputs))))  # type: ignore[index]
    vocabulary = set().union(*counts)
    totals = [sum(count.values()) + len(vocabulary) for count in counts]
    right = 0
    for example in told.dev.examples:
        found = [word for word in tokens(" ".join(example.inputs)) if word in vocabulary]
        scores = [sum(math.log((counts[label][word] + 1) / totals[label]) for word in found) for label in labels]
        right += scores.index(max(scores)) == example.gold
    return right / len(told.dev.examples)


@pytest.mark.parametrize(("name", "least", "most"), [("sst2", 0.55, 0.75), ("mnli", 0.36, 0.55)])
def test_counting_words_beats_chance_and_is_not_enough(name: str, least: float, most: float) -> None:
    assert least < keyword_accuracy(name) < most


def test_a_position_in_the_passage_is_not_enough() -> None:
    """Neither the first sentence nor any one sentence holds most answers."""
    where = Counter(
        example.inputs[1][: example.gold[0].start].count(". ")  # type: ignore[index]
        for example in data("squad").dev.examples
    )
    assert max(where.values()) < 0.5 * 500


def task(name: str, **changes: object) -> Task:
    return dataclasses.replace(registry.load("tasks", name), name="mine", **changes)  # type: ignore[arg-type]


def test_labels_and_columns_are_the_tasks_own() -> None:
    mine = task("sst2", inputs=("review",), labels=("positive", "negative"), label_columns=("mood",))
    own, usual = sample.read(mine).dev.examples, data("sst2").dev.examples
    assert [example.inputs for example in own] == [example.inputs for example in usual]
    assert [example.gold for example in own] == [1 - example.gold for example in usual]  # type: ignore[operator]


@pytest.mark.parametrize(
    "shape",
    [
        {"labels": ("different", "paraphrase")},
        {"labels": ("negative", "neutral", "positive")},
        {"inputs": ("one", "two"), "input_titles": ("One", "Two")},
    ],
)
def test_other_shapes_have_no_sample_and_are_told_what_to_do(shape: dict[str, object]) -> None:
    mine = task("sst2", **shape)
    assert isinstance(mine, Classification)
    with pytest.raises(DataError) as caught:
        sample.read(mine)
    assert str(caught.value) == (
        "there is no generated sample for 'mine'. It has one text labelled negative or positive, pairs labelled "
        "entailment, neutral or contradiction, and questions on a context. "
        "Use the source 'folder' or 'hub' for this task."
    )
    assert caught.value.faults[0].field == "source"
