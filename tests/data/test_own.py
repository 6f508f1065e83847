"""Own tasks as data: rules, what is held out, and files that change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mtl_core import registry
from mtl_core.config import run as configs
from mtl_core.config.definitions import version
from mtl_core.data import files, guess, own, remarks, sources, tables
from mtl_core.errors import DataError
from mtl_core.kinds._definition import made
from mtl_core.store.tasks import refreshed
from tests.own_tasks import LABELS, tickets, write_csv


def definition(path: Path, dev: Path | None = None, **more: Any) -> dict[str, Any]:
    return refreshed({**guess.of_files(path, dev).definition, **more})


def read(found: dict[str, Any]) -> Any:
    return own.read(made(found), found)


def test_a_dev_share_is_held_out_by_text_and_label(tmp_path: Path) -> None:
    rows = tickets(600)
    whole = read(definition(write_csv(tmp_path / "a.csv", rows)))
    assert len(whole.train.examples) + len(whole.dev.examples) == 600
    counts = [sum(one.gold == label for one in whole.dev.examples) for label in range(3)]
    totals = [sum(label == LABELS[number] for _, label in rows) for number in range(3)]
    assert all(abs(count - total / 10) <= 1 for count, total in zip(counts, totals, strict=True))
    assert whole.dev.notes == (
        f"there is no dev file: {sum(counts)} of 600 rows are held out by text hash, label by label",
    )
    turned = read(definition(write_csv(tmp_path / "b" / "a.csv", rows[::-1])))
    assert {one.inputs for one in turned.dev.examples} == {one.inputs for one in whole.dev.examples}


def test_rows_of_one_text_are_held_out_together(tmp_path: Path) -> None:
    rows = [(f"{text}  {'' if copy else ' '}", label) for text, label in tickets(100) for copy in range(3)]
    whole = read(definition(write_csv(tmp_path / "a.csv", rows)))
    train, dev = ({one.inputs for one in part.examples} for part in (whole.train, whole.dev))
    assert not train & dev
    assert len(whole.dev.examples) % 3 == 0


def test_a_premise_of_many_rows_does_not_keep_the_dev_set_small(tmp_path: Path) -> None:
    lines = [f"{'the premise' if n < 250 else f'premise {n}'},claim {n},{LABELS[n % 3]}" for n in range(300)]
    (tmp_path / "a.csv").write_text("\n".join(["premise,hypothesis,label", *lines]) + "\n")
    whole = read(definition(tmp_path / "a.csv"))
    assert [sum(one.gold == label for one in whole.dev.examples) for label in range(3)] == [10, 10, 10]
    assert whole.dev.notes == (
        "there is no dev file: 30 of 300 rows are held out by text hash, label by label; rows of one premise stay "
        "together, 250 at most",
    )


def test_numbers_in_one_file_and_names_in_the_other_are_refused(tmp_path: Path) -> None:
    for name, labels in (("train", ("spam", "ham")), ("dev", ("0", "1"))):
        lines = [f"text {n} of {name},{labels[n % 2]}" for n in range(40)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["text,label", *lines]) + "\n")
    found = definition(tmp_path / "train.csv", tmp_path / "dev.csv")
    with pytest.raises(DataError, match=r"^dev.csv, line 2: the label is a number, and train.csv, line 2 has the labe"):
        read(found)
    numbers = {**found, "data": {**found["data"], "train": found["data"]["dev"], "dev": None}, "hold_out": 0.1}
    assert {one.gold for one in read(numbers).train.examples} == {0, 1}  # all of them numbers, in the order of labels


def test_what_is_odd_in_the_data_is_said(tmp_path: Path) -> None:
    same = write_csv(tmp_path / "a.csv", [*tickets(40), ("a wish", "Wish")])
    found = definition(same, same)
    assert remarks.of(made(found), read(found)) == [
        "dev: all 41 examples are in the training file too, so scores tell nothing of new texts",
        "the labels Wish and wish differ in small and large letters alone, and count as 2 labels",
    ]
    one = write_csv(tmp_path / "dev.csv", [("a dev text", "bug")])
    found = definition(same, one)
    assert remarks.of(made(found), read(found))[0] == "no dev row is labelled Wish or question or wish"


def test_tags_are_counted_word_by_word(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("".join(f"Anna{n} B-PER\nruns O\nfar O\n\n" for n in range(20)))
    found = definition(path, path)
    assert remarks.tags(made(found), read(found))["dev"] == {"O": 40, "B-PER": 20}


def test_rules_leave_rows_out_and_say_so(tmp_path: Path) -> None:
    dev_rows = [(f"dev {text}", label) for text, label in tickets(20, seed=9)]
    rows = [*tickets(40), ("same text", "bug"), ("Same  TEXT", "bug"), ("split", "bug"), ("split", "wish"), dev_rows[0]]
    train, dev = write_csv(tmp_path / "train.csv", rows), write_csv(tmp_path / "dev.csv", dev_rows)
    assert len(read(definition(train, dev)).train.examples) == 45
    whole = read(definition(train, dev, rules=["in_dev", "duplicates", "contradictory"]))
    assert len(whole.train.examples) == 45 - 1 - 2 - 1
    assert whole.train.notes == (
        "1 training rows that repeat an earlier one are left out",
        "2 training rows whose text has other labels too are left out",
        "1 training rows that are in the dev set are left out",
    )


def test_rows_without_a_label_are_left_out_and_counted(tmp_path: Path) -> None:
    found = definition(write_csv(tmp_path / "a.csv", [*tickets(40), ("who knows", ""), ("or this", " ")]))
    assert found["task"]["labels"] == list(LABELS)
    assert "2 of 42 rows have no label and are left out" in read(found).train.notes


def test_numbers_as_labels_are_names_and_not_places(tmp_path: Path) -> None:
    found = definition(write_csv(tmp_path / "a.csv", [(f"this is text {n}", str(1 + n % 3)) for n in range(60)]))
    assert found["task"]["labels"] == ["1", "2", "3"]
    whole = read(found)
    assert all(one.inputs[0].split()[-1] for one in whole.train.examples)
    assert {(int(one.inputs[0].split()[-1]) % 3, one.gold) for one in whole.train.examples} == {(0, 0), (1, 1), (2, 2)}


def test_a_version_follows_content_and_not_the_place(tmp_path: Path) -> None:
    rows = tickets(60)
    first = definition(write_csv(tmp_path / "a.csv", rows))
    moved = definition(write_csv(tmp_path / "elsewhere" / "a.csv", rows))
    assert version(first) == version(moved)
    assert version({**first, "rules": ["duplicates"]}) != version(first)
    changed = definition(write_csv(tmp_path / "changed" / "a.csv", [*rows[1:], (rows[0][0], "wish")]))
    assert version(changed) != version(first)


def test_a_run_does_not_read_other_data_than_it_is_about(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", tickets(60))
    found = definition(path)
    write_csv(path, tickets(61))
    with pytest.raises(DataError, match=f"a: .*a.csv has changed since version {version(found)} of the task"):
        read(found)
    path.unlink()
    with pytest.raises(DataError, match=r"a: its data, .*a.csv, can't be read \(No such file or directory\)"):
        read(found)


def test_a_run_mixes_own_files_folder_and_sample(tmp_path: Path) -> None:
    found = definition(write_csv(tmp_path / "tickets.csv", tickets(60)))
    config = configs.parse(
        {"tasks": ("tickets", "sst2", "mnli"), "definitions": {"tickets": found}, "source": "sample", "seed": 1}
    )
    assert [config.place_of(task)[0] for task in config.tasks] == ["own", "sample", "sample"]
    assert config.origin == "mixed"
    splits = sources.read(made(found), config)
    assert len(splits.train) + len(splits.selection) + len(splits.dev) == 60
    assert config.alone("sst2").arm == configs.parse({"tasks": "sst2", "source": "sample"}).arm
    assert config.alone("sst2").definitions == {}
    own_alone = config.alone("tickets")
    assert own_alone.arm == configs.parse({"tasks": "tickets", "definitions": {"tickets": found}, "source": "hub"}).arm


def test_json_lines_are_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "a"}\r\n\r\n{"text": "b"}\n[1]\n')
    found = tables.rows(path, "rows.jsonl", tables.Reading())
    assert [next(found), next(found)] == [tables.Numbered(1, {"text": "a"}), tables.Numbered(3, {"text": "b"})]
    with pytest.raises(DataError, match=r"^rows.jsonl, line 4: a row must be an object"):
        next(found)


def test_a_json_document_that_is_too_large_is_told_what_to_become(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_JSON", 20)
    path = tmp_path / "rows.json"
    path.write_text('[{"text": "a", "label": "b"}]')
    with pytest.raises(DataError, match=r"too large to be read as a whole .* Save it as JSON lines"):
        tables.rows(path, "rows.json", tables.Reading())


def test_own_questions_without_an_answer_are_scored_as_squad_2_is(tmp_path: Path) -> None:
    answers = [[{"text": "Lisbon", "answer_start": 10}], []]
    qas = [{"id": str(n), "question": f"Where {n}?", "answers": answers[n % 2]} for n in range(8)]
    path = tmp_path / "faq.json"
    path.write_text(json.dumps({"data": [{"paragraphs": [{"context": "It was in Lisbon.", "qas": qas}]}]}), "utf-8")
    assert made(guess.of_files(path).definition).metrics == registry.load("tasks", "squad_v2").metrics
