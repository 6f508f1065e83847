"""Teachers are trained before those whom they teach, and once."""

from __future__ import annotations

from mtl_core.config.run import parse
from mtl_core.jobs.teachers import first


def test_teachers_come_first_and_are_named() -> None:
    pair = parse({"tasks": "sst2,mnli", "teachers": "train", "train_limit": "sst2=100", "name": "taught"})
    rows, asked = first([pair])
    assert [config.tasks for _, config in rows] == [("sst2",), ("mnli",), ("sst2", "mnli")]
    assert [config.train_limit for _, config in rows] == [100, None, {"sst2": 100}]
    assert rows[0][1].name == "taught · sst2 alone"
    assert rows[2][1].teachers == (rows[0][0], rows[1][0])
    assert asked == [rows[2][0]]


def test_one_teacher_serves_all_its_pupils_and_may_be_a_run_that_was_asked_for() -> None:
    base = {"tasks": "sst2,mnli", "teachers": "train"}
    pupils = [parse({**base, "sharing": "hard"}), parse({**base, "schedule": "round_robin"})]
    alone = parse({"tasks": "sst2"})
    rows, asked = first([*pupils, alone, parse({"tasks": "sst2", "seed": 2})])
    assert [config.tasks for _, config in rows] == [("sst2",), ("mnli",), *[("sst2", "mnli")] * 2, ("sst2",)]
    assert rows[3][1].teachers == rows[2][1].teachers
    assert asked == [rows[2][0], rows[3][0], rows[0][0], rows[4][0]]


def test_runs_that_are_merged_come_first_too() -> None:
    asked = {"tasks": "sst2,mnli", "epochs": 2}
    merged, taught = parse({**asked, "merging": "ties", "merge_from": "train"}), parse({**asked, "teachers": "train"})
    rows, ids = first([merged, taught, parse({"tasks": "sst2", "epochs": 2})])
    assert [config.tasks for _, config in rows] == [("sst2",), ("mnli",), *[("sst2", "mnli")] * 2]
    assert rows[2][1].merge_from == rows[3][1].teachers == (rows[0][0], rows[1][0])
    assert rows[0][1] == parse({"tasks": "sst2", "epochs": 2})
    assert ids == [rows[2][0], rows[3][0], rows[0][0]]


def test_runs_without_pupils_are_left_as_they_are() -> None:
    twice = [parse({"tasks": "sst2"}), parse({"tasks": "sst2"})]
    rows, asked = first(twice)
    assert [config for _, config in rows] == twice
    assert asked == [run_id for run_id, _ in rows]
