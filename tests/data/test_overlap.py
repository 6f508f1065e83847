"""Texts of a target's dev set in a helper's training data: counted, and left out where asked."""

from __future__ import annotations

from pathlib import Path

from mtl_core.config import run as configs
from mtl_core.data import guess, overlap, sources
from mtl_core.data.overlap import Overlap
from mtl_core.kinds._definition import made
from mtl_core.records import Example
from mtl_core.store.tasks import refreshed
from tests.own_tasks import tickets, write_csv

PASSAGE = "The bridge was built by monks in the year 1340. It was replaced by an iron one later on. He agreed."


def example(number: int, *inputs: str) -> Example:
    return Example(str(number), inputs, 0)


def test_a_sentence_of_a_passage_counts_and_a_short_one_does_not() -> None:
    dev = [example(1, "Who built it?", PASSAGE), example(2, "Who agreed to it?", "He agreed. She did not.")]
    train = [
        example(3, "Who?", "the bridge was built by  monks in the year 1340."),
        example(4, "Who?", "He agreed."),
        example(5, "x", "y"),
    ]
    assert overlap.between(dev, train) == Overlap(dev=1, of=2, rows=1)


def test_helpers_train_without_what_the_target_is_tested_on(tmp_path: Path) -> None:
    dev = [(f"a dev text that is long enough: {text}", label) for text, label in tickets(20, seed=9)]
    target = guess.of_files(write_csv(tmp_path / "target.csv", tickets(60)), write_csv(tmp_path / "dev.csv", dev))
    helper = guess.of_files(write_csv(tmp_path / "helper.csv", [*tickets(60, seed=3), *dev[:5]]))
    definitions = {one.definition["name"]: refreshed(one.definition) for one in (target, helper)}
    values = {"tasks": ("target", "helper"), "definitions": definitions, "source": "sample"}
    kept, left = configs.parse(values), configs.parse({**values, "overlap": "leave_out"})
    splits = {name: sources.read(made(one), kept) for name, one in definitions.items()}
    found = sources.overlaps(splits)["target"]["helper"]
    held = 5 - found["dev"]  # those that the helper's own dev set or validation split has taken
    assert found == {"dev": 5 - held, "of": 20, "rows": 5 - held}
    assert found["dev"] >= 2
    other = {name: sources.read(made(one), left) for name, one in definitions.items()}
    assert sources.overlaps(other) == {}
    assert other["target"].fingerprint() == splits["target"].fingerprint()
    assert any("rows with texts of target's dev set are left out" in note for note in other["helper"].notes)
    assert kept.arm != left.arm
    assert kept.alone("target").arm == left.alone("target").arm
