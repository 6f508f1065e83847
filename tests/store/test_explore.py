from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlite_utils import Database

from mtl_core.config import run as configs
from mtl_core.records import DevExample, Prediction, RunState
from mtl_core.store import explore, predictions, runs
from mtl_core.store.explore import View
from mtl_core.store.workspace import Workspace

TEXTS = (
    "A 100% sure thing",
    "a_b and then",
    "Über den Straßen",
    'he said "no" \\ yes',
    "plain words only",
    "WORDS apart",
)
GOLD = ("positive", "negative", "positive", "negative", "positive", "negative")
ALONE = "101000"
PAIR = "011001"
THIRD = "01100"
"""One digit an example: whether the run was right. The third run's dev set is one example shorter."""


def add_run(index: Database, workspace: Workspace, right: str, first_confidence: float) -> str:
    run_id = runs.add(index, configs.parse({"tasks": "sst2"}), device="cpu")
    runs.adopt_state(index, run_id, RunState.FINISHED)
    examples = [
        DevExample(f"e{place}", "sst2", place, (text,), [gold], gold)
        for place, (text, gold) in enumerate(zip(TEXTS, GOLD, strict=True))
    ][: len(right)]
    other = {"positive": "negative", "negative": "positive"}
    said = []
    for place, (example, digit) in enumerate(zip(examples, right, strict=True)):
        label = example.label if digit == "1" else other[example.label]
        confidence = first_confidence + place / 100
        said.append(Prediction(example.id, label, digit == "1", float(digit), confidence, {"probabilities": {}}))
    with workspace.run(run_id).open() as run_db:
        predictions.record(run_db, examples, [("sst2", one) for one in said])
        predictions.publish(index, run_db, run_id)
    return run_id


@pytest.fixture
def index(workspace: Workspace) -> Iterator[Database]:
    with workspace.write() as db:
        yield db


@pytest.fixture
def ids(index: Database, workspace: Workspace) -> tuple[str, ...]:
    chosen = ((ALONE, 0.6), (PAIR, 0.7), (THIRD, 0.5))
    return tuple(add_run(index, workspace, right, confidence) for right, confidence in chosen)


def shown(index: Database, view: View) -> list[str]:
    return [example.id for example in explore.page(index, view, limit=100)]


def test_fixed_is_baseline_wrong_and_every_other_right(index: Database, ids: tuple[str, ...]) -> None:
    found = explore.counts(index, View("sst2", ids[:2]))
    assert found == {"all": 6, "fixed": 2, "broken": 1, "wrong": 2, "right": 1, "disagree": 3, "partial": 0}
    assert shown(index, View("sst2", ids[:2], "fixed")) == ["e1", "e5"]
    assert shown(index, View("sst2", ids[:2], "broken")) == ["e0"]
    assert shown(index, View("sst2", ids[1::-1], "fixed")) == ["e0"]


def test_what_not_all_were_asked_is_neither_fixed_nor_broken_nor_wrong(index: Database, ids: tuple[str, ...]) -> None:
    found = explore.counts(index, View("sst2", ids))
    assert found == {"all": 6, "fixed": 1, "broken": 1, "wrong": 2, "right": 1, "disagree": 3, "partial": 1}
    assert shown(index, View("sst2", ids, "partial")) == ["e5"]
    assert (ids[2], "e5") not in {(run, one) for one, run in explore.said(index, "sst2", ids, ["e4", "e5"])}


def test_every_filter_shows_as_many_as_it_counts(index: Database, ids: tuple[str, ...]) -> None:
    for view in (View("sst2", ids), View("sst2", ids[:1]), View("sst2", ids[:2], gold="positive", words="e")):
        counted = explore.counts(index, view)
        for show in explore.SHOWS:
            changed = View(view.task, view.runs, show, gold=view.gold, words=view.words)
            assert len(shown(index, changed)) == counted[show]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("100%", ["e0"]),
        ("0%s", []),
        ("a_b", ["e1"]),
        ("_", ["e1"]),
        ("\\", ["e3"]),
        ("über STRASSEN", ["e2"]),
        ("words", ["e4", "e5"]),
        ("words plain", ["e4"]),
        ('"words plain"', []),
        ('"plain words"', ["e4"]),
        ('"', ["e3"]),
        ("[", []),
        ("' OR 1=1 --", []),
    ],
)
def test_words_are_found_in_any_case_and_never_mean_more_than_they_say(
    index: Database, ids: tuple[str, ...], words: str, expected: list[str]
) -> None:
    assert shown(index, View("sst2", ids[:1], words=words)) == expected


def test_labels_slice_by_gold_and_by_what_was_said(index: Database, ids: tuple[str, ...]) -> None:
    assert shown(index, View("sst2", ids[:2], gold="negative")) == ["e1", "e3", "e5"]
    assert shown(index, View("sst2", ids[:1], predicted="negative")) == ["e4"]
    by_any = shown(index, View("sst2", ids[:2], predicted="negative"))
    by_pair = shown(index, View("sst2", ids[:2], predicted="negative", predicted_by=ids[1]))
    assert (by_any, by_pair) == (["e0", "e1", "e4", "e5"], ["e0", "e1", "e4", "e5"])
    assert explore.labels(index, "sst2", ids) == ["negative", "positive"]


def test_orders(index: Database, ids: tuple[str, ...]) -> None:
    def order(name: str) -> list[str]:
        return shown(index, View("sst2", ids[:2], order=name))

    assert order("position") == ["e0", "e1", "e2", "e3", "e4", "e5"]
    assert order("unsure") == ["e0", "e1", "e2", "e3", "e4", "e5"]
    assert order("sure") == ["e5", "e4", "e3", "e2", "e1", "e0"]
    assert order("gained")[:2] == ["e5", "e1"]
    assert order("lost")[0] == "e0"
    assert shown(index, View("sst2", ids[:1], order="gained")) == ["e0", "e1", "e2", "e3", "e4", "e5"]


def test_pages_follow_each_other_without_gap_or_overlap(index: Database, ids: tuple[str, ...]) -> None:
    view = View("sst2", ids, order="sure")
    pages = [[one.id for one in explore.page(index, view, limit=4, offset=start)] for start in (0, 4, 8)]
    assert [len(page) for page in pages] == [4, 2, 0]
    assert [*pages[0], *pages[1]] == shown(index, view)


def test_one_example(index: Database, ids: tuple[str, ...]) -> None:
    found = explore.example(index, "sst2", "e3")
    assert found is not None
    assert (found.inputs, found.gold) == (('he said "no" \\ yes',), ["negative"])
    assert explore.example(index, "mnli", "e3") is None
    assert explore.example(index, "sst2", "nothing") is None
    said = explore.said(index, "sst2", ids, ["e3"])
    assert {said["e3", run].prediction for run in ids} == {"positive"}


def test_no_query_reads_a_whole_table(index: Database, ids: tuple[str, ...]) -> None:
    asked: list[str] = []
    index.conn.set_trace_callback(asked.append)
    explore.counts(index, View("sst2", ids, words="a", gold="positive", predicted="negative"))
    explore.page(index, View("sst2", ids, "fixed", order="gained"), limit=2)
    index.conn.set_trace_callback(None)
    plans = [row["detail"] for sql in asked for row in index.query(f"EXPLAIN QUERY PLAN {sql}") if sql.strip()]
    assert plans
    assert not [
        plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] in ("predictions", "examples", "p")
    ]
