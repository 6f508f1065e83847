"""A task guessed from a file: form, delimiter, quoting, encoding, header, columns, kind, labels."""

from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path

import pytest

from mtl_core.data import guess
from mtl_core.data.guess import Said
from mtl_core.errors import DataError, InvalidConfig
from tests.own_tasks import LABELS, tickets, write_csv


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_of_any_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [(f"{text} – café", label) for text, label in tickets(60)]
    found = guess.of_files(write_csv(tmp_path / "tickets.csv", rows, delimiter, encoding))
    task = found.definition["task"]
    assert found.definition["name"] == "tickets"
    assert (task["kind"], task["inputs"], task["labels"]) == ("classification", ["text"], list(LABELS))
    assert task["label_columns"] == ["label"]
    assert found.definition["reading"]["delimiter"] == delimiter
    assert found.rows == 60
    shown = guess.preview(found)
    assert (shown[0]["inputs"]["Text"], shown[0]["answer"]) == rows[0]


def test_quotation_marks_of_glue_are_ordinary_characters(tmp_path: Path) -> None:
    path = tmp_path / "reviews.tsv"
    lines = [f'"it is {word} and "fine\t{n % 2}' for n, word in enumerate(["odd", "so", "dull", "new"] * 5)]
    path.write_text("sentence\tlabel\n" + "\n".join(lines) + "\n", "utf-8")
    found = guess.of_files(path)
    assert found.definition["reading"]["quoted"] is False
    assert guess.preview(found)[0]["inputs"]["Sentence"] == '"it is odd and "fine'


def test_a_table_without_a_header(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("".join(f"{label},{text.replace(',', '')}\n" for text, label in tickets(30)), "utf-8")
    found = guess.of_files(path)
    assert found.definition["reading"]["header"] is False
    assert (found.definition["task"]["inputs"], found.definition["task"]["label_columns"]) == (["column2"], ["column1"])
    assert found.rows == 30


def test_pairs_and_numbers_and_answers(tmp_path: Path) -> None:
    pair = tmp_path / "pairs.jsonl"
    rows = [{"premise": f"A man {n} sleeps there", "hypothesis": f"He {n} is awake", "label": n % 3} for n in range(30)]
    pair.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert guess.of_files(pair).definition["task"]["inputs"] == ["premise", "hypothesis"]
    assert guess.of_files(pair).definition["task"]["labels"] == ["0", "1", "2"]
    scores = tmp_path / "scores.csv"
    scores.write_text("text,score\n" + "".join(f"how good is this {n},{n / 7:.2f}\n" for n in range(30)), "utf-8")
    task = guess.of_files(scores).definition["task"]
    assert (task["kind"], task["low"], task["high"]) == ("regression", 0, 5)
    squad = tmp_path / "faq.json"
    answers = [{"text": "Lisbon", "answer_start": 10}]
    qas = [{"question": "Where?", "answers": answers}]
    squad.write_text(json.dumps({"data": [{"paragraphs": [{"context": "It was in Lisbon.", "qas": qas}]}]}), "utf-8")
    task = guess.of_files(squad).definition["task"]
    assert (task["kind"], task["inputs"]) == ("span", ["question", "context"])


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_packed_files(tmp_path: Path, ending: str, pack: object) -> None:
    plain = write_csv(tmp_path / "tickets.csv", tickets(30))
    packed = tmp_path / f"packed.csv{ending}"
    packed.write_bytes(pack(plain.read_bytes()))  # type: ignore[operator]
    found = guess.of_files(packed)
    assert (found.definition["name"], found.rows) == ("packed", 30)


def test_what_is_said_goes_before_what_is_guessed(tmp_path: Path) -> None:
    path = tmp_path / "mails.csv"
    lines = [f"Subject {n},This is the body of {n},{'ab'[n % 2]},{n % 5}\n" for n in range(40)]
    path.write_text("subject,body,team,stars\n" + "".join(lines), "utf-8")
    guessed = guess.of_files(path)
    assert guessed.definition["task"]["inputs"] == ["subject", "body"]
    assert guessed.definition["task"]["label_columns"] in (["team"], ["stars"])
    said = Said(name="routing", inputs=("body",), answer="stars", kind="regression", task={"title": "Routing"})
    task = guess.of_files(path, None, said).definition
    assert (task["name"], task["task"]["kind"], task["task"]["inputs"]) == ("routing", "regression", ["body"])
    assert (task["task"]["title"], task["task"]["low"], task["task"]["high"]) == ("Routing", 0, 4)


def test_what_can_not_be_guessed_is_asked_for(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "tickets.csv", tickets(30))
    with pytest.raises(InvalidConfig, match=r"no column called 'lable'. Did you mean 'label'\?"):
        guess.of_files(path, None, Said(answer="lable"))
    with pytest.raises(InvalidConfig, match=r"no kind of task called 'clasification'. Did you mean 'classification'\?"):
        guess.of_files(path, None, Said(kind="clasification"))
    nothing = tmp_path / "numbers.csv"
    nothing.write_text("a,b\n" + "".join(f"{n / 3},{n / 7}\n" for n in range(9)), "utf-8")
    with pytest.raises(DataError, match=r"its columns \('a', 'b'\) don't make a task"):
        guess.of_files(nothing)
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"\xef\xbb\xbf\n")
    with pytest.raises(DataError, match=r"empty.csv: the file is empty. Give one with at least one row."):
        guess.of_files(empty)


def test_a_folder_of_train_and_dev(tmp_path: Path) -> None:
    write_csv(tmp_path / "support" / "train.csv", tickets(60))
    write_csv(tmp_path / "support" / "validation.csv", tickets(20, seed=2))
    found = guess.of_folder(tmp_path / "support")
    assert found.definition["name"] == "support"
    assert [Path(found.definition["data"][split]["path"]).name for split in ("train", "dev")] == [
        "train.csv",
        "validation.csv",
    ]
    assert "hold_out" not in found.definition


def lines(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def test_the_other_kinds(tmp_path: Path) -> None:
    moods = [{"text": f"a text number {n}", "labels": [["glad"], ["sad", "calm"], []][n % 3]} for n in range(30)]
    task = guess.of_files(lines(tmp_path / "moods.jsonl", moods)).definition["task"]
    assert (task["kind"], task["labels"]) == ("multi_label", ["calm", "glad", "sad"])
    table = tmp_path / "topics.csv"
    rows = [f"a text number {n};{['news|sport', 'news', 'sport|money'][n % 3]}\n" for n in range(30)]
    table.write_text("text;label\n" + "".join(rows), "utf-8")
    task = guess.of_files(table).definition["task"]
    assert (task["kind"], task["labels"]) == ("multi_label", ["money", "news", "sport"])
    words = tmp_path / "names.conll"
    words.write_text("".join(f"Ada{n} B-PER\nsleeps O\n\n" for n in range(20)), "utf-8")
    found = guess.of_files(words)
    assert (found.definition["task"]["kind"], found.definition["task"]["labels"]) == ("tagging", ["O", "B-PER"])
    assert guess.preview(found)[0]["inputs"] == {"Sentence": "Ada0 sleeps"}
    choices = [
        {"premise": f"It rained on day {n}.", "choice1": "It got wet.", "choice2": "It got dry.", "label": n % 2}
        for n in range(20)
    ]
    task = guess.of_files(lines(tmp_path / "choices.jsonl", choices)).definition["task"]
    assert (task["kind"], task["inputs"], task["choices"]) == ("multiple_choice", ["premise", "choice1", "choice2"], 2)
    asked = [
        {"question": "Where?", "context": "In Lisbon.", "answers": [{"text": "Lisbon", "answer_start": 3}][: n % 2]}
        for n in range(4)
    ]
    task = guess.of_files(lines(tmp_path / "asked.jsonl", asked)).definition["task"]
    assert (task["kind"], task["unanswerable"]) == ("span", True)
