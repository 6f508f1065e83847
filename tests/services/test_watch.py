from __future__ import annotations

import json

import pytest

from mtl_core.errors import RunNotFound, TandemError
from mtl_core.records import Draw, LayerMix, Step
from mtl_core.services import watch
from mtl_core.store import mixes, runs, scores, steps
from mtl_core.store.workspace import Workspace
from tests import builders


def run_of(workspace: Workspace, run_id: str) -> runs.Run:
    with workspace.write() as index:
        return runs.get(index, run_id)


def test_live_runs_come_first_and_the_one_asked_for_is_among_them(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert watch.runs(workspace) == []
    old, queued, running, newest = (
        builders.run(workspace, state=state) for state in ("finished", "queued", "running", "finished")
    )
    assert [run.id for run in watch.runs(workspace)] == [running, queued, newest, old]
    monkeypatch.setattr(watch, "RECENT", 3)
    assert old not in [run.id for run in watch.runs(workspace)]
    assert old in [run.id for run in watch.runs(workspace, asked=old)]


def test_a_run_that_is_not_there_is_named(workspace: Workspace) -> None:
    builders.run(workspace)
    with pytest.raises(RunNotFound, match="there is no run 'nosuchid'"):
        watch.snapshot(workspace, "nosuchid")


def test_a_finished_run_has_scores_and_draws_in_the_order_of_its_tasks(workspace: Workspace) -> None:
    run_id = builders.run(workspace, tasks="sst2,squad,mnli", dev=20)
    now = watch.snapshot(workspace, run_id)
    assert [draw.task for draw in now.draws] == ["sst2", "squad", "mnli"]
    assert [(task, metric) for task, metric, _, _ in now.scores] == [
        ("sst2", "accuracy"),
        ("squad", "exact_match"),
        ("squad", "f1"),
        ("mnli", "accuracy"),
    ]
    assert {dev_set for *_, dev_set in now.scores} == {"20 dev examples"}
    assert now.place == 0


def test_a_running_run_shows_what_its_steps_have_drawn(workspace: Workspace) -> None:
    run_id = builders.run(workspace, tasks="sst2,mnli", state="running")
    with workspace.run(run_id).open() as run_db:
        scores.record_draws(run_db, [Draw(task, 60, 1920) for task in ("mnli", "sst2")])
    now = watch.snapshot(workspace, run_id)
    assert now.draws == (Draw("sst2", 60, 1920, 30, 960, 960 * 24), Draw("mnli", 60, 1920, 30, 960, 960 * 24))
    assert now.remarks == ()
    assert now.scores == ()


def test_a_waiting_run_knows_its_place(workspace: Workspace) -> None:
    first, second = (builders.run(workspace, state="queued") for _ in range(2))
    assert (watch.snapshot(workspace, first).place, watch.snapshot(workspace, second).place) == (
        1,
        2,
    )
    assert watch.curve(workspace, first).empty
    assert watch.selection(workspace, first).empty
    assert watch.log_tail(workspace, first) == ""
    assert not workspace.run(first).database.exists(), "asking made a database"


def test_the_log_and_the_config_as_they_lie_in_the_folder(workspace: Workspace) -> None:
    run_id = builders.run(workspace)
    workspace.run(run_id).log.write_text("\n".join(f"line {n}" for n in range(30_000)), "utf-8")
    assert watch.log_tail(workspace, run_id, lines=2) == "line 29998\nline 29999"
    assert watch.log_text(workspace, run_id).startswith("line 0\n")
    assert json.loads(watch.config_text(workspace, run_id))["tasks"] == ["sst2"]


def test_a_curve_as_csv_has_every_step_in_order(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PART", 25)  # 60 steps in three parts
    run_id = builders.run(workspace, tasks="sst2,mnli")
    rows = [Step(61, task, 24.4004, 1 / 3, 5e-5, float("inf"), 992, 23808, 83.25, 10**9) for task in ("sst2", "mnli")]
    with workspace.run(run_id).open() as run_db:
        steps.record(run_db, rows)
    lines = watch.curve_text(workspace, run_id).splitlines()
    head = "step,task,seconds,loss,learning_rate,gradient_norm,examples,tokens,examples_per_second,memory_bytes"
    assert lines[0] == head
    assert [int(line.split(",")[0]) for line in lines[1:]] == [*range(1, 61), 61, 61]
    assert lines[-2:] == [
        f"61,{task},24.400,0.333333333,5e-05,Inf,992,23808,83.3,1000000000" for task in ("mnli", "sst2")
    ]
    waiting = builders.run(workspace, state="queued")
    assert watch.curve_text(workspace, waiting) == f"{head}\n"


def test_trouble_says_why_and_what_to_do(workspace: Workspace) -> None:
    lost = watch.trouble(run_of(workspace, builders.run(workspace, state="lost")))
    assert lost is not None
    assert lost.reason == "Killed by signal 9."
    assert lost.advice == (
        "Resume the run; if it ends like this again, launch it with a smaller batch_size or max_length."
    )
    failed = watch.trouble(run_of(workspace, builders.run(workspace, state="failed")))
    assert failed is not None
    assert failed.reason == "The run ended with an error."
    assert failed.advice == ("See the end of the log. Fix the cause, then resume the run or launch it again.")
    assert watch.trouble(run_of(workspace, builders.run(workspace))) is None


def test_a_waiting_run_leaves_the_queue_and_can_then_be_deleted(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtl_core.devices.visible", lambda: ())  # nothing may start
    run_id = builders.run(workspace, state="queued")
    with pytest.raises(TandemError, match="Stop it before you delete it"):
        watch.remove(workspace, run_id)
    watch.stop(workspace, run_id)
    assert run_of(workspace, run_id).state == "stopped"
    watch.remove(workspace, run_id)
    assert watch.runs(workspace) == []
    assert not workspace.run(run_id).path.exists()


def test_a_task_that_is_starved_is_called_so(workspace: Workspace) -> None:
    run_id = builders.run(workspace, tasks="sst2,mnli", state="running")
    with workspace.run(run_id).open() as run_db:
        draws = [Draw("sst2", 60, 4200, size=1000, asked_epochs=1.0), Draw("mnli", 60, 300, size=1000, asked_epochs=1)]
        scores.record_draws(run_db, draws)
    assert watch.snapshot(workspace, run_id).remarks == (
        "sst2 is repeated: 4.2 epochs of 1",
        "mnli is starved: 0.3 of its 1 epoch is drawn",
    )


def test_a_run_that_ended_early_goes_on(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtl_core.jobs.control.start_waiting", lambda _: [])
    early = [builders.run(workspace, state=state) for state in ("stopped", "failed", "lost")]
    assert all(watch.can_go_on(run_of(workspace, run_id)) for run_id in early)
    assert not watch.can_go_on(run_of(workspace, builders.run(workspace)))
    watch.resume(workspace, early[0])
    assert run_of(workspace, early[0]).state == "queued"


def test_learned_weights_are_a_table_a_row_a_layer(workspace: Workspace) -> None:
    run_id = builders.run(workspace, tasks="sst2,mnli", sharing="cross_stitch")
    assert watch.layer_mix(workspace, run_id).empty
    with workspace.run(run_id).open() as run_db:
        for step, own in ((0, 0.9), (30, 0.75)):
            mixes.record(run_db, step, two_layers(own))
    table = watch.mix_table(watch.layer_mix(workspace, run_id), ("sst2", "mnli"))
    assert table.columns == ("layer", "sst2 reads itself", "sst2 reads mnli", "mnli reads sst2", "mnli reads itself")
    assert table.rows == (("1", "0.750", "0.250", "0.100", "0.900"), ("2", "0.750", "0.250", "0.100", "0.900"))
    assert table.notes == ("Weights after step 30; layer 1 is the lowest.",)
    with workspace.run(run_id).open() as run_db:
        mixes.forget(run_db, after=10)
    assert set(watch.layer_mix(workspace, run_id)["step"]) == {0}


def two_layers(own: float) -> list[LayerMix]:
    """Weights of two layers where mnli reads itself by 0.9."""
    weights = (("sst2", "sst2", own), ("sst2", "mnli", 1 - own), ("mnli", "sst2", 0.1), ("mnli", "mnli", 0.9))
    return [LayerMix(layer, *weight) for layer in (1, 2) for weight in weights]
