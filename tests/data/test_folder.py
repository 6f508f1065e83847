"""The official files in every form they come in, and what is said of broken ones."""

from __future__ import annotations

import csv
import gzip
import json
import lzma
import struct
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from mtl_core.data import folder, packings
from mtl_core.data import parquet as parquet_files
from mtl_core.data.examples import TaskData
from mtl_core.errors import DataError
from mtl_core.kinds import Task
from mtl_core.kinds.span import Answer
from mtl_core.tasks.mnli import MNLI
from mtl_core.tasks.squad import SQUAD
from mtl_core.tasks.sst2 import SST2

TRAIN = "sentence\tlabel\nit 's \"great \t1\ndull and long \t0\n"
DEV = "label\tsentence\n1\tfine\n"


def put(root: Path, name: str, content: str | bytes) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    pack = {".gz": gzip.compress, ".xz": lzma.compress}.get(path.suffix)
    path.write_bytes(pack(data) if pack and isinstance(content, str) else data)
    return path


def sst2(root: Path, train: str | bytes = TRAIN, dev: str | bytes = DEV, ending: str = ".tsv") -> TaskData:
    put(root, f"SST-2/train{ending}", train)
    put(root, "SST-2/dev.tsv", dev)
    return folder.read(SST2, root)


def fault(task: Task, root: Path) -> str:
    with pytest.raises(DataError) as raised:
        folder.read(task, root)
    assert [each.field for each in raised.value.faults] == ["data"]
    return raised.value.faults[0].message


def parquet_bytes(table: pyarrow.Table) -> bytes:
    file = pyarrow.BufferOutputStream()
    parquet.write_table(table, file)
    return bytes(file.getvalue())


def broken(root: Path, train: str | bytes, ending: str = ".tsv") -> str:
    put(root, f"SST-2/train{ending}", train)
    put(root, "SST-2/dev.tsv", DEV)
    return fault(SST2, root)


def content(data: TaskData) -> list[Any]:
    return [(example.inputs, example.gold) for split in (data.train, data.dev) for example in split.examples]


EXPECTED = [(("it 's \"great",), 1), (("dull and long",), 0), (("fine",), 1)]


def written(form: str, root: Path) -> str | bytes:
    rows = [{"label": 1, "sentence": "it 's \"great"}, {"label": 0, "sentence": "dull and long"}]
    if form == ".jsonl":
        return "\n".join(map(json.dumps, rows)) + "\n"
    if form == ".json":
        return json.dumps(rows)
    if form == ".parquet":
        from pyarrow import Table, parquet

        parquet.write_table(Table.from_pylist(rows), root / "made")
        return (root / "made").read_bytes()
    with (root / "made").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["sentence", "label"])
        writer.writeheader()
        writer.writerows(rows)
    return (root / "made").read_text()


class TestForms:
    def test_tsv_without_quoting(self, tmp_path: Path) -> None:
        assert content(sst2(tmp_path)) == EXPECTED

    @pytest.mark.parametrize("packing", [".gz", ".xz"])
    @pytest.mark.parametrize("form", [".tsv", ".csv", ".jsonl", ".json"])
    def test_packed(self, tmp_path: Path, form: str, packing: str) -> None:
        train = TRAIN if form == ".tsv" else written(form, tmp_path)
        assert content(sst2(tmp_path, train, ending=form + packing)) == EXPECTED

    @pytest.mark.parametrize("form", [".csv", ".jsonl", ".json", ".parquet"])
    def test_plain(self, tmp_path: Path, form: str) -> None:
        assert content(sst2(tmp_path, written(form, tmp_path), ending=form)) == EXPECTED

    def test_line_ends_of_windows_a_byte_order_mark_and_empty_lines(self, tmp_path: Path) -> None:
        assert content(sst2(tmp_path, b"\xef\xbb\xbf" + TRAIN.replace("\n", "\r\n").encode() + b"\r\n")) == EXPECTED

    def test_characters_that_only_look_like_line_ends(self, tmp_path: Path) -> None:
        data = sst2(tmp_path, "sentence\tlabel\na\u2028b\x0bc\x85d\t1\n")
        assert data.train.examples[0].inputs == ("a\u2028b\x0bc\x85d",)

    def test_glue_headers_with_many_more_columns(self, tmp_path: Path) -> None:
        header = [
            "index",
            "promptID",
            "genre",
            "sentence1_binary_parse",
            "sentence1",
            "sentence2",
            "label1",
            "gold_label",
        ]
        row = ["0", "31", "fiction", "( a )", "A man sleeps.", "He is awake.", "neutral", "contradiction"]
        table = "\n".join("\t".join(fields) for fields in (header, row)) + "\n"
        for split in ("train", "dev_matched"):
            put(tmp_path, f"MNLI/{split}.tsv", table)
        [example] = folder.read(MNLI, tmp_path).train.examples
        assert (example.inputs, example.gold) == (("A man sleeps.", "He is awake."), 2)

    def test_csv_rows_over_several_lines(self, tmp_path: Path) -> None:
        text = 'sentence,label\n"a\nb",1\nc,7\n'
        assert broken(tmp_path, text, ".csv") == (
            "SST-2/train.csv, line 4: unknown label '7' for sst2. "
            "Labels are negative, positive or their numbers 0 to 1."
        )


ARTICLE: dict[str, Any] = {
    "title": "Bridges",
    "paragraphs": [
        {
            "context": "Built in 1889.",
            "qas": [{"id": "7", "question": "When?", "answers": [{"text": "1889", "answer_start": 9}]}],
        }
    ],
}


class TestSquad:
    def put(self, root: Path, train: str) -> None:
        put(root, "SQuAD/train-v1.1.json.gz", train)
        put(root, "SQuAD/dev-v1.1.json", json.dumps({"version": "1.1", "data": [ARTICLE]}))

    def test_nested_documents(self, tmp_path: Path) -> None:
        self.put(tmp_path, json.dumps({"version": "1.1", "data": [ARTICLE]}))
        data = folder.read(SQUAD, tmp_path)
        [example] = data.train.examples
        assert example.inputs == ("When?", "Built in 1889.")
        assert example.gold == (Answer("1889", 9),)
        assert data.dev.examples == data.train.examples
        assert example.clusters == {"article": "Bridges", "paragraph": "Built in 1889."}

    def test_articles_without_a_title_are_told_apart_by_their_place(self, tmp_path: Path) -> None:
        untitled = {"paragraphs": ARTICLE["paragraphs"]}
        self.put(tmp_path, json.dumps({"data": [ARTICLE, untitled, untitled]}))
        found = [example.clusters["article"] for example in folder.read(SQUAD, tmp_path).train.examples]
        assert found == ["Bridges", "article 2", "article 3"]

    def test_a_list_of_rows(self, tmp_path: Path) -> None:
        answers = {"text": ["1889"], "answer_start": [9]}
        row = {"title": "Bridges", "question": "When?", "context": "Built in 1889.", "answers": answers}
        self.put(tmp_path, json.dumps([row]))
        data = folder.read(SQUAD, tmp_path)
        assert data.dev.examples == data.train.examples

    def test_answers_elsewhere_are_a_note(self, tmp_path: Path) -> None:
        self.put(tmp_path, json.dumps({"data": [ARTICLE]}).replace("9}", "2}"))
        data = folder.read(SQUAD, tmp_path)
        assert data.train.notes == (
            "1 of the gold answers are not at their offset: 1 were found elsewhere in their context, "
            "0 are not in it and train nothing",
        )

    def test_articles_in_another_form(self, tmp_path: Path) -> None:
        self.put(tmp_path, json.dumps({"data": [{"paragraphs": [{"context": "a"}]}]}))
        assert fault(SQUAD, tmp_path) == (
            "SQuAD/train-v1.1.json.gz: an article is not in SQuAD's form ('qas'). "
            "Articles have paragraphs; these have context and qas; these have question and answers."
        )

    def test_questions_are_counted(self, tmp_path: Path) -> None:
        self.put(tmp_path, json.dumps({"data": [ARTICLE]}).replace('"answer_start"', '"start"'))
        assert fault(SQUAD, tmp_path) == (
            "SQuAD/train-v1.1.json.gz, question 1: an answer needs 'text' and 'answer_start', a whole number."
        )

    @pytest.mark.parametrize(
        ("document", "said"),
        [
            ("7", "the document is neither a list of rows nor SQuAD's 'data'."),
            ('{"rows": []}', "the document is neither a list of rows nor SQuAD's 'data'."),
            ("[]", "the list of rows is empty. Give at least one row."),
        ],
    )
    def test_other_documents(self, tmp_path: Path, document: str, said: str) -> None:
        self.put(tmp_path, document)
        assert fault(SQUAD, tmp_path) == f"SQuAD/train-v1.1.json.gz: {said}"


class TestFinding:
    def test_the_tasks_own_folder(self, tmp_path: Path) -> None:
        whole = sst2(tmp_path)
        assert folder.read(SST2, tmp_path / "SST-2") == whole

    def test_both_missing_files_are_told_together(self, tmp_path: Path) -> None:
        put(tmp_path, "MNLI/train.tsv", "x")
        put(tmp_path, "README.md", "x")
        assert fault(SST2, tmp_path) == (
            f"sst2: there is no SST-2/train and no SST-2/dev in '{tmp_path}', with any of the endings "
            ".tsv, .csv, .jsonl, .json, .parquet, .conll, .txt, also with .gz or .xz. "
            f"Found in '{tmp_path}': MNLI/, README.md."
        )

    def test_one_missing_file_is_told_with_its_neighbours(self, tmp_path: Path) -> None:
        put(tmp_path, "MNLI/train.tsv", "x")
        put(tmp_path, "MNLI/dev_mismatched.tsv", "x")
        assert fault(MNLI, tmp_path) == (
            f"mnli: there is no MNLI/dev_matched in '{tmp_path}', with any of the endings .tsv, .csv, .jsonl, .json, "
            ".parquet, .conll, .txt, also with .gz or .xz. "
            f"Found in '{tmp_path / 'MNLI'}': dev_mismatched.tsv, train.tsv."
        )

    def test_an_empty_folder_and_a_full_one(self, tmp_path: Path) -> None:
        assert fault(SST2, tmp_path).endswith(f"Found in '{tmp_path}': nothing.")
        for number in range(10):
            put(tmp_path, f"file{number}", "x")
        assert fault(SST2, tmp_path).endswith("file5, file6, file7 and 2 more.")


class TestBroken:
    def test_columns_that_are_missing(self, tmp_path: Path) -> None:
        assert broken(tmp_path, "text\ttarget\na\t1\n") == (
            "SST-2/train.tsv: no column 'sentence' and no column 'label'. "
            "Expected sentence, label or gold_label; found text, target."
        )

    def test_rows_of_another_width(self, tmp_path: Path) -> None:
        said = "SST-2/train.tsv, line 4: {} where the header has 2. Each row needs sentence, label."
        assert broken(tmp_path, TRAIN + "no label\n") == said.format("1 column")
        assert broken(tmp_path, TRAIN + "a\tb\t1\n") == said.format("3 columns")

    def test_unknown_labels(self, tmp_path: Path) -> None:
        assert broken(tmp_path, TRAIN + "\nfine\tgood\n") == (
            "SST-2/train.tsv, line 5: unknown label 'good' for sst2. "
            "Labels are negative, positive or their numbers 0 to 1."
        )

    @pytest.mark.parametrize("train", ["", "\n \n", b"\xef\xbb\xbf\n"])
    @pytest.mark.parametrize("ending", [".tsv", ".csv", ".jsonl", ".json", ".parquet"])
    def test_empty_files(self, tmp_path: Path, train: str | bytes, ending: str) -> None:
        assert broken(tmp_path, train, ending) == (
            f"SST-2/train{ending}: the file is empty. Give one with at least one row."
        )

    @pytest.mark.parametrize(("ending", "header"), [(".tsv", "sentence\tlabel\n"), (".csv", "sentence,label")])
    def test_a_header_only(self, tmp_path: Path, ending: str, header: str) -> None:
        assert broken(tmp_path, header, ending) == (
            f"SST-2/train{ending}: the file has columns and no row. Give one with at least one row."
        )

    def test_invalid_utf8(self, tmp_path: Path) -> None:
        assert broken(tmp_path, b"sentence\tlabel\ncaf\xe9\t1\n") == (
            "SST-2/train.tsv, line 2: byte 4 of the line (0xe9) is not valid UTF-8. Save the file as UTF-8."
        )
        assert broken(tmp_path, "sentence\tlabel\na\t1\n".encode("utf-16")) == (
            "SST-2/train.tsv, line 1: byte 1 of the line (0xff) is not valid UTF-8. Save the file as UTF-8."
        )

    def test_nuls(self, tmp_path: Path) -> None:
        said = "is a NUL, which no text has. If the file is UTF-16, save it as UTF-8; else take the NUL out."
        assert (
            broken(tmp_path, "sentence\tlabel\na\0b\t1\n") == f"SST-2/train.tsv, line 2: character 2 of the line {said}"
        )
        assert broken(tmp_path, "sentence\tlabel\na\t1\n".encode("utf-16-le")) == (
            f"SST-2/train.tsv, line 1: character 2 of the line {said}"
        )

    def test_json(self, tmp_path: Path) -> None:
        first = '{"sentence": "a", "label": 1}\n'
        assert broken(tmp_path, first + '\n{"sentence": "b", \n', ".jsonl") == (
            "SST-2/train.jsonl, line 3, column 19: the JSON is broken "
            "(Expecting property name enclosed in double quotes)."
        )
        assert broken(tmp_path, first + "[1]\n", ".jsonl") == (
            "SST-2/train.jsonl, line 2: a row must be an object with a value for each column, not list."
        )
        (tmp_path / "SST-2/train.jsonl").unlink()
        assert broken(tmp_path, '[{"sentence": "a",\n "label"]', ".json") == (
            "SST-2/train.json, line 2, column 9: the JSON is broken (Expecting ':' delimiter)."
        )
        assert broken(tmp_path, "[7]", ".json") == (
            "SST-2/train.json, row 1: a row must be an object with a value for each column, not int."
        )

    def test_csv(self, tmp_path: Path) -> None:
        assert broken(tmp_path, 'sentence,label\n"a"b,1\n', ".csv") == (
            "SST-2/train.csv, line 2: the row is not valid CSV (',' expected after '\"')."
        )

    @pytest.mark.parametrize(
        ("ending", "reason"),
        [
            (".tsv.gz", "Not a gzipped file (b'no')"),
            (".tsv.xz", "Input format not supported by decoder"),
        ],
    )
    def test_packings(self, tmp_path: Path, ending: str, reason: str) -> None:
        assert broken(tmp_path, b"no packing", ending) == (
            f"SST-2/train{ending}: the file can't be unpacked ({reason}). Download it again."
        )

    def test_a_gzip_that_was_cut(self, tmp_path: Path) -> None:
        assert broken(tmp_path, gzip.compress(TRAIN.encode() * 50)[:-20], ".tsv.gz") == (
            "SST-2/train.tsv.gz: the file can't be unpacked "
            "(Compressed file ended before the end-of-stream marker was reached). Download it again."
        )

    def test_parquet(self, tmp_path: Path) -> None:
        said = broken(tmp_path, b"PAR1 and no more", ".parquet")
        assert said.startswith("SST-2/train.parquet: the file is not a complete Parquet file (")
        assert said.endswith("). Download it again.")

    def test_json_that_no_program_should_have_written(self, tmp_path: Path) -> None:
        first = '{"sentence": "a", "label": 1}\n'
        for line, column, reason in (
            ('{"sentence": "b", "label": %s}' % ("[" * 2000 + "]" * 2000), 227, "values are nested too deeply"),
            ('{"sentence": "b", "label": ' + "9" * 4301 + "}", 28, "a number has 4,301 digits"),
            ('{"sentence": "b", "sentence": "c", "label": 1}', 19, 'an object has two values called "sentence"'),
        ):
            assert broken(tmp_path, first + line, ".jsonl") == (
                f"SST-2/train.jsonl, line 2, column {column}: the JSON is broken ({reason})."
            )

    def test_two_columns_of_one_name(self, tmp_path: Path) -> None:
        said = "two columns are called 'label'. Give each column a name of its own."
        assert broken(tmp_path, "sentence\tlabel\tlabel\na\t1\t0\n") == f"SST-2/train.tsv, line 1: {said}"
        (tmp_path / "SST-2/train.tsv").unlink()
        assert broken(tmp_path, "sentence,label,label\na,1,0\n", ".csv") == f"SST-2/train.csv, line 1: {said}"
        (tmp_path / "SST-2/train.csv").unlink()
        columns = [pyarrow.array(["a"]), pyarrow.array([1]), pyarrow.array([0])]
        table = pyarrow.Table.from_arrays(columns, names=["sentence", "label", "label"])
        assert broken(tmp_path, parquet_bytes(table), ".parquet") == f"SST-2/train.parquet: {said}"

    def test_values_of_parquet_that_can_not_be_read(self, tmp_path: Path) -> None:
        wrong = pyarrow.Array.from_buffers(
            pyarrow.string(), 2, [None, pyarrow.py_buffer(struct.pack("<3i", 0, 1, 3)), pyarrow.py_buffer(b"a\xff\xfe")]
        )
        far = pyarrow.array([0, 2**60], pyarrow.int64()).cast(pyarrow.timestamp("ms"))
        zoned = pyarrow.array([0, 1], pyarrow.int64()).cast(pyarrow.timestamp("s", tz="+99:99"))
        for values, row in ((wrong, 2), (far, 2), (zoned, 1)):
            table = pyarrow.table({"sentence": values, "label": [1, 0]})
            said = broken(tmp_path, parquet_bytes(table), ".parquet")
            assert said.startswith(f"SST-2/train.parquet, row {row}: the value of 'sentence' can't be read (")
            assert said.endswith("). Correct it, or leave the column out.")

    @pytest.mark.parametrize("ending", [".tsv.gz", ".tsv.xz"])
    def test_a_file_that_unpacks_to_more_than_texts_do(
        self, tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(packings, "FREE", 2**20)
        table = "sentence\tlabel\n" + "a" * 40 * 2**20 + "\t1\n"
        put(tmp_path, f"SST-2/train{ending}", table)
        put(tmp_path, "SST-2/dev.tsv", DEV)
        packed = (tmp_path / f"SST-2/train{ending}").stat().st_size
        most = max(1, 100 * packed // 2**20)
        assert fault(SST2, tmp_path) == (
            f"SST-2/train{ending}: {packed:,} bytes unpack to more than {most} MiB, which no file of texts does. "
            "If it is what you want, unpack it first and give the plain file."
        )

    def test_a_parquet_file_that_unpacks_to_gigabytes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parquet_files, "MOST", 2**20)
        data = parquet_bytes(pyarrow.table({"sentence": ["a" * 1000] * 5000, "label": [1] * 5000}))
        assert broken(tmp_path, data, ".parquet") == (
            f"SST-2/train.parquet: {len(data):,} bytes unpack to more than 1 MiB. Give a smaller file."
        )


class TestRemarks:
    """What is read, and said."""

    def notes(self, root: Path, train: str, ending: str = ".tsv") -> tuple[str, ...]:
        return sst2(root, train, ending=ending).train.notes

    def test_lines_that_end_with_a_carriage_return_alone(self, tmp_path: Path) -> None:
        said = ("its lines end with a carriage return alone, as on old Macs",)
        assert self.notes(tmp_path, TRAIN.replace("\n", "\r")) == said
        assert content(sst2(tmp_path, TRAIN.replace("\n", "\r"))) == EXPECTED
        (tmp_path / "SST-2/train.tsv").unlink()
        assert self.notes(tmp_path, '{"sentence": "a", "label": 1}\r{"sentence": "b", "label": 0}', ".jsonl") == said

    def test_quotation_marks_that_pandas_wrote(self, tmp_path: Path) -> None:
        data = sst2(tmp_path, 'sentence\tlabel\n"so ""called"" art"\t1\n"dull"\t0\n')
        assert [example.inputs[0] for example in data.train.examples] == ['"so ""called"" art"', '"dull"']
        assert data.train.notes == (
            "1 fields stand in quotation marks and have others doubled inside, as pandas writes them. "
            "In a .tsv they are kept as they are: save the file as .csv to have them read",
        )

    def test_a_field_of_a_megabyte(self, tmp_path: Path) -> None:
        data = sst2(tmp_path, f'sentence,label\n"{"a b " * 250_000}",1\n', ending=".csv")
        assert len(data.train.examples[0].inputs[0]) == 999_999
