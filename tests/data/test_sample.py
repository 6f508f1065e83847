"""The sample as a source: sizes, balance, the same as ever, nothing of dev in train."""

from __future__ import annotations

import dataclasses
import hashlib
import lzma
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from mtl_core import registry
from mtl_core.data import sample
from mtl_core.data.examples import Split, TaskData
from mtl_core.errors import DataError
from mtl_core.kinds import Task
from tests.data.generator.aspects import HELD_OUT

PINNED = {
    "conll2003": "0c136d26159eef86",
    "copa": "a35bbce3d8456095",
    "go_emotions": "0b4b4131b4030131",
    "mnli": "eb1ea57b744a27c2",
    "squad": "aacccdc9a9b0bda3",
    "squad_v2": "021e90fbad04d8db",
    "sst2": "e58280978edea9f0",
    "stsb": "5401e1e0411aea14",
}
"""Digests of every text, label and answer. A change makes scores incomparable with older ones: say so in CHANGELOG."""


@cache
def data(name: str) -> TaskData:
    return sample.read(registry.load("tasks", name))


def digest(name: str) -> str:
    """Sixteen characters that change when anything of a task's sample does."""
    told = data(name)
    text = repr([(one.id, one.inputs, one.gold) for split in (told.train, told.dev) for one in split.examples])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", sample.tasks_with_sample())
def test_each_task_has_as_many_examples_and_no_notes(name: str) -> None:
    told = data(name)
    assert (len(told.train.examples), len(told.dev.examples)) == (4000, 500)
    assert told.train.notes == told.dev.notes == ()
    ids = [example.id for split in (told.train, told.dev) for example in split.examples]
    assert len(set(ids)) == 4500


@pytest.mark.parametrize("name", sorted(PINNED))
def test_the_sample_is_the_one_that_was_calibrated(name: str) -> None:
    assert digest(name) == PINNED[name]


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


def test_every_kind_can_be_tried_without_data() -> None:
    kinds = {registry.load("tasks", name).kind for name in sample.tasks_with_sample()}
    assert kinds == set(registry.names("kinds"))


def test_two_in_five_questions_of_version_2_have_no_answer_and_speak_of_what_the_passage_does() -> None:
    for split in (data("squad_v2").train, data("squad_v2").dev):
        without = [example for example in split.examples if example.gold == ()]
        assert len(without) == 0.4 * len(split.examples)
        names = [set(re.findall(r"[A-Z]\w+", one.inputs[0][1:])) & set(one.inputs[1].split()) for one in without]
        assert sum(map(bool, names)) > 0.7 * len(without)


def test_the_scale_and_every_feeling_are_in_both_splits() -> None:
    for name, answers in (("stsb", 6), ("go_emotions", 28)):
        for split in (data(name).train, data(name).dev):
            golds = [example.gold for example in split.examples]
            assert len({one for gold in golds for one in (gold if isinstance(gold, tuple) else (gold,))}) == answers
    assert {len(example.gold) for example in data("go_emotions").dev.examples} == {1, 2}  # type: ignore[arg-type]


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


def changed(**changes: object) -> Task:
    return dataclasses.replace(registry.load("tasks", "sst2"), **changes)  # type: ignore[arg-type]


def test_the_files_that_are_there_say_which_tasks_have_a_sample() -> None:
    assert sample.tasks_with_sample() == tuple(sorted(PINNED))


@pytest.mark.parametrize("layout", [{"folder": "CoLA/{split}"}, {"folder_dev": "dev_matched"}])
def test_other_tasks_have_no_sample_and_are_told_what_to_do(layout: dict[str, object]) -> None:
    cola = changed(name="cola", **layout)
    assert not sample.has_sample(cola)
    with pytest.raises(DataError) as caught:
        sample.read(cola)
    assert str(caught.value) == (
        "there is no generated sample for 'cola'. It exists for conll2003, copa, go_emotions, mnli, squad, squad_v2, "
        "sst2 and stsb. Use the source 'folder' or 'hub' for this task."
    )
    assert caught.value.faults[0].field == "source"


def test_one_task_with_a_sample_is_told_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "SST-2").mkdir()
    for split in ("train", "dev"):
        (tmp_path / "SST-2" / f"{split}.tsv").touch()
    monkeypatch.setattr(sample, "SAMPLE", tmp_path)
    with pytest.raises(DataError, match=r"for 'mnli'\. It exists for sst2\. Use"):
        sample.read(registry.load("tasks", "mnli"))


def test_a_row_that_does_not_fit_is_told_without_a_path_of_the_machine() -> None:
    with pytest.raises(DataError) as caught:
        sample.read(changed(labels=("bad", "good"), label_columns=("mood",)))
    assert str(caught.value) == (
        "generated sample, SST-2/train.tsv.xz: no column 'mood'. Expected sentence, mood; found sentence, label."
    )


def test_a_broken_file_is_told_without_a_path_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "SST-2").mkdir()
    for split in ("train", "dev"):
        (tmp_path / "SST-2" / f"{split}.tsv.xz").write_bytes(lzma.compress(b"sentence\tlabel\nfine\tperhaps\n"))
    monkeypatch.setattr(sample, "SAMPLE", tmp_path)
    with pytest.raises(DataError) as caught:
        sample.read(registry.load("tasks", "sst2"))
    assert str(caught.value) == (
        "generated sample, SST-2/train.tsv.xz, line 2: unknown label 'perhaps' for sst2. "
        "Labels are negative, positive or their numbers 0 to 1."
    )
