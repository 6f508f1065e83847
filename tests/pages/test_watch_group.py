"""Watch over all runs of a launch or study, and the way from them to a study."""

from __future__ import annotations

import pytest

from mtl_core.jobs import groups
from mtl_core.store import studies
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.pages.conftest import Visit, asked, said, words
from tests.studies import building


@pytest.fixture(autouse=True)
def nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue that stands still."""
    for module in ("queue", "liveness", "control"):
        monkeypatch.setattr(f"mtl_core.jobs.{module}.start_waiting", lambda _: [])


@pytest.fixture
def launch(workspace: Workspace) -> list[str]:
    """Two arms with two seeds: two have finished, one trains, one waits."""
    states = ("finished", "finished", "running", "queued")
    arms = [(seed, tasks) for seed in (1, 2) for tasks in ("sst2", "sst2,mnli")]
    return [
        builders.run(workspace, tasks=tasks, seed=seed, state=state, launch="pairs234")
        for state, (seed, tasks) in zip(states, arms, strict=True)
    ]


def test_a_launch_is_watched_as_a_whole(visit: Visit, launch: list[str]) -> None:
    app = visit("watch/page.py", launch="pairs234")
    assert not app.exception
    assert app.selectbox(key="watch_group").value == "launch:pairs234"
    assert "2 of 4 finished · 1 training · 1 waiting" in words(app)
    assert "next in the queue" in words(app)
    charts = [one for one in app.get("bidi_component") if one]
    assert len(charts) == 2
    assert "faint: each seed" in words(app)
    app.button(key=f"cancel_{launch[3]}").click().run()
    assert "2 of 4 finished · 1 training · 1 stopped" in words(app)


def test_one_run_leads_to_its_launch_and_the_switch_to_the_newest(visit: Visit, launch: list[str]) -> None:
    app = visit("watch/page.py", run=launch[0])
    assert "Launch: sst2 + mnli · hard, sst2 alone · seeds 1, 2 (4 runs)" in app.button(key="watch_whole").label
    app.button_group(key="watch_what").set_value("Several runs").run()
    assert (asked(app, "launch"), asked(app, "run")) == ("pairs234", None)
    app.button_group(key="watch_what").set_value("One run").run()
    assert asked(app, "launch") is None
    assert asked(app, "run") in launch


def test_a_link_to_a_launch_that_is_gone_offers_the_others_and_no_button(visit: Visit, launch: list[str]) -> None:
    app = visit("watch/page.py", launch="gone2345")
    assert "There is no launch 'gone2345'. It may have been deleted. Choose another one." in app.warning[0].value
    assert app.selectbox(key="watch_group").value is None
    assert [button.label for button in app.button] == []
    assert launch


def test_a_study_is_watched_and_one_without_runs_says_so(visit: Visit, workspace: Workspace) -> None:
    study = studies.add(workspace, building.pair_config())
    app = visit("watch/page.py", study=study.id)
    assert not app.exception
    assert "Curves appear here once the first run trains." in words(app)
    assert groups.several(workspace) == []


def test_a_study_is_made_from_the_runs_of_a_launch(visit: Visit, study_page: Visit, launch: list[str]) -> None:
    app = study_page(new="1", runs=",".join(launch))
    assert not app.exception
    assert app.button_group(key="study.tasks").value == ["sst2", "mnli"]
    assert app.text_input(key="study.seeds").value == "1, 2"
    assert app.multiselect(key="study.settings.question.recipes").value == ["hard/proportional/sum"]
    assert "Filled from 4 runs" in said(app)
    assert asked(app, "runs") is None
    app.text_input(key="study.seeds").set_value("1, 2, 7").run()  # the link does not fill it again
    assert app.text_input(key="study.seeds").value == "1, 2, 7"
    app.button(key="study_start_over").click().run()
    assert app.text_input(key="study.seeds").value == "1, 2, 3"
    assert "Filled from" not in said(app)
    assert visit


def test_runs_that_are_gone_make_no_study(study_page: Visit) -> None:
    app = study_page(new="1", runs="gone2345")
    assert "There is no run 'gone2345'. It may have been deleted." in said(app)
    assert not app.exception
