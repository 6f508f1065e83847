"""A task guessed from a file: form, delimiter, quoting, encoding, header, columns, kind, labels."""

from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path

import pytest

from mtl_core.data import guess, tables
from mtl_core.data.examples import build
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


def table(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("text,label,,,", "how is number {n},{label},,,"),
        (",text,label,", "{n},how is number {n},{label},"),
        (",frage,klasse", "{n},how is number {n},{label}"),
        ("sep=;\ntext;label", "how is number {n};{label}"),
        ("label,text", "{named},how is number {n}"),
    ],
)
def test_headers_as_spreadsheets_and_pandas_write_them(tmp_path: Path, header: str, row: str) -> None:
    rows = [row.format(n=n, label="ab"[n % 2], named=("label", "text")[n % 2]) for n in range(30)]
    found = guess.of_files(table(tmp_path / "some.csv", header, rows))
    task = found.definition["task"]
    assert (found.rows, task["kind"], len(task["labels"])) == (30, "classification", 2)
    assert task["inputs"][0] in ("text", "frage")
    assert guess.preview(found)[0]["place"] == header.count("\n") + 2


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    rows = [f"how is number {n},bug,{'ab'[n % 2]}" for n in range(20)]
    with pytest.raises(DataError, match=r"some.csv, line 1: two columns are called 'label'"):
        guess.of_files(table(tmp_path / "some.csv", "text,label,label", rows))


TEXTS_OF_OPTIONS = ["it is this", "or that", "none of them", "all"]


@pytest.mark.parametrize("marks", ["numbers", "arc", "objects"])
def test_a_list_of_options(tmp_path: Path, marks: str) -> None:
    rows: list[dict[str, object]] = []
    for n in range(24):
        named = ["A", "B", "C", "D"] if n % 2 else ["1", "2", "3", "4"]
        both = [{"text": text, "label": mark} for text, mark in zip(TEXTS_OF_OPTIONS, named, strict=True)]
        options = {"numbers": TEXTS_OF_OPTIONS, "arc": {"text": TEXTS_OF_OPTIONS, "label": named}, "objects": both}
        answer = n % 4 if marks == "numbers" else named[n % 4]
        rows.append({"question": f"What is number {n} here?", "choices": options[marks], "answerKey": answer})
    found = guess.of_files(lines(tmp_path / "quiz.jsonl", rows))
    task = found.definition["task"]
    assert (task["kind"], task["choices"], task["choices_column"]) == ("multiple_choice", 4, "choices")
    assert [row["answer"] for row in guess.preview(found, 4)] == TEXTS_OF_OPTIONS
    said = Said(inputs=("question", "choices"), answer="answerKey")  # as the page's form says it
    assert guess.of_files(tmp_path / "quiz.jsonl", None, said).definition["task"] == task
    split = build(found.task, rows, lambda n: f"line {n}")
    assert split.examples[1].inputs == ("What is number 1 here?", *TEXTS_OF_OPTIONS)
    short = [rows[0], {**rows[1], "choices": ["one", "two"]}]
    with pytest.raises(DataError, match=r"line 1: 2 options in 'choices', where quiz has 4"):
        build(found.task, short, lambda n: f"line {n}")
    with pytest.raises(DataError, match=r"no column 'choices'"):
        build(found.task, [{"question": "What?", "answerKey": "A"}], lambda n: f"line {n}")


@pytest.mark.parametrize(
    ("header", "answers"),
    [
        ("question,A,B,C,answer", "ABC"),
        ("frage,option_a,option_b,option_c,antwort", "abc"),
        ("question,choice1,choice2,choice3,label", "123"),
        ("question,choice1,choice2,choice3,answer", ("yes", "no", "may be")),
    ],
)
def test_options_in_columns(tmp_path: Path, header: str, answers: tuple[str, ...] | str) -> None:
    rows = [f"what is number {n} here,yes,no,may be,{answers[n % 3]}" for n in range(24)]
    found = guess.of_files(table(tmp_path / "quiz.csv", header, rows))
    assert (found.task.kind, found.definition["task"]["choices"]) == ("multiple_choice", 3)
    assert [row["answer"] for row in guess.preview(found, 3)] == ["yes", "no", "may be"]


@pytest.mark.parametrize("missing", ["NA", "nan", "NULL", "", "#N/A"])
def test_rows_without_an_answer_are_told(tmp_path: Path, missing: str) -> None:
    rows = [f"how is number {n};{missing if n % 10 == 0 else n / 7}" for n in range(40)]
    found = guess.of_files(table(tmp_path / "scores.csv", "text;score", rows))
    assert (found.task.kind, len(guess.preview(found, 40))) == ("regression", 36)
    words = "4 of 40 rows have NA, nan or the like in 'score': no answer"
    assert found.notes == ((words,) if missing else ())
    rows = [f"how is number {n};{missing if n % 10 == 0 else 'ab'[n % 2]}" for n in range(40)]
    found = guess.of_files(table(tmp_path / "labels.csv", "text;label", rows))
    assert found.definition["task"]["labels"] == ["a", "b"]
    said = Said(task={"labels": ["a", "b", "NA"]})
    assert len(guess.preview(guess.of_files(tmp_path / "labels.csv", None, said), 40)) == (
        40 if missing == "NA" else 36
    )
    split = build(
        found.task,
        [one.row for one in tables.rows(tmp_path / "labels.csv", "", tables.Reading(**found.definition["reading"]))],
        str,
    )
    assert split.notes == ("4 of 40 rows have no label and are left out",)


def test_label_sets_that_are_missing(tmp_path: Path) -> None:
    rows = [f"a text number {n};{['news|sport', 'nan', 'sport|money'][n % 3]}" for n in range(30)]
    found = guess.of_files(table(tmp_path / "topics.csv", "text;label", rows))
    assert (found.task.kind, found.definition["task"]["labels"]) == ("multi_label", ["money", "news", "sport"])
    assert found.notes == ("10 of 30 rows have NA, nan or the like in 'label': no answer",)
    assert len(guess.preview(found, 30)) == 20


def test_decimal_commas(tmp_path: Path) -> None:
    rows = [f"wie teuer ist nummer {n};1.{n:03},50" for n in range(30)]
    found = guess.of_files(table(tmp_path / "preise.csv", "text;preis", rows))
    assert (found.task.kind, found.notes) == ("regression", ("the numbers in 'preis' are read with a decimal comma",))
    assert guess.preview(found)[1]["answer"] == "1001.5"
    rows = [f"wie teuer ist nummer {n};{n},5" for n in range(30)]
    assert guess.preview(guess.of_files(table(tmp_path / "preise.csv", "text;preis", rows)))[1]["answer"] == "1.5"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([f"{n}%" for n in range(30)], r"some.csv, line 2: '0%' in 'score' is no finite number"),
        ([*map(str, range(28)), "Infinity", "3"], r"some.csv, line 30: 'Infinity' in 'score' is no finite number"),
        (
            [*map(str, range(28)), "9" * 5000, "3"],
            r"line 30: '9+… \(5,000 characters\)' in 'score' is no finite number",
        ),
        ([f"l{n}" for n in range(30)], r"some.csv: 'score' has another value in nearly each row"),
        (["bug"] * 30, r"some.csv: every answer in 'score' is 'bug'"),
    ],
)
def test_why_a_column_is_no_answer(tmp_path: Path, values: list[str], words: str) -> None:
    rows = [f"how is number {n};{value}" for n, value in enumerate(values)]
    with pytest.raises(DataError, match=words):
        guess.of_files(table(tmp_path / "some.csv", "text;score", rows))
    with pytest.raises(DataError, match=r"some.csv: 'text' has another value in nearly each row"):
        guess.of_files(tmp_path / "some.csv", None, Said(answer="text"))


def test_tags_as_numbers_need_names(tmp_path: Path) -> None:
    rows = [{"tokens": ["Ada", f"sleeps{n}"], "ner_tags": [1, 0]} for n in range(20)]
    path = lines(tmp_path / "names.jsonl", rows)
    with pytest.raises(DataError, match=r"'ner_tags' has tags as numbers, and nothing says which is O"):
        guess.of_files(path)
    found = guess.of_files(path, None, Said(task={"labels": ["O", "B-PER"]}))
    assert guess.preview(found)[0]["answer"] == "Ada PER"


def test_class_names_of_a_parquet_file(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    names = {"feature": {"names": ["O", "B-PER"], "_type": "ClassLabel"}, "_type": "List"}
    info = json.dumps({"info": {"features": {"ner_tags": names}}})
    rows = [{"tokens": [b"Ada", b"sleeps"], "ner_tags": [1, 0]}] * 9
    file = pyarrow.Table.from_pylist(rows).replace_schema_metadata({"huggingface": info})
    parquet.write_table(file, tmp_path / "names.parquet")
    found = guess.of_files(tmp_path / "names.parquet")
    assert found.definition["task"]["labels"] == ["O", "B-PER"]
    assert guess.preview(found)[0] == {"place": 1, "inputs": {"Sentence": "Ada sleeps"}, "answer": "Ada PER"}
    bad = pyarrow.table({"text": [b"caf\xc3\xa9", b"caf\xe9"], "label": ["a", "b"]})
    parquet.write_table(bad, tmp_path / "bad.parquet")
    with pytest.raises(DataError, match=r"bad.parquet, row 2: the value of 'text' is bytes that are not UTF-8 text"):
        guess.of_files(tmp_path / "bad.parquet")


@pytest.mark.parametrize("delimiter", ["||", '"', "\n"])
def test_a_delimiter_that_is_none(tmp_path: Path, delimiter: str) -> None:
    path = write_csv(tmp_path / "tickets.csv", tickets(30))
    with pytest.raises(InvalidConfig, match="can't part columns"):
        guess.of_files(path, None, Said(reading={"delimiter": delimiter}))


@pytest.mark.parametrize("encoding", ["rot13", "hex", "base64", "no-such"])
def test_an_encoding_that_is_none_of_texts(tmp_path: Path, encoding: str) -> None:
    path = write_csv(tmp_path / "tickets.csv", tickets(30))
    with pytest.raises(InvalidConfig, match=f"'{encoding}' is no encoding of texts"):
        guess.of_files(path, None, Said(reading={"encoding": encoding}))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"PK\x03\x04 [Content_Types].xml xl/", "is an Excel workbook, .*: save it as CSV"),
        ("a.xlsx", b"PK\x03\x04 [Content_Types].xml xl/", "is an Excel workbook"),
        ("a.csv", b"PK\x03\x04 data.csv", "is a zip archive, .* Unpack it"),
        ("a.csv", b"\x89PNG\r\n", "is a PNG picture"),
        ("a.csv", b"<!DOCTYPE html><html>", "is a web page"),
        ("a.jsonl", "\ufeff{}".encode("utf-16-le"), "is UTF-16, and JSON is read as UTF-8"),
        ("a.csv", b"text,label\n", "a.csv: the file has columns and no row"),
        ("a.jsonl", b'{"text": "a"}\n{"text": "\xff"}', "a.jsonl, line 2: the text is not utf-8"),
    ],
)
def test_what_is_no_table(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=words):
        guess.of_files(tmp_path / name)


def test_utf_16_without_a_mark(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "tickets.csv", tickets(30), encoding="utf-16-le")
    assert guess.of_files(path).definition["reading"]["encoding"] == "utf-16-le"
