from __future__ import annotations

from pathlib import Path

import pytest

from mtl_core.records import Step
from mtl_core.services import recorded, watch
from mtl_core.store import evaluations, loss_buckets, steps
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.workspace import Workspace
from tests import builders


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Runs whose run.db was opened, one entry each time."""
    names: list[str] = []
    usual = RunFolder.open
    monkeypatch.setattr(RunFolder, "open", lambda folder: names.append(folder.id) or usual(folder))
    monkeypatch.setattr(recorded, "SETTLED", 0.0)
    return names


def more(workspace: Workspace, run_id: str, *rows: Step) -> None:
    with workspace.run(run_id).open() as run_db:
        steps.record(run_db, rows)


def test_what_was_read_is_read_again_only_once_it_changed(workspace: Workspace, opened: list[str]) -> None:
    run_id = builders.run(workspace, tasks="sst2,mnli", state="running")
    recorded.of(workspace, run_id)
    first = recorded.of(workspace, run_id)
    del opened[:]
    assert recorded.of(workspace, run_id) is first
    assert opened == []
    more(workspace, run_id, Step(61, "sst2", 24.4, 0.3, 1e-5, 1.0, 992, 1, 83.0, 1))
    assert len(recorded.of(workspace, run_id).curve) == len(first.curve) + 1


def test_only_new_rows_are_read(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = builders.run(workspace, tasks="sst2,mnli", state="running")
    known = recorded.of(workspace, run_id)
    monkeypatch.setattr(loss_buckets, "read", lambda *_: pytest.fail("it was read from its beginning"))
    late = Step(60, "mnli", 24.0, 0.4, 1e-5, 1.0, 992, 1, 83.0, 1)  # a step trains several tasks
    more(workspace, run_id, late, Step(61, "sst2", 24.4, 0.3, 1e-5, 1.0, 992, 23900, 83.0, 1))
    with workspace.run(run_id).open() as run_db:
        evaluations.record(run_db, step=61, task="sst2", scores={"accuracy": 0.9}, seconds=1.0, examples=4)
    grown = recorded.of(workspace, run_id)
    assert len(grown.curve) == len(known.curve) + 2
    assert grown.losses["sst2"]["loss"].iloc[-1] == 0.3
    assert len(grown.selection) == len(known.selection) + 1
    assert grown.scores["sst2", "accuracy"]["value"].tolist() == [0.65, 0.7, 0.75, 0.8, 0.9]


def test_steps_that_a_resumed_run_makes_anew_are_not_mixed_with_old_ones(workspace: Workspace) -> None:
    run_id = builders.run(workspace, state="running")
    recorded.of(workspace, run_id)
    with workspace.run(run_id).open() as run_db:
        steps.forget(run_db, after=40)
    more(workspace, run_id, *(Step(step, "sst2", 99.0 + step, 0.25, 1e-5, 1, 1, 1, 1, 1) for step in range(41, 71)))
    curve = watch.curve(workspace, run_id)
    assert curve["step"].tolist() == list(range(1, 71))
    assert set(curve["loss"][40:]) == {0.25}


def test_a_long_curve_is_scanned_once_in_its_life(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run_id = builders.run(workspace)
    more(
        workspace, run_id, *(Step(step, "sst2", step / 10, step % 7, 1e-5, 1, 1, 1, 1, 1) for step in range(61, 10_061))
    )
    first = recorded.of(workspace, run_id)
    assert len(first.curve) == 629, "10,060 steps in stretches of 16"
    assert (first.curve["low"].iloc[-1], first.curve["high"].iloc[-1]) == (0, 6)
    recorded._known.clear()  # as after a restart of the server
    monkeypatch.setattr(loss_buckets, "read", lambda *_: pytest.fail("it was scanned again"))
    assert recorded.of(workspace, run_id).curve.equals(first.curve)
    assert (tmp_path / "cache" / "curves" / f"{run_id}.npz").exists()


def test_several_runs_come_in_their_order(workspace: Workspace) -> None:
    ids = [builders.run(workspace, seed=seed) for seed in (1, 2, 3)]
    found = recorded.several(workspace, [*ids, "never-was"])
    assert [one.curve.empty for one in found] == [False, False, False, True]
    assert found[2] is recorded.of(workspace, ids[2]) or found[2].curve.equals(recorded.of(workspace, ids[2]).curve)
    assert found[0].curve["loss"].tolist() != found[1].curve["loss"].tolist()
