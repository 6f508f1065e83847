"""Clusters of a run's dev examples as codes beside its vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from mtl_core.config import run as configs
from mtl_core.records import DevExample, Prediction
from mtl_core.store import clusters, predictions, runs, vectors
from mtl_core.store.workspace import Workspace

Known = Sequence[Mapping[str, str] | None]


def stored(workspace: Workspace, task: str, known: Known, inputs: Sequence[tuple[str, ...]] = ()) -> str:
    """A run with an example for each of `known`, the last id first; None as an earlier version had it."""
    ids = [f"{task}-{len(known) - place:03}" for place in range(len(known))]
    texts = inputs or [(f"a {name}", f"b {name}") for name in ids]
    with workspace.write() as index:
        run_id = runs.add(index, configs.parse({"tasks": "squad"}), device="cpu")
        with workspace.run(run_id).open() as run_db:
            gold = [{"text": "a", "start": 0}]
            rows = zip(ids, texts, known, strict=True)
            examples = [
                DevExample(name, task, n, text, gold, "a", own or {}) for n, (name, text, own) in enumerate(rows)
            ]
            told = [(task, Prediction(name, "a", True, 1.0, 0.5, {})) for name in ids]
            predictions.record(run_db, examples, told)
            for name, own in zip(ids, known, strict=True):
                if own is None:
                    run_db.execute("UPDATE examples SET clusters = NULL WHERE id = ?", [name])
            predictions.publish(index, run_db, run_id)
        vectors.publish_scores(index, run_id)
    return run_id


def found(workspace: Workspace, run_id: str, task: str = "squad") -> dict[str, list[int]]:
    with workspace.read() as index:
        levels = clusters.of_examples(index, run_id, task)
        size = len(vectors.example_ids(index, run_id, task))
    assert all(level.codes.shape == (size,) and level.count == len(set(level.codes.tolist())) for level in levels)
    return {level.name: level.codes.tolist() for level in levels}


def about(article: str, paragraph: str) -> dict[str, str]:
    return {"article": article, "paragraph": paragraph}


def test_codes_are_in_the_order_of_the_ids_the_coarsest_level_first(workspace: Workspace) -> None:
    known = [about("B", "3"), about("A", "2"), about("A", "2"), about("A", "1")]  # e004, e003, e002, e001
    assert found(workspace, stored(workspace, "squad", known)) == {"article": [0, 0, 0, 1], "paragraph": [0, 1, 1, 2]}


def test_a_level_that_says_nothing_or_the_same_as_a_coarser_one_is_left_out(workspace: Workspace) -> None:
    each = stored(workspace, "squad", [about("A", "1"), about("A", "2"), about("B", "3")])
    assert found(workspace, each) == {"article": [0, 1, 1]}  # each paragraph has one question
    alike = stored(workspace, "squad", [about("A", "1"), about("A", "1"), about("B", "2")])
    assert found(workspace, alike) == {"article": [0, 1, 1]}
    one = stored(workspace, "squad", [about("A", "1"), about("A", "2"), about("A", "2")])
    assert found(workspace, one) == {"article": [0, 0, 0], "paragraph": [0, 0, 1]}
    assert found(workspace, stored(workspace, "sst2", [{}, {}]), "sst2") == {}


def test_a_level_that_only_some_have_is_left_out(workspace: Workspace) -> None:
    known = [about("A", "1"), {"paragraph": "1"}, {"paragraph": "2"}]
    assert found(workspace, stored(workspace, "squad", known)) == {"paragraph": [0, 1, 1]}


@pytest.mark.parametrize(
    ("task", "inputs", "levels"),
    [
        ("squad", [("Who?", "text"), ("When?", "text"), ("Why?", "other")], {"paragraph": [0, 1, 1]}),
        ("mnli", [("It rains.", "a"), ("It rains.", "b"), ("It snows.", "c")], {"premise": [0, 1, 1]}),
        ("stsb", [("It rains.", "a"), ("It rains.", "b"), ("It snows.", "c")], {"first sentence": [0, 1, 1]}),
        ("sst2", [("fine",), ("fine",), ("dull",)], {}),
        ("gone", [("Who?", "text"), ("When?", "text"), ("Why?", "other")], {"text": [0, 1, 1]}),
    ],
)
def test_of_an_earlier_versions_examples_it_is_the_text_that_they_share(
    workspace: Workspace, task: str, inputs: Sequence[tuple[str, ...]], levels: dict[str, list[int]]
) -> None:
    assert found(workspace, stored(workspace, task, [None] * 3, inputs), task) == levels


def test_a_run_without_examples_of_the_task_has_none(workspace: Workspace) -> None:
    assert found(workspace, stored(workspace, "squad", [about("A", "1")] * 2), "mnli") == {}
