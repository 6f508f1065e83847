"""The order in which limits draw: proportional over clusters and labels, nested, and of the examples alone."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mtl_core import registry
from mtl_core.data.drawing import drawing_order, drawn
from mtl_core.data.sources import hold_out
from mtl_core.kinds import kind_of
from mtl_core.kinds.span import Answer
from mtl_core.records import Example
from mtl_core.tasks.stsb import STSB

SQUAD, MNLI, SST2 = (registry.load("tasks", name) for name in ("squad", "mnli", "sst2"))
ARTICLES, QUESTIONS = 48, 10_570


def dev_set() -> list[Example]:
    """Questions in the shape of SQuAD's dev set, article after article: 48 from 20 to about 810 of them, about five a
    paragraph."""
    draw = random.Random(5)
    weights = [draw.lognormvariate(0, 0.75) for _ in range(ARTICLES)]
    sizes = [20 + round((QUESTIONS - 20 * ARTICLES) * weight / sum(weights)) for weight in weights]
    sizes[0] += QUESTIONS - sum(sizes)
    found = []
    for article, size in enumerate(sizes):
        paragraph = 0
        for number in range(size):
            paragraph += draw.random() < 0.2
            clusters = {"article": f"article {article}", "paragraph": f"{article}-{paragraph}"}
            texts = (f"{article} {number}?", clusters["paragraph"])
            found.append(Example(f"{article}-{number}", texts, (Answer("", 0),), clusters))
    return found


def of(task: str, gold: Sequence[float], clusters: Sequence[str] = ()) -> list[Example]:
    keys = [{"premise": key} for key in clusters] or [{}] * len(gold)
    return [Example(f"{task}{n}", ("a", "b"), one, own) for n, (one, own) in enumerate(zip(gold, keys, strict=True))]


def taken(task: object, examples: Sequence[Example], most: int) -> tuple[Example, ...]:
    return drawn(task, kind_of(task), examples, most)  # type: ignore[arg-type]


def test_two_thousand_of_squads_questions_have_every_article_in_proportion() -> None:
    examples = dev_set()
    assert len(examples) == QUESTIONS
    sizes = Counter(example.clusters["article"] for example in examples)
    for most in (500, 2000, 4000):
        found = Counter(example.clusters["article"] for example in taken(SQUAD, examples, most))
        assert max(abs(found[name] - most * size / QUESTIONS) for name, size in sizes.items()) < 1.5
    assert len(Counter(example.clusters["article"] for example in examples[:2000])) < 15


def test_questions_of_an_article_are_spread_over_its_paragraphs() -> None:
    """2,000 of 10,570 are one in five, and a paragraph has about five: nearly each gives one, where chance would
    leave a third out."""
    examples = dev_set()
    found = Counter(example.clusters["paragraph"] for example in taken(SQUAD, examples, 2000))
    sizes = Counter(example.clusters["paragraph"] for example in examples)
    by_chance = Counter(example.clusters["paragraph"] for example in random.Random(1).sample(examples, 2000))
    assert all(found[name] <= -(-2 * size // 5) for name, size in sizes.items())
    assert len(found) > 1.15 * len(by_chance)


def test_a_smaller_limit_takes_some_of_what_a_larger_one_takes_in_the_files_order() -> None:
    examples = dev_set()
    place = {example.id: number for number, example in enumerate(examples)}
    some, more = ([example.id for example in taken(SQUAD, examples, most)] for most in (500, 2000))
    assert set(some) < set(more)
    assert some == sorted(some, key=place.__getitem__)
    assert len(some) == 500


def test_the_order_of_the_file_does_not_matter() -> None:
    examples = [*dev_set()[:3000], *of("mnli", [0, 1, 2] * 200, [str(n // 3) for n in range(600)])]
    for task, own in ((SQUAD, examples[:3000]), (MNLI, examples[3000:])):
        mixed = random.Random(2).sample(own, len(own))
        assert {example.id for example in taken(task, own, 100)} == {example.id for example in taken(task, mixed, 100)}


def test_without_a_limit_or_with_a_large_one_nothing_moves() -> None:
    examples = dev_set()[:50]
    assert drawn(SQUAD, kind_of(SQUAD), examples, None) == tuple(examples)
    assert taken(SQUAD, examples, 50) == taken(SQUAD, examples, 51) == tuple(examples)
    assert drawn(SQUAD, kind_of(SQUAD), [], 3) == ()


def test_a_sorted_file_gives_each_label_its_share() -> None:
    """700 of one label, then 300 of the other: each prefix has 7 to 3, to within one."""
    examples = of("sst2", [0] * 700 + [1] * 300)
    golds = np.array([examples[place].gold for place in drawing_order(SST2, kind_of(SST2), examples)])
    ahead = np.abs(np.cumsum(golds) - 0.3 * np.arange(1, 1001))
    assert ahead.max() <= 1
    assert Counter(example.gold for example in taken(SST2, examples, 100)) == {0: 70, 1: 30}


def test_pairs_with_one_premise_are_far_from_each_other() -> None:
    """Each premise has one pair of each label: a third of the pairs has each premise once, and each label alike."""
    examples = of("mnli", [0, 1, 2] * 300, [str(n // 3) for n in range(900)])
    few = taken(MNLI, examples, 150)
    assert Counter(example.gold for example in few) == {0: 50, 1: 50, 2: 50}
    assert max(Counter(example.clusters["premise"] for example in few).values()) == 1
    third = Counter(example.clusters["premise"] for example in taken(MNLI, examples, 300))
    assert len(third) > 270  # labels in proportion come first, which moves a few


def test_numbers_keep_the_proportions_of_the_scales_parts() -> None:
    """Of 200 scores 150 are below 1, 40 from 2 to 3, 10 are 5, the end of the scale, which belongs to its last part."""
    examples = of("stsb", [0.5] * 150 + [2.5] * 40 + [5.0] * 10)
    kind = kind_of(STSB)
    assert {kind.stratum(STSB, example) for example in examples} == {"0 to 1", "2 to 3", "4 to 5"}
    assert Counter(example.gold for example in taken(STSB, examples, 20)) == {0.5: 15, 2.5: 4, 5.0: 1}


def test_by_hand() -> None:
    """Clusters A of four and B of two: A's places are 0, 1, 2, 3 and its hash over 4, B's 0, 1 and its own over 2.
    So half of the six are two of A and one of B, whatever the hashes are."""
    for salt in map(str, range(20)):
        examples = of("squad", [0] * 6, [f"A{salt}"] * 4 + [f"B{salt}"] * 2)
        found = [examples[place].clusters["premise"][0] for place in drawing_order(SQUAD, kind_of(SQUAD), examples)]
        assert sorted(found[:3]) == ["A", "A", "B"]
        assert sorted(found[3:]) == ["A", "A", "B"]


def test_it_has_nothing_to_do_with_what_is_held_out() -> None:
    """The validation split takes the lowest hashes of the texts; of what is left, drawn ones have usual hashes."""
    examples = [replace(one, inputs=(one.id,)) for one in of("sst2", [n % 2 for n in range(2000)])]
    train, held = hold_out(examples, 400, kind_of(SST2).group)
    kept = {example.id for example in taken(SST2, examples, 1000)}
    assert abs(len([example for example in held if example.id in kept]) - len(held) / 2) < 3 * (len(held) / 4) ** 0.5
    assert len(train) + len(held) == 2000
