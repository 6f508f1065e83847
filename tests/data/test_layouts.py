"""Every built-in task on a tiny file in the layout that its benchmark is distributed in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from mtl_core import registry
from mtl_core.data import folder
from mtl_core.errors import DataError
from mtl_core.kinds.span import Answer

PASSAGE = "The treaty was signed in Lisbon in 1640."


def tsv(*rows: Sequence[object]) -> str:
    return "".join("\t".join(map(str, row)) + "\n" for row in rows)


def jsonl(*rows: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def squad(*questions: dict[str, Any], version: str = "v2.0") -> str:
    paragraph = {"context": PASSAGE, "qas": [{"id": str(n), **one} for n, one in enumerate(questions)]}
    return json.dumps({"version": version, "data": [{"title": "Treaties", "paragraphs": [paragraph]}]})


GLUE_MNLI = tsv(
    ("index", "promptID", "pairID", "genre", "sentence1", "sentence2", "label1", "gold_label"),
    (0, 1, "1e", "fiction", "He met one.", "He met someone.", "entailment", "entailment"),
)
SNLI_COLUMNS = ("sentence1_binary_parse", "sentence2_binary_parse", "sentence1_parse", "sentence2_parse")
WIC = {"word": "bank", "sentence1": "By the bank.", "sentence2": "In the bank.", "idx": 0, "start1": 7, "end1": 11}
COPA = {"premise": "It rained.", "choice1": "Wet.", "choice2": "Dry.", "question": "effect", "idx": 0}
ANSWERED = {"question": "Where?", "answers": [{"text": "Lisbon", "answer_start": 25}], "is_impossible": False}
UNANSWERED = {
    "question": "Who?",
    "answers": [],
    "is_impossible": True,
    "plausible_answers": [{"text": "Lisbon", "answer_start": 25}],
}
CONLL = "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\nPeter NNP B-NP B-PER\n"

LAYOUTS: dict[str, tuple[tuple[str, str], str, list[tuple[tuple[str, ...], object]]]] = {
    "sst2": (
        ("SST-2/train.tsv", "SST-2/dev.tsv"),
        tsv(("sentence", "label"), ("it 's a fine film ", 1)),
        [(("it 's a fine film",), 1)],
    ),
    "cola": (("CoLA/train.tsv", "CoLA/dev.tsv"), tsv(("gj04", 0, "*", "Them is.")), [(("Them is.",), 0)]),
    "mnli": (("MNLI/train.tsv", "MNLI/dev_matched.tsv"), GLUE_MNLI, [(("He met one.", "He met someone."), 0)]),
    "snli": (
        ("snli_1.0/snli_1.0_train.jsonl", "snli_1.0/snli_1.0_dev.jsonl"),
        jsonl(
            {
                "annotator_labels": ["neutral"],
                "captionID": "1.jpg#4",
                "gold_label": "neutral",
                "pairID": "1.jpg#4r1n",
                "sentence1": "A man eats.",
                **dict.fromkeys(SNLI_COLUMNS, "( )"),
                "sentence2": "He is hungry.",
            }
        ),
        [(("A man eats.", "He is hungry."), 1)],
    ),
    "mrpc": (
        ("MRPC/train.tsv", "MRPC/dev.tsv"),
        "\ufeff" + tsv(("Quality", "#1 ID", "#2 ID", "#1 String", "#2 String"), (1, 7, 8, 'He said " no .', "No .")),
        [(('He said " no .', "No ."), 1)],
    ),
    "qqp": (
        ("QQP/train.tsv", "QQP/dev.tsv"),
        tsv(("id", "qid1", "qid2", "question1", "question2", "is_duplicate"), (1, 2, 3, "How?", "Why?", 0)),
        [(("How?", "Why?"), 0)],
    ),
    "qnli": (
        ("QNLI/train.tsv", "QNLI/dev.tsv"),
        tsv(("index", "question", "sentence", "label"), (0, "Where?", "In Lisbon.", "entailment")),
        [(("Where?", "In Lisbon."), 0)],
    ),
    "rte": (
        ("RTE/train.tsv", "RTE/dev.tsv"),
        tsv(("index", "sentence1", "sentence2", "label"), (0, "It rained.", "It was dry.", "not_entailment")),
        [(("It rained.", "It was dry."), 1)],
    ),
    "wnli": (
        ("WNLI/train.tsv", "WNLI/dev.tsv"),
        tsv(("index", "sentence1", "sentence2", "label"), (0, "It fell as it was loose.", "The nail was loose.", 1)),
        [(("It fell as it was loose.", "The nail was loose."), 1)],
    ),
    "stsb": (
        ("STS-B/train.tsv", "STS-B/dev.tsv"),
        tsv(
            (
                "index",
                "genre",
                "filename",
                "year",
                "old_index",
                "source1",
                "source2",
                "sentence1",
                "sentence2",
                "score",
            ),
            (0, "main-news", "MSRvid", "2012test", 1, "none", "none", "A plane.", "An air plane.", "5.000"),
        ),
        [(("A plane.", "An air plane."), 5.0)],
    ),
    "boolq": (
        ("BoolQ/train.jsonl", "BoolQ/val.jsonl"),
        jsonl(
            {"question": "is it open", "passage": "It is closed.", "idx": 0, "label": False},
            {"question": "is it shut", "passage": "It is closed.", "idx": 1, "label": True},
        ),
        [(("It is closed.", "is it open"), 0), (("It is closed.", "is it shut"), 1)],
    ),
    "cb": (
        ("CB/train.jsonl", "CB/val.jsonl"),
        jsonl({"premise": "I know it rained.", "hypothesis": "it rained", "label": "entailment", "idx": 0}),
        [(("I know it rained.", "it rained"), 0)],
    ),
    "wic": (
        ("WiC/train.jsonl", "WiC/val.jsonl"),
        jsonl({**WIC, "label": False}, {**WIC, "sentence2": "On the bank.", "label": True}),
        [(("bank", "By the bank.", "In the bank."), 0), (("bank", "By the bank.", "On the bank."), 1)],
    ),
    "copa": (
        ("COPA/train.jsonl", "COPA/val.jsonl"),
        jsonl({**COPA, "label": 0}, {**COPA, "premise": "It was hot.", "label": 1}),
        [(("It rained.", "effect", "Wet.", "Dry."), 0), (("It was hot.", "effect", "Wet.", "Dry."), 1)],
    ),
    "squad": (
        ("SQuAD/train-v1.1.json", "SQuAD/dev-v1.1.json"),
        squad({"question": "Where?", "answers": [{"text": "Lisbon", "answer_start": 25}]}, version="1.1"),
        [(("Where?", PASSAGE), (Answer("Lisbon", 25),))],
    ),
    "squad_v2": (
        ("SQuAD/train-v2.0.json", "SQuAD/dev-v2.0.json"),
        squad(ANSWERED, UNANSWERED),
        [(("Where?", PASSAGE), (Answer("Lisbon", 25),)), (("Who?", PASSAGE), ())],
    ),
    "go_emotions": (
        ("GoEmotions/train.tsv", "GoEmotions/dev.tsv"),
        tsv(('My "favourite" food is [NAME].', "27", "eebbqej"), ("Thanks, so glad!", "15,17", "ed00q6i")),
        [(('My "favourite" food is [NAME].',), (27,)), (("Thanks, so glad!",), (15, 17))],
    ),
    "conll2003": (
        ("conll2003/train.txt", "conll2003/valid.txt"),
        CONLL,
        [(("EU rejects",), (3, 0)), (("Peter",), (1,))],
    ),
}


def test_every_built_in_task_has_its_layout_here() -> None:
    assert sorted(LAYOUTS) == list(registry.names("tasks"))


@pytest.mark.parametrize("name", LAYOUTS)
def test_official_files(tmp_path: Path, name: str) -> None:
    paths, text, expected = LAYOUTS[name]
    for path in paths:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    read = folder.read(registry.load("tasks", name), tmp_path)
    for split in (read.train, read.dev):
        assert [(example.inputs, example.gold) for example in split.examples] == expected
        assert split.notes == ()


MSR = '\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n1\t702876\t702977\tHe said, "so.\tSo, he said.\r\n'
OTHERS: dict[str, tuple[tuple[str, str], str, list[tuple[tuple[str, ...], object]]]] = {
    "conll2003": (
        ("conll2003/eng.train", "conll2003/eng.testa"),
        CONLL,
        [(("EU rejects",), (3, 0)), (("Peter",), (1,))],
    ),
    "mrpc": (
        ("MRPC/msr_paraphrase_train.txt", "MRPC/msr_paraphrase_test.txt"),
        MSR,
        [(('He said, "so.', "So, he said."), 1)],
    ),
    "cola": (
        ("cola_public/raw/in_domain_train.tsv", "cola_public/raw/in_domain_dev.tsv"),
        tsv(("gj04", 1, "", "They are.")),
        [(("They are.",), 1)],
    ),
    "snli": (
        ("snli_1.0/snli_1.0_train.txt", "snli_1.0/snli_1.0_dev.txt"),
        tsv(
            ("gold_label", *SNLI_COLUMNS, "sentence1", "sentence2", "captionID", "pairID", "label1"),
            ("neutral", "(", "(", "(", "(", "A man eats.", "He is hungry.", "1.jpg#4", "1.jpg#4r1n", "neutral"),
        ),
        [(("A man eats.", "He is hungry."), 1)],
    ),
    "rte": (
        ("RTE/train.jsonl", "RTE/val.jsonl"),
        jsonl({"premise": "It rained.", "hypothesis": "It was dry.", "label": "not_entailment", "idx": 0}),
        [(("It rained.", "It was dry."), 1)],
    ),
    "boolq": (
        ("BoolQ/train.jsonl", "BoolQ/dev.jsonl"),
        jsonl({"question": "is it open", "title": "Shop", "answer": False, "passage": "It is closed."}),
        [(("It is closed.", "is it open"), 0)],
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_files_of_other_releases(tmp_path: Path, name: str) -> None:
    paths, text, expected = OTHERS[name]
    for path in paths:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text.encode())
    for place in (tmp_path, (tmp_path / paths[0]).parent):  # the folder of all tasks, and the task's own
        read = folder.read(registry.load("tasks", name), place)
        for split in (read.train, read.dev):
            assert [(example.inputs, example.gold) for example in split.examples] == expected
            assert split.notes == ()


def test_a_test_file_without_labels_is_not_looked_at(tmp_path: Path) -> None:
    """GLUE's folders have one beside the two others."""
    (tmp_path / "RTE").mkdir()
    text = tsv(("index", "sentence1", "sentence2", "label"), (0, "It rained.", "It was wet.", "entailment"))
    for split in ("train", "dev"):
        (tmp_path / "RTE" / f"{split}.tsv").write_text(text)
    (tmp_path / "RTE" / "test.tsv").write_text("index\tsentence1\tsentence2\n0\tIt\n")
    assert folder.read(registry.load("tasks", "rte"), tmp_path).dev.notes == ()


def test_rows_of_snli_without_a_gold_label_are_left_out(tmp_path: Path) -> None:
    """Where its five annotators did not agree, gold_label is "-"."""
    row = {"sentence1": "A man eats.", "sentence2": "He is hungry."}
    for split in ("train", "dev"):
        text = jsonl({**row, "gold_label": "neutral"}, {**row, "gold_label": "-"})
        (tmp_path / f"snli_1.0_{split}.jsonl").write_text(text)
    read = folder.read(registry.load("tasks", "snli"), tmp_path)
    assert [example.gold for example in read.train.examples] == [1]
    assert read.train.notes == ("1 of 2 rows have no label and are left out",)


def test_rows_that_line_ends_have_torn_are_left_out_of_qqp(tmp_path: Path) -> None:
    """The official train.tsv has such rows, at line 97,931 for one."""
    header = ("id", "qid1", "qid2", "question1", "question2", "is_duplicate")
    torn = [(2, 5, 6, "Was he real? What is"), ("", "Was he a real figure?", 0)]
    (tmp_path / "train.tsv").write_text(tsv(header, (1, 2, 3, "How?", "Why?", 0), *torn, (3, 7, 8, "Who?", "When?", 1)))
    (tmp_path / "dev.tsv").write_text(tsv(header, (1, 2, 3, "How?", "Why?", 0)))
    read = folder.read(registry.load("tasks", "qqp"), tmp_path)
    assert [example.inputs for example in read.train.examples] == [("How?", "Why?"), ("Who?", "When?")]
    assert read.train.notes == ("2 lines with parts of rows, as the official file has them, are left out",)
    assert read.dev.notes == ()


def conll(tmp_path: Path, text: str, ending: str = ".txt") -> str:
    (tmp_path / f"train{ending}").write_text(text)
    (tmp_path / f"valid{ending}").write_text(CONLL)
    with pytest.raises(DataError) as caught:
        folder.read(registry.load("tasks", "conll2003"), tmp_path)
    return str(caught.value)


def test_a_word_without_its_columns_is_told_with_its_line(tmp_path: Path) -> None:
    assert conll(tmp_path, "EU NNP B-NP B-ORG\n\nPeter NNP B-NP\n") == (
        "train.txt, line 3: 3 columns where the task has 4. "
        "Each word needs tokens, pos_tags, chunk_tags, ner_tags, and an empty line ends a sentence."
    )


def test_a_tag_that_is_none_is_told_with_the_line_of_its_sentence(tmp_path: Path) -> None:
    said = conll(tmp_path, "-DOCSTART- -X- O O\n\nEU NNP B-NP B-ORG\nor NNP B-NP B-NOTHING\n", ".conll")
    assert said.startswith("train.conll, line 3: unknown tag 'B-NOTHING' for conll2003. Tags are O, B-PER")


def test_an_answer_is_still_needed_in_version_1(tmp_path: Path) -> None:
    (tmp_path / "train-v1.1.json").write_text(squad(ANSWERED, UNANSWERED))
    (tmp_path / "dev-v1.1.json").write_text(squad(ANSWERED))
    with pytest.raises(DataError) as caught:
        folder.read(registry.load("tasks", "squad"), tmp_path)
    assert str(caught.value) == "train-v1.1.json, question 2: the question has no answer. SQuAD v1.1 has one for each."
