from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from mtl_core.records import RunState
from mtl_core.services import first_try, machine
from mtl_core.store import example, runs, studies
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.pages.conftest import Visit, said, words
from tests.services.test_first_try import launched_try
from tests.studies import building


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_a_first_visit_says_what_to_do(visit: Visit) -> None:
    app = visit()
    assert not app.exception
    assert app.title[0].value == "Does training together help?"
    assert labels(app) == ["Try it now", "Launch your own", "Show the example study"]
    assert "None yet. They appear here as soon as a run has finished." in words(app)


def test_try_it_now_launches_once(visit: Visit, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtl_core.devices.visible", lambda: ())  # both runs wait: nothing trains in this test
    app = visit()
    app.button(key="try").click().run()
    assert not app.exception
    launched = builders.live(workspace)
    assert [run.config.tasks for run in launched] == [("sst2",), ("sst2", "mnli")]
    assert "**Two models are being trained.** You can leave this page: training goes on." in words(app)
    assert "Try it now" not in labels(app)
    assert "0 % of the first try · about " in app.get("progress")[0].proto.text
    assert len({run.launch for run in launched}) == 1
    first_try.start(workspace)
    assert builders.live(workspace) == launched


def test_a_finished_try_is_answered_in_a_sentence(visit: Visit, workspace: Workspace) -> None:
    launched_try(workspace, "finished", "finished")
    text = words(visit())
    assert "**sst2** reached **" in text
    assert "together with mnli" in text
    assert "generated sample" in text


def test_a_failed_try_says_why(visit: Visit, workspace: Workspace) -> None:
    _, failed = launched_try(workspace, "finished", "failed")
    with workspace.write() as index:
        runs.update(index, failed, detail="no space left in *this* folder")
    app = visit()
    assert "**The last try ended early.**" in words(app)
    assert r"no space left in \*this\* folder" in words(app)
    assert "Try again" in labels(app)


def test_a_stopped_try_can_be_put_away(visit: Visit, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtl_core.devices.visible", lambda: ())  # what waits is not started in this test
    launched_try(workspace, "running", "queued")
    app = visit()
    app.button(key="try_stop").click().run()
    assert "**The try is being stopped.**" in words(app)
    last = first_try.latest(workspace)
    assert last is not None
    with workspace.write() as index:
        runs.adopt_state(index, last.runs[0].id, RunState.STOPPED)
    app.run()
    assert "**The try was stopped.**" in words(app)
    assert not app.get("progress")
    app.button(key="try_dismiss").click().run()
    assert not app.exception
    assert labels(app)[0] == "Try it now"
    assert "stopped" not in words(app)  # nor does it come back among what ended early


def test_it_is_said_how_long_a_try_takes_now(
    visit: Visit, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "load", lambda: machine.Load(cores=2, busy=2.0))
    monkeypatch.setattr(machine, "_rounds_a_second", lambda: machine.REFERENCE_ROUNDS)
    assert "Two models, about 3 min 40 s on this machine now" in words(visit())


def test_the_first_screen_has_an_answer(visit: Visit, workspace: Workspace) -> None:
    example.show(workspace)
    app = visit()
    assert not app.exception
    text = words(app)
    assert text.index("Does sst2 get better with mnli?") < text.index("Train one model on sentiment alone")
    assert "500 dev examples" in text
    assert "None yet." in text  # it is no result of one's own
    app.button(key="example_hide").click().run()
    assert "Does sst2 get better with mnli?" not in words(app)
    app.button(key="overview_example").click().run()
    assert "Does sst2 get better with mnli?" in words(app)


def test_own_results_come_before_the_example(visit: Visit, workspace: Workspace) -> None:
    example.show(workspace)
    builders.run(workspace, tasks="sst2", accuracy=0.7)
    app = visit()
    text = words(app)
    assert text.index("Train one model on sentiment alone") < text.index("Does sst2 get better with mnli?")
    assert "None yet." not in text
    assert [label for label in labels(app) if "example" in label] == ["Hide the example"]


def test_what_runs_and_what_waits(visit: Visit, workspace: Workspace) -> None:
    builders.run(workspace, tasks="sst2,mnli", state="running", name="the *long* one")
    builders.run(workspace, tasks="squad", state="queued")
    app = visit()
    assert [head.value for head in app.subheader] == ["Running", "Waiting", "Latest results"]
    assert r"the \*long\* one" in words(app)
    assert "next in the queue, starts now" in words(app)


def test_a_long_queue_is_folded(visit: Visit, workspace: Workspace) -> None:
    for seed in range(9):
        builders.run(workspace, tasks="sst2", state="queued", seed=seed)
    app = visit()
    [fold] = app.expander
    assert fold.label == "3 more"
    assert sum("seed" in one.value for one in fold.markdown) == 3


def test_a_launch_stands_as_one_and_moves_as_one(visit: Visit, workspace: Workspace) -> None:
    for seed in (1, 2):
        builders.run(workspace, tasks="sst2,mnli", state="queued", seed=seed, launch="pairs234")
    single = builders.run(workspace, tasks="squad", state="queued")
    app = visit()
    assert "**sst2 + mnli · hard · seeds 1, 2**" in said(app)
    assert "Launch · 0 of 2 finished · 2 waiting" in words(app)
    assert [fold.label for fold in app.expander] == ["2 waiting"]
    assert (app.button(key=f"up_{single}").disabled, app.button(key="up_pairs234").disabled) == (False, True)
    app.button(key="down_pairs234").click().run()
    assert not app.exception
    assert app.button(key="down_pairs234").disabled
    assert "next in the queue" in words(app)
    app.button(key="cancel_pairs234").click().run()
    assert [head.value for head in app.subheader] == ["Waiting", "Ended early", "Latest results"]


def test_the_newest_studies_stand_on_the_overview(visit: Visit, workspace: Workspace) -> None:
    for number in range(4):
        studies.add(workspace, building.pair_config().model_copy(update={"name": f"Question {number}?"}))
    app = visit()
    assert not app.exception
    assert "Studies" in [head.value for head in app.subheader]
    shown = [number for number in range(4) if f"**Question {number}?**" in said(app)]
    assert shown == [1, 2, 3]


def test_results_stand_in_a_table_with_their_badge(visit: Visit, workspace: Workspace) -> None:
    builders.run(workspace, tasks="sst2", accuracy=0.7)
    builders.run(workspace, tasks="sst2,mnli", accuracy=0.9)
    app = visit()
    assert not app.exception
    assert "difference" in words(app)
    assert "generated sample" in words(app)
    assert "Runs that differ only in their seed can differ by this much" in words(app)


def test_a_folder_that_cannot_be_used_is_told_without_a_traceback(visit: Visit, workspace: Workspace) -> None:
    (workspace.path / "runs.db").write_text("this is no database, but long enough to look like one" * 20)
    app = visit()
    assert not app.exception
    assert "is damaged" in app.error[0].value


@pytest.fixture(autouse=True)
def nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages show a queue that stands still."""
    monkeypatch.setattr("mtl_core.jobs.liveness.start_waiting", lambda _: [])
