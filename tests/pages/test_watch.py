from __future__ import annotations

import pytest

from mtl_core.records import Draw, RunState
from mtl_core.store import mixes, runs, scores
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.pages.conftest import Visit, asked, html, words
from tests.services.test_watch import two_layers


def test_without_runs_it_leads_to_launch(visit: Visit) -> None:
    app = visit("watch/page.py")
    assert not app.exception
    assert "Nothing has been launched yet." in words(app)
    assert [button.label for button in app.button] == ["Launch a run"]


def test_a_running_run_shows_its_progress_and_its_curves(visit: Visit, workspace: Workspace) -> None:
    run_id = builders.run(workspace, tasks="sst2,mnli", state="running")
    with workspace.run(run_id).open() as run_db:
        scores.record_draws(run_db, [Draw(task, 60, 1920) for task in ("mnli", "sst2")])
    builders.run(workspace)
    app = visit("watch/page.py", run=run_id)
    assert not app.exception
    assert "**step 60 of 120** · 83 examples/s · 1 min left · 1.2 GB · cpu" in words(app)
    assert [head.value for head in app.subheader][:4] == [
        "Loss",
        "Score on the validation split",
        "Examples seen / planned",
        "Learning rate",
    ]
    assert app.button(key="stop").label == "Stop"
    assert len(app.get("bidi_component")) == 4
    app.segmented_control(key="watch_axis").set_value("seconds").run()
    app.slider(key="watch_smoothing").set_value(0.0).run()
    assert not app.exception


def test_a_run_that_learns_to_stitch_shows_its_weights(visit: Visit, workspace: Workspace) -> None:
    run_id = builders.run(workspace, tasks="sst2,mnli", sharing="cross_stitch", state="running")
    with workspace.run(run_id).open() as run_db:
        mixes.record(run_db, 0, two_layers(0.9))
        mixes.record(run_db, 30, two_layers(0.75))
    app = visit("watch/page.py", run=run_id)
    assert not app.exception
    assert "Whose layers each task reads" in [head.value for head in app.subheader]
    assert f"mix-{run_id}" in [drawn.key for drawn in app.get("bidi_component")]
    assert "0.750" in html(app)
    plain = visit("watch/page.py", run=builders.run(workspace, tasks="sst2,mnli"))
    assert "Whose layers each task reads" not in [head.value for head in plain.subheader]


def test_stop_asks_the_run_and_says_so(visit: Visit, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtl_core.jobs.control.sweep", lambda _: [])  # the run has no process that could be alive
    run_id = builders.run(workspace, state="running")
    app = visit("watch/page.py", run=run_id)
    app.button(key="stop").click().run()
    assert not app.exception
    assert (app.button(key="stop").label, app.button(key="stop").disabled) == ("Stopping…", True)
    with workspace.write() as index:
        assert runs.get(index, run_id).stop_requested


def test_a_waiting_run_shows_its_place(visit: Visit, workspace: Workspace) -> None:
    first, second = (builders.run(workspace, state="queued") for _ in range(2))
    assert visit("watch/page.py", run=first).info[0].value == "Queued (1st) for cpu. It starts next."
    app = visit("watch/page.py", run=second)
    assert app.info[0].value == "Queued (2nd) for cpu. 1 run before it. Start not known yet."
    assert app.button(key="leave").label == "Leave the queue"
    assert "stop" not in [button.key for button in app.button], "a late click on Leave must not stop a run that trains"


def test_a_run_without_a_step_is_preparing(visit: Visit, workspace: Workspace) -> None:
    run_id = builders.run(workspace, state="queued")
    with workspace.write() as index:
        runs.adopt_state(index, run_id, RunState.RUNNING)
    assert visit("watch/page.py").info[0].value == "Preparing: data is read and encoded before the first step."


def test_a_finished_run_shows_its_scores_and_leads_on(visit: Visit, workspace: Workspace) -> None:
    app = visit("watch/page.py", run=builders.run(workspace, tasks="sst2,squad"))
    assert not app.exception
    assert [metric.label for metric in app.metric] == [
        "sst2 · accuracy (%)",
        "squad · exact match (%)",
        "squad · F1 (%)",
    ]
    shown = [button.label for button in app.button]
    assert shown[:3] == ["Compare", "Explore its predictions", "Try it in the Demo"]
    assert "Stop" not in shown
    assert app.code[-2].value.startswith("python -m mtl_core train --tasks sst2,squad")


def test_a_failed_run_says_why_and_what_to_do(visit: Visit, workspace: Workspace) -> None:
    run_id = builders.run(workspace, state="failed")
    with workspace.write() as index:
        runs.update(index, run_id, detail="data: no column 'sentence'")
    app = visit("watch/page.py", run=run_id)
    assert r"data\: no column 'sentence'" in app.error[0].value
    assert "Fix the cause, then resume the run or launch it again." in app.error[0].value


def test_a_link_to_a_run_that_is_gone_is_told(visit: Visit, workspace: Workspace) -> None:
    there = builders.run(workspace, state="running")
    app = visit("watch/page.py", run="gone2345")
    assert app.warning[0].value == "There is no run 'gone2345'. It may have been deleted."
    assert not app.exception
    assert (list(app.button), asked(app, "run")) == ([], "gone2345")  # nothing to stop or delete
    assert app.selectbox(key="watch_run").value is None
    app.selectbox(key="watch_run").set_value(there).run()
    assert app.button(key="stop").label == "Stop"
    assert asked(app, "run") == there
    app.run()
    assert not app.warning


def test_deleting_asks_first(visit: Visit, workspace: Workspace) -> None:
    app = visit("watch/page.py", run=builders.run(workspace))
    app.button(key="delete").click().run()
    assert not app.exception
    assert {"Cancel", "Delete"} <= {button.label for button in app.button}
    assert "is deleted for good, with its curves, predictions and trained weights." in words(app)


def test_a_run_that_ended_early_is_resumed(visit: Visit, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtl_core.jobs.control.start_waiting", lambda _: [])
    monkeypatch.setattr("mtl_core.jobs.control.sweep", lambda _: [])
    run_id = builders.run(workspace, state="stopped")
    app = visit("watch/page.py", run=run_id)
    app.button(key="resume").click().run()
    assert not app.exception
    assert app.info[0].value == "Queued (1st) for cpu. It starts next."
    with workspace.write() as index:
        assert runs.get(index, run_id).state == "queued"
    assert "Resume" not in [button.label for button in visit("watch/page.py", run=builders.run(workspace)).button]


def test_a_task_that_is_starved_is_called_so(visit: Visit, workspace: Workspace) -> None:
    run_id = builders.run(workspace, tasks="sst2,mnli", state="running")
    with workspace.run(run_id).open() as run_db:
        draws = [Draw(task, 60, 1920, size=size, asked_epochs=1.0) for task, size in (("mnli", 9000), ("sst2", 1920))]
        scores.record_draws(run_db, draws)
    assert "mnli is starved\\: 0.2 of its 1 epoch is drawn." in words(visit("watch/page.py", run=run_id))
