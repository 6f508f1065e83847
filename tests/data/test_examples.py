"""Examples out of rows: ids, labels, answers, and what is said of rows that can't be used."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mtl_core.data.examples import build, digest_of
from mtl_core.errors import DataError
from mtl_core.kinds.span import Answer
from mtl_core.tasks.mnli import MNLI
from mtl_core.tasks.squad import SQUAD
from mtl_core.tasks.sst2 import SST2
from mtl_core.tasks.stsb import STSB

CONTEXT = "The bridge was built in 1889. The bridge is of iron."


def where(number: int | None) -> str:
    return "rows" if number is None else f"rows, row {number + 1}"


def question(*answers: tuple[str, int], **other: Any) -> dict[str, Any]:
    given = [{"text": text, "answer_start": start} for text, start in answers]
    return {"question": "When was it built?", "context": CONTEXT, "answers": given, **other}


def fault(task: Any, *rows: dict[str, Any]) -> str:
    with pytest.raises(DataError) as raised:
        build(task, rows, where)
    assert [each.field for each in raised.value.faults] == ["data"]
    return raised.value.faults[0].message


def test_labels_are_names_or_numbers_and_texts_lose_their_edges() -> None:
    rows = [
        {"sentence": "fine \n", "label": "positive"},
        {"label": 0, "sentence": " dull"},
        {"sentence": "", "label": "1"},
    ]
    examples = build(SST2, rows, where).examples
    assert [(example.inputs, example.gold) for example in examples] == [(("fine",), 1), (("dull",), 0), (("",), 1)]


def test_columns_are_found_by_any_of_their_names() -> None:
    official = {"gold_label": "neutral", "genre": "fiction", "sentence2": "B.", "sentence1": "A."}
    hub = {"premise": "A.", "hypothesis": "B.", "label": 1, "idx": 7}
    [one], [other] = build(MNLI, [official], where).examples, build(MNLI, [hub], where).examples
    assert one == other
    assert one.inputs == ("A.", "B.")


def test_ids_come_from_the_inputs_alone() -> None:
    first = build(SST2, [{"sentence": "a", "label": 0}, {"sentence": "b", "label": 1}], where).examples
    again = build(SST2, [{"sentence": "b ", "label": 0, "more": 3}, {"sentence": "a", "label": 1}], where).examples
    assert [example.id for example in first] == [example.id for example in reversed(again)]
    assert all(len(example.id) == 16 for example in first)
    same_text = build(SST2, [{"sentence": "a", "label": 0}] * 3, where).examples
    assert len({example.id for example in same_text}) == 3
    assert same_text[0].id == first[0].id


def test_the_digest_sees_labels_and_order() -> None:
    rows = [{"sentence": "a", "label": 0}, {"sentence": "b", "label": 1}]
    told = {
        digest_of(build(SST2, each, where).examples) for each in (rows, rows[::-1], [{**rows[0], "label": 1}, rows[1]])
    }
    assert len(told) == 3
    assert digest_of(build(SST2, rows, where).examples) in told


def test_missing_columns_are_all_named_with_what_was_found() -> None:
    assert fault(SST2, {"text": "a", "target": 1}) == (
        "rows: no column 'sentence' and no column 'label'. Expected sentence, label or gold_label; found text, target."
    )
    assert fault(MNLI, {"sentence1": "a", "label": 1}) == (
        "rows: no column 'sentence2'. Expected sentence1, sentence2, label or gold_label; found sentence1, label."
    )
    assert fault(SQUAD, {"question": "a", "context": "b"}) == (
        "rows: no column 'answers'. Expected question, context, answers; found question, context."
    )


def test_a_later_row_may_lack_a_column() -> None:
    assert fault(SST2, {"sentence": "a", "label": 1}, {"label": 1}) == "rows, row 2: the row has no 'sentence'."


@pytest.mark.parametrize("label", ["neutral", "2", -2, [], "Positive"])
def test_unknown_labels_are_told_with_all_known_ones(label: object) -> None:
    assert fault(SST2, {"sentence": "a", "label": 1}, {"sentence": "b", "label": label}) == (
        f"rows, row 2: unknown label '{label}' for sst2. Labels are negative, positive or their numbers 0 to 1."
    )


def test_no_rows_are_no_examples() -> None:
    assert fault(SST2) == "rows: there are no examples. Give at least one."


@pytest.mark.parametrize("label", [None, float("nan"), "", " - ", -1, "-1"])
def test_rows_without_a_label_are_left_out_and_counted(label: object) -> None:
    rows = [{"sentence": "a", "label": 1}, {"sentence": "b", "label": label}, {"sentence": "c", "label": "negative"}]
    split = build(SST2, rows, where)
    assert [example.inputs for example in split.examples] == [("a",), ("c",)]
    assert split.notes == ("1 of 3 rows have no label and are left out",)
    assert fault(SST2, rows[1]) == "rows: none of the 1 rows has a label. Give at least one."


def test_a_number_is_left_out_where_it_is_not_on_the_scale() -> None:
    rows = [{"sentence1": "A.", "sentence2": "B.", "score": score} for score in (3, -1, None, "-")]
    assert [example.gold for example in build(STSB, rows, where).examples] == [3.0]
    wide = replace(STSB, low=-2.0)
    assert [example.gold for example in build(wide, rows[:2], where).examples] == [3.0, -1.0]


def test_nulls_and_nans_in_the_place_of_a_text_are_told() -> None:
    rows = [{"sentence": text, "label": 1} for text in ("a", None, float("nan"))]
    split = build(SST2, rows, where)
    assert [example.inputs for example in split.examples] == [("a",), ("",), ("nan",)]
    assert split.notes == (
        "1 examples have a null in the place of a text, which is read as an empty one",
        "1 examples have a NaN in the place of a text, which is read as the word nan",
    )


@pytest.mark.parametrize("label", [1, "1", 1.0, "1.0", " positive "])
def test_numbers_as_labels_in_every_form_that_programs_write(label: object) -> None:
    assert build(SST2, [{"sentence": "a", "label": label}], where).examples[0].gold == 1
    assert fault(SST2, {"sentence": "a", "label": 1.5}).startswith("rows, row 1: unknown label '1.5' for sst2.")


def test_a_nul_is_no_text() -> None:
    words = "rows, row 1: a text holds a NUL character, which ends a text for many programs. Take it out."
    assert fault(SST2, {"sentence": "a\0b", "label": 1}) == words
    assert fault(SQUAD, question(("18\089", 24))) == words


NUMBERED = [{"sentence1": "A.", "sentence2": "B.", "label": 0}]


@pytest.mark.parametrize(
    "names", [("contradiction", "entailment", "neutral"), ("Contradiction", "Entailment ", "NEUTRAL")]
)
def test_labels_go_by_the_names_of_the_files_schema(names: tuple[str, ...]) -> None:
    [example] = build(MNLI, NUMBERED, where, names={"label": names}).examples
    assert MNLI.labels[int(example.gold)] == "contradiction"


@pytest.mark.parametrize("names", [("contradiction", "entailment", "unknown"), ("yes", "no")])
def test_names_that_contradict_the_tasks_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(DataError) as raised:
        build(MNLI, NUMBERED, where, names={"label": names})
    assert str(raised.value) == (
        f"rows: the file's schema numbers the labels in 'label' as {', '.join(names)}. "
        "Labels of mnli are entailment, neutral, contradiction. Give labels by name."
    )


def test_names_of_another_kind_go_by_their_number_and_are_told() -> None:
    split = build(MNLI, NUMBERED, where, names={"label": ("yes", "maybe", "no"), "idx": ("x",)})
    assert split.examples[0].gold == 0
    assert split.notes == (
        "the file's schema numbers the labels in 'label' as yes, maybe, no, "
        "which are taken for entailment, neutral, contradiction in this order",
    )
    assert build(MNLI, NUMBERED, where, names={"label": ("0", "1", "2")}).notes == ()


def test_half_a_character_is_no_text() -> None:
    assert fault(SST2, {"sentence": "a \ud83d b", "label": 1}) == (
        "rows, row 1: a text holds half a character (a lone surrogate)."
    )


def test_half_a_character_is_refused_in_answers_and_titles_too() -> None:
    words = "rows, row 2: a text holds half a character (a lone surrogate)."
    whole, half = question(("1889", 24)), "an \ud83d"
    lists = {**question(), "answers": {"text": [half], "answer_start": [0]}}
    for row in (question(("1889", 24), (half, 0)), lists, question(("1889", 24), title=half)):
        assert fault(SQUAD, whole, row) == words
    assert fault(SST2, {"sentence": "a", "label": 1}, {"sentence": "b", "label": half}) == words


TITLED = question(("1889", 24), title="Bridges")


def test_clusters_are_what_the_task_names_the_coarsest_first() -> None:
    [example] = build(SQUAD, [TITLED], where).examples
    assert list(example.clusters.items()) == [("article", "Bridges"), ("paragraph", CONTEXT)]
    long = " ".join([CONTEXT, CONTEXT])
    [one, other] = build(SQUAD, [{**TITLED, "context": f"{blank}{long}"} for blank in ("", " ")], where).examples
    assert one.clusters == other.clusters  # blanks around a text make no other paragraph
    assert len(one.clusters["paragraph"]) == 16
    [official] = build(MNLI, [{"sentence1": "A. ", "sentence2": "B.", "label": 1}], where).examples
    [hub] = build(MNLI, [{"premise": "A.", "hypothesis": "B.", "label": 1}], where).examples
    assert official.clusters == hub.clusters == {"premise": "A."}


def test_a_task_that_names_none_has_the_text_that_its_kind_says() -> None:
    [pair] = build(STSB, [{"sentence1": "A.", "sentence2": "B.", "score": 3}], where).examples
    assert pair.clusters == {"first sentence": "A."}
    asked = replace(SQUAD, clusters=())
    assert build(asked, [TITLED], where).examples[0].clusters == {"context": CONTEXT}
    [single] = build(SST2, [{"sentence": "a", "label": 1, "title": "x"}], where).examples
    assert single.clusters == {}


def test_a_split_without_a_level_lacks_it_and_one_that_only_some_rows_have_is_told() -> None:
    without = {name: value for name, value in TITLED.items() if name != "title"}
    split = build(SQUAD, [without, {**TITLED, "title": " "}, {**TITLED, "title": None}], where)
    assert [list(example.clusters) for example in split.examples] == [["paragraph"]] * 3
    assert split.notes == ()
    some = build(SQUAD, [TITLED, without, {**TITLED, "title": 7}], where)
    assert [list(example.clusters) for example in some.examples] == [["paragraph"]] * 3
    assert some.notes == ("only 2 of 3 rows have a 'title', so articles are not told apart",)
    assert [example.clusters for example in build(SQUAD, [{**TITLED, "title": 7}], where).examples] == [
        {"article": "7", "paragraph": CONTEXT}
    ]


def test_clusters_change_neither_ids_nor_digests() -> None:
    other = build(SQUAD, [{**TITLED, "title": "Towers"}], where).examples
    assert build(SQUAD, [TITLED], where).examples[0].id == other[0].id
    assert digest_of(build(SQUAD, [TITLED], where).examples) == digest_of(other)


def test_answers_come_in_both_forms_and_once() -> None:
    lists = {**question(), "answers": {"text": ["1889", "1889", "in 1889"], "answer_start": [24, 24, 21]}}
    pairs = question(("1889", 24), ("1889", 24), ("in 1889", 21))
    [one], [other] = build(SQUAD, [lists], where).examples, build(SQUAD, [pairs], where).examples
    assert one == other
    assert one.gold == (Answer("1889", 24), Answer("in 1889", 21))


def test_answers_that_are_elsewhere_are_found_counted_and_reported() -> None:
    rows = [question(("The bridge", 25)), question(("1889", 24)), question(("1066", 3)), question(("", 0))]
    split = build(SQUAD, rows, where)
    assert [example.gold[0].start for example in split.examples] == [30, 24, -1, -1]  # type: ignore[index, union-attr]
    assert split.notes == (
        "3 of the gold answers are not at their offset: 1 were found elsewhere in their context, "
        "2 are not in it and train nothing",
    )
    assert build(SQUAD, [question(("1889", 24))], where).notes == ()


def test_texts_of_spans_keep_their_edges_so_that_offsets_hold() -> None:
    [example] = build(SQUAD, [question(("1889", 26), context=f"  {CONTEXT}")], where).examples
    assert example.inputs[1].startswith("  The")
    assert example.gold == (Answer("1889", 26),)


def test_answers_in_no_known_form() -> None:
    assert fault(SQUAD, question()) == "rows, row 1: the question has no answer. SQuAD v1.1 has one for each."
    broken = "rows, row 1: an answer needs 'text' and 'answer_start', a whole number."
    for answers in (
        [{"text": "1889"}],
        ["1889"],
        7,
        {"text": ["a"], "answer_start": []},
        [{"text": "1889", "answer_start": float("inf")}],
        [{"text": "a", "answer_start": "x"}],
    ):
        assert fault(SQUAD, {**question(), "answers": answers}) == broken
