from __future__ import annotations

import numpy as np
import pytest
from sqlite_utils import Database

from mtl_core.records import Draw, Step
from mtl_core.store import evaluations, kept_curves, loss_buckets, run_database, scores, steps
from mtl_core.store.database import in_memory
from mtl_core.store.loss_buckets import ThinnedCurve
from mtl_core.store.workspace import Workspace

TASKS = ("mnli", "sst2")


@pytest.fixture
def db() -> Database:
    with in_memory(run_database.migrations) as opened:
        yield opened


def made(first: int, last: int, tasks: tuple[str, ...] = TASKS) -> list[Step]:
    """Steps first … last, each on all tasks, with losses that no other step has."""
    return [
        Step(step, task, step / 10, float(np.sin(step)) + 2 * place, 1e-4 / step, 1.0, 32 * step, 800 * step, 90.0, 1)
        for step in range(first, last + 1)
        for place, task in enumerate(tasks)
    ]


def same(one: ThinnedCurve, other: ThinnedCurve) -> bool:
    return (
        one.width == other.width
        and list(one.tasks) == list(other.tasks)
        and all(np.allclose(one.tasks[task], other.tasks[task]) for task in one.tasks)
    )


def test_a_short_curve_has_every_step(db: Database) -> None:
    steps.record(db, made(1, 40))
    curve = loss_buckets.read(db, TASKS)
    assert (curve.width, curve.last, list(curve.tasks)) == (1, 40, list(TASKS))
    assert curve.tasks["sst2"][6].tolist() == pytest.approx([7, 0.7, 224, 5600, 1e-4 / 7, *[np.sin(7) + 2] * 3, 1])


@pytest.mark.parametrize("tasks", [TASKS, ("sst2",)])
def test_a_long_curve_is_thinned_and_keeps_its_spikes(db: Database, tasks: tuple[str, ...]) -> None:
    steps.record(db, made(1, 3000, tasks))
    db.execute("UPDATE steps SET loss = 50 WHERE step = 1234 AND task = 'sst2'")
    curve = loss_buckets.read(db, tasks)
    buckets = curve.tasks["sst2"]
    assert (curve.width, len(buckets), curve.last) == (4, 750, 3000)
    losses = np.sin(np.arange(1233.0, 1237.0)) + 2 * tasks.index("sst2")
    losses[1] = 50
    expected = [1236, 123.6, 32 * 1236, 800 * 1236, 1e-4 / 1236, losses.min(), 50, losses.sum(), 4]
    assert buckets[308].tolist() == pytest.approx(expected)
    assert buckets[:, loss_buckets.POINTS].sum() == 3000


def test_a_task_that_is_trained_late_has_no_empty_stretches(db: Database) -> None:
    steps.record(db, [*made(1, 1500, ("sst2",)), *made(1501, 3000, ("mnli",))])
    curve = loss_buckets.read(db, ("sst2", "mnli", "squad"))
    assert {task: (int(rows[0, 0]), int(rows[-1, 0])) for task, rows in curve.tasks.items()} == {
        "mnli": (1504, 3000),
        "sst2": (4, 1500),
    }


@pytest.mark.parametrize("ends", [(900, 1001, 1002, 2500, 2500), (999, 4100), (2001, 2003)])
def test_a_curve_that_grew_is_that_which_is_read_at_once(db: Database, ends: tuple[int, ...]) -> None:
    curve, begun = ThinnedCurve(), 1
    for end in ends:
        rows = made(begun, end)
        steps.record(db, rows[:-1])  # the latest step is not whole yet
        curve = loss_buckets.grown(db, curve)
        steps.record(db, rows[-1:])
        begun = end + 1
    grown = loss_buckets.grown(db, curve)
    assert loss_buckets.holds(db, grown)
    assert same(grown, loss_buckets.read(db, TASKS))
    assert loss_buckets.grown(db, grown) is grown, "nothing is new"


def test_a_curve_whose_end_was_made_anew_is_read_anew(db: Database) -> None:
    steps.record(db, made(1, 50))
    curve = loss_buckets.read(db, TASKS)
    steps.forget(db, after=30)
    assert not loss_buckets.holds(db, curve)
    steps.record(db, [Step(step, "sst2", step / 10 + 0.05, 0.1, 1e-4, 1.0, 1, 1, 90.0, 1) for step in range(31, 51)])
    assert not loss_buckets.holds(db, curve)
    assert not loss_buckets.holds(db, ThinnedCurve())


def test_a_curve_is_kept_until_its_run_is_gone(db: Database, workspace: Workspace) -> None:
    steps.record(db, made(1, 2000))
    curve = loss_buckets.read(db, TASKS)
    for name in ("first", "second"):
        workspace.run(name).path.mkdir(parents=True)
        kept_curves.keep(workspace, name, curve)
    assert same(kept_curves.load(workspace, "first"), curve)
    workspace.run("second").path.rmdir()
    kept_curves.keep(workspace, "first", curve)
    assert [path.name for path in (workspace.cache / "curves").iterdir()] == ["first.npz"]
    assert kept_curves.load(workspace, "second") == ThinnedCurve()


def test_a_kept_curve_that_is_damaged_counts_as_none(workspace: Workspace) -> None:
    path = workspace.cache / "curves" / "first.npz"
    path.parent.mkdir(parents=True)
    for content in (b"", b"PK\x03\x04 cut", b"nothing of the kind"):
        path.write_bytes(content)
        assert kept_curves.load(workspace, "first") == ThinnedCurve()
    np.savez(path, width=np.array(2), **{"task sst2": np.zeros((3, 4))})
    assert kept_curves.load(workspace, "first") == ThinnedCurve()


def test_draws_so_far_are_planned_ones_with_what_was_made() -> None:
    planned = [Draw("mnli", 10, 320, size=99, asked_epochs=2.0), Draw("sst2", 10, 320)]
    found = scores.so_far(planned, {"mnli": (4, 128, 3000)})
    assert found == [Draw("mnli", 10, 320, 4, 128, 3000, 99, 2.0), Draw("sst2", 10, 320)]


def test_evaluations_after_a_step(db: Database) -> None:
    for step in (10, 20):
        evaluations.record(db, step=step, task="sst2", scores={"accuracy": 0.5}, seconds=1.0, examples=4)
    assert evaluations.curve(db)["step"].tolist() == [10, 20]
    assert evaluations.curve(db, after=10)["step"].tolist() == [20]
