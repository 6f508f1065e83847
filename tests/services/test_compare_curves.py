from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mtl_core.services import compare
from mtl_core.services.compare import curves as group_curves
from mtl_core.services.compare import groups
from mtl_core.services.compare.curves import band
from mtl_core.store.workspace import Workspace
from tests import builders

X = np.array([10.0, 20.0, 30.0])


def test_curves_of_several_runs_say_whose_they_are(workspace: Workspace) -> None:
    ids = [builders.run(workspace), builders.run(workspace, tasks="sst2,mnli")]
    curves = group_curves.curves(workspace, ids)
    assert set(curves) == {(ids[0], "sst2"), (ids[1], "sst2"), (ids[1], "mnli")}
    assert set(group_curves.selection(workspace, ids, {"mnli": "accuracy"})) == {(ids[1], "mnli")}
    assert group_curves.curves(workspace, ["never-was"]) == {}


def test_a_band_is_students_t_at_every_place() -> None:
    heights = np.array([[1.0, 2.0, 3.0], [2.0, 2.0, 5.0], [3.0, 5.0, 4.0]])
    found = band([(X, ys) for ys in heights])
    assert found is not None
    assert (found.x.tolist(), found.mean.tolist()) == ([10, 20, 30], [2.0, 3.0, 4.0])
    low, high = stats.t.interval(0.95, 2, heights.mean(axis=0), stats.sem(heights, axis=0))
    assert found.low == pytest.approx(low)
    assert found.high == pytest.approx(high)
    assert found.high[0] - found.mean[0] == pytest.approx(4.302653 * 1 / 3**0.5)  # by hand: SD 1, n 3


def test_a_band_reaches_as_far_as_all_lines_and_reads_between_points() -> None:
    found = band([(X, np.array([0.0, 10.0, 20.0])), (np.array([15.0, 25.0]), np.array([1.0, 1.0]))])
    assert found is not None
    assert found.x.tolist() == [15, 20, 25]
    assert found.mean.tolist() == [3.0, 5.5, 8.0]  # the first line is at 5, 10 and 15 there


def test_many_points_are_thinned() -> None:
    xs = np.arange(5000, dtype=float)
    found = band([(xs, xs), (xs, xs)])
    assert found is not None
    assert len(found.x) == group_curves.POINTS
    assert found.high == pytest.approx(found.mean)


def test_one_line_and_lines_apart_have_no_band() -> None:
    assert band([(X, X)]) is None
    assert band([(X, X), (X + 100, X)]) is None


def test_groups_become_courses_and_single_runs_keep_what_was_measured(workspace: Workspace) -> None:
    ids = [builders.run(workspace, seed=seed, dev=4) for seed in (1, 2, 3)]
    ids.append(builders.run(workspace, tasks="sst2,mnli", dev=4))
    by_id = {run.id: run for run in compare.choices(workspace)}
    runs = [by_id[run_id] for run_id in ids]
    listed = groups.grouped(workspace, runs).groups
    losses = group_curves.losses(group_curves.curves(workspace, ids), listed, x="step", smoothing=0.5)
    assert [(one.task, one.label, len(one.lines), one.band is None) for one in losses] == [
        ("sst2", "alone", 3, False),
        ("sst2", "with mnli", 1, True),
        ("mnli", "with sst2", 1, True),
    ]
    assert [len(one.raw) for one in losses] == [3, 1, 1]
    metrics = {"sst2": "accuracy", "mnli": "accuracy"}
    scores = group_curves.scores(group_curves.selection(workspace, ids, metrics), listed, metrics, x="seconds")
    assert [len(one.raw) for one in scores] == [0, 0, 0]
    assert scores[0].strong[1] == pytest.approx(100 * (0.6 + np.array([15, 30, 45, 60]) / 300))


def test_what_was_never_measured_has_no_course(workspace: Workspace) -> None:
    empty = group_curves.curves(workspace, ["never-was"])
    assert empty == {}
    assert group_curves.losses(empty, [], x="step", smoothing=0.5) == []
    assert group_curves.scores(empty, [], {}, x="step") == []
