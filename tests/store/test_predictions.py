from __future__ import annotations

from dataclasses import replace

from mtl_core.config import run as configs
from mtl_core.records import DevExample, Prediction
from mtl_core.store import explore, predictions, runs
from mtl_core.store.workspace import Workspace

CONTEXT = "Signed in Lisbon, <b>not</b> in Łódź — 条約 😀."
EXAMPLE = DevExample("q1", "squad", 0, ("Where?", CONTEXT), [{"text": "Lisbon", "start": 10}], "Lisbon")


def said(answer: str, start: int) -> Prediction:
    return Prediction("q1", answer, answer == "Lisbon", 1.0, 0.5, {"start": start, "end": start + len(answer)})


def test_texts_and_answers_come_back_as_they_were(workspace: Workspace) -> None:
    with workspace.write() as index:
        run_id = runs.add(index, configs.parse({"tasks": "squad"}), device="cpu")
        with workspace.run(run_id).open() as run_db:
            predictions.record(run_db, [EXAMPLE], [("squad", said("Łódź", 33))])
            predictions.publish(index, run_db, run_id)
        assert explore.example(index, "squad", "q1") == EXAMPLE
        assert explore.said(index, "squad", [run_id], ["q1"]) == {("q1", run_id): said("Łódź", 33)}


def test_an_example_that_is_stored_without_clusters_gets_them_from_the_next_run(workspace: Workspace) -> None:
    """The first run is of an earlier version; a later one without titles takes nothing away."""
    article = {"article": "Treaties", "paragraph": "p"}
    with workspace.write() as index:
        finer = {"paragraph": "p"}
        for known, expected in ((None, {}), (finer, finer), (article, article), (finer, article), ({}, article)):
            run_id = runs.add(index, configs.parse({"tasks": "squad"}), device="cpu")
            with workspace.run(run_id).open() as run_db:
                example = replace(EXAMPLE, clusters=known or {}, position=5 if known == article else 0)
                predictions.record(run_db, [example], [("squad", said("Lisbon", 10))])
                if known is None:
                    run_db.execute("UPDATE examples SET clusters = NULL")
                predictions.publish(index, run_db, run_id)
            assert explore.example(index, "squad", "q1") == replace(EXAMPLE, clusters=expected)


def test_publishing_again_replaces_a_runs_predictions_and_leaves_the_others(workspace: Workspace) -> None:
    with workspace.write() as index:
        first, second = (runs.add(index, configs.parse({"tasks": "squad"}), device="cpu") for _ in range(2))
        for run_id, answer in ((first, "in"), (second, "in"), (first, "Lisbon")):
            with workspace.run(run_id).open() as run_db:
                predictions.record(run_db, [EXAMPLE], [("squad", said(answer, 10))])
                predictions.publish(index, run_db, run_id)
        found = explore.said(index, "squad", [first, second], ["q1"])
    assert {run_id: found["q1", run_id].prediction for run_id in (first, second)} == {first: "Lisbon", second: "in"}


def test_examples_that_no_run_predicted_any_more_go_with_the_last_run(workspace: Workspace) -> None:
    with workspace.write() as index:
        run_id = runs.add(index, configs.parse({"tasks": "squad"}), device="cpu")
        with workspace.run(run_id).open() as run_db:
            predictions.record(run_db, [EXAMPLE], [("squad", said("in", 7))])
            predictions.publish(index, run_db, run_id)
        runs.delete(index, run_id)
        assert explore.example(index, "squad", "q1") is None


def test_an_example_with_another_gold_answer_is_another_example(workspace: Workspace) -> None:
    """Data that is edited at the same place: each run keeps the gold answers that it was scored by."""
    shown = {}
    for name, gold in (("before", "positive"), ("after", "negative"), ("again", "negative")):
        with workspace.write() as index:
            run_id = runs.add(index, configs.parse({"tasks": "sst2", "name": name}), device="cpu")
            folder = workspace.run(run_id)
            with folder.open() as run_db:
                same = DevExample("e0", "sst2", 0, ("fine",), ["positive"], "positive")
                edited = DevExample("e1", "sst2", 1, ("so so",), [gold], gold)
                said = Prediction("e1", gold, True, 1.0, 0.9, {})
                predictions.record(run_db, [same, edited], [("sst2", said)])
                predictions.publish(index, run_db, run_id)
            shown[name] = [
                row["example"] for row in index.query("SELECT example FROM predictions WHERE run = ?", [run_id])
            ]
    with workspace.read() as index:
        golds = {row["id"]: row["label"] for row in index.query("SELECT id, label FROM examples")}
    assert golds["e0"] == "positive"
    assert [golds[example] for name in shown for example in shown[name]] == ["positive", "negative", "negative"]
    assert shown["before"] == ["e1"]
    assert shown["after"] == shown["again"] != ["e1"]
