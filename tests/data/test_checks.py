"""What is in a task's data, and the rules that follow from it."""

from __future__ import annotations

from pathlib import Path

from mtl_core.config.definitions import version
from mtl_core.data import checks, guess, own
from mtl_core.kinds._definition import made
from mtl_core.store.tasks import refreshed
from tests.own_tasks import tickets, write_csv


def test_everything_suspicious_is_counted_and_can_be_read_and_left_out(tmp_path: Path) -> None:
    dev = [(f"dev {text}", label) for text, label in tickets(20, seed=9)]
    near = f"{dev[1][0]}!"
    rows = [*tickets(40), ("same", "bug"), ("Same ", "bug"), ("split", "bug"), ("split", "wish"), dev[0], (near, "bug")]
    train, held = write_csv(tmp_path / "train.csv", [*rows, ("", "wish")]), write_csv(tmp_path / "dev.csv", dev)
    definition = refreshed(guess.of_files(train, held).definition)
    task = made(definition)
    report = checks.report(task, own.read_whole(task, definition))
    assert report["rows"] == {"train": 47, "dev": 20}
    assert sum(report["labels"]["train"].values()) == 47
    assert report["lengths"] is None
    counts = {one["rule"]: one["count"] for one in report["findings"]}
    assert counts == {"empty": 1, "duplicates": 1, "contradictory": 2, "in_dev": 1, "near_dev": 1}
    found = {one["rule"]: one for one in report["findings"]}
    assert found["near_dev"]["rows"] == [{"text": near, "answer": "bug", "like": dev[1][0]}]
    assert {row["answer"] for row in found["contradictory"]["rows"]} == {"bug", "wish"}
    cleaned = checks.with_rules(definition, list(counts), found["near_dev"]["ids"])
    assert len(own.read(task, cleaned).train.examples) == 47 - 6
    assert version(cleaned) != version(definition)
    assert checks.with_rules(cleaned, [], ["x"])["left_out"] == []


def test_lengths_are_in_tokens_with_the_share_that_is_cut(tmp_path: Path) -> None:
    def tokenizer(texts: list[str], **_: object) -> dict[str, list[list[int]]]:
        return {"input_ids": [[0] * len(text.split()) for text in texts]}

    rows = [(" ".join(["word"] * (n + 1)), "ab"[n % 2]) for n in range(100)]
    definition = refreshed(guess.of_files(write_csv(tmp_path / "a.csv", rows)).definition)
    task = made(definition)
    lengths = checks.report(task, own.read_whole(task, definition), tokenizer, 50)["lengths"]
    assert abs(lengths["cut"] - 0.5) < 0.06
    assert 40 < lengths["median"] < 60
    assert lengths["most"] > 90
