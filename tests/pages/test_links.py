"""Links that ask for what is not there, or what a page does not know: each is said, and nothing opened in its place."""

from __future__ import annotations

import pytest

from mtl_core.store.workspace import Workspace
from pages.navigation import scripts
from tests import builders
from tests.pages.conftest import Visit, asked, said
from tests.studies import building

RUN_GONE = "There is no run 'zz234567'. It may have been deleted."


@pytest.mark.usefixtures("catalogue_ready")
@pytest.mark.parametrize(
    ("page", "query", "told"),
    [
        ("compare/page.py", {"study": "zz"}, "There is no study 'zz'. It may have been deleted."),
        ("compare/page.py", {"run": "zz234567"}, RUN_GONE),
        ("compare/page.py", {"over": "zz"}, "Curves can't be drawn over 'zz'. They are over step."),
        ("compare/page.py", {"smoothing": "zz"}, "Smoothing is a number from 0 to 0.95, not 'zz'. It is 0.8."),
        ("explore/page.py", {"study": "zz"}, "There is no study 'zz'. It may have been deleted."),
        ("explore/page.py", {"launch": "zz"}, "There is no launch 'zz'. It may have been deleted."),
        ("explore/page.py", {"run": "zz234567"}, RUN_GONE),
        ("explore/page.py", {"example": "nope"}, "There is no example 'nope' in this task. Choose one of the list."),
        ("explore/page.py", {"page": "zz"}, "There is no page 'zz'. Page 1 of 2 is shown."),
        ("demo.py", {"run": "zz234567", "text": "hello"}, RUN_GONE),
        ("launch/page.py", {"clone": "zz"}, "There is no run 'zz' to begin from. It may have been deleted."),
        ("launch/page.py", {"run": "zz"}, "There is no run 'zz' to begin from. It may have been deleted."),
        ("launch/page.py", {"form": "zz"}, "The settings 'zz' that the link names are not kept any more."),
        ("studies/page.py", {"from": "zz234567"}, RUN_GONE),
        ("runs/page.py", {"state": "zz"}, "No run has the state 'zz'. Runs here have finished."),
        ("runs/page.py", {"task": "zz"}, "No run has the task 'zz'. Runs here have mnli, sst2."),
        ("runs/page.py", {"seed": "9"}, "No run has the seed '9'. Runs here have 1."),
        ("runs/page.py", {"launch": "zz"}, "There is no launch 'zz'. Its runs may have been deleted."),
        ("runs/page.py", {"sort": "zz"}, "Runs can't be sorted by 'zz'. The newest are shown first."),
        ("runs/page.py", {"columns": "zz"}, "There is no column 'zz'."),
        ("runs/page.py", {"page": "zz"}, "There is no page 'zz'. The first is shown."),
        ("runs/page.py", {"page": "9"}, "There is no page 9. The last, page 1, is shown."),
        ("tasks/page.py", {"task": "zz"}, "no task called 'zz'. Choose from"),
        ("help/page.py", {"word": "zz"}, "No word here is called 'zz'. Those that there are stand below."),
    ],
)
def test_what_is_not_there_is_said(
    visit: Visit, workspace: Workspace, page: str, query: dict[str, str], told: str
) -> None:
    builders.run(workspace, launch="pair2345")
    builders.run(workspace, tasks="sst2,mnli", launch="pair2345")
    app = visit(page, **query)
    assert not app.exception
    assert told in said(app)
    if page == "demo.py":
        assert app.text_area(key="demo.sst2.0").value == "hello"
    if {"run", "study", "launch"} & set(query):
        chosen = [one.value for one in app.multiselect if one.key and one.key.startswith(("compare_", "explore_runs"))]
        assert all(value == [] for value in chosen)


@pytest.mark.usefixtures("catalogue_ready")
@pytest.mark.parametrize("page", scripts())
def test_what_a_page_does_not_know_is_said_in_a_line(visit: Visit, workspace: Workspace, page: str) -> None:
    builders.run(workspace)
    told = "The link says foo=1, which means nothing on this page."
    app = visit("overview/page.py") if page == "overview/page.py" else visit(page, foo="1")
    if page == "overview/page.py":
        app.query_params["foo"] = "1"
        app.run()
    assert not app.exception
    assert told in said(app)


def test_a_link_that_watch_does_not_know_opens_no_run(visit: Visit, workspace: Workspace) -> None:
    builders.run(workspace)
    app = visit("watch/page.py", group="zzz")
    assert app.selectbox(key="watch_run").value is None
    assert "It knows run, study, launch, runs, over, smoothing." in said(app)
    assert [button.label for button in app.button if button.label in ("Stop", "Delete…")] == []


def test_runs_of_a_link_that_are_missing_are_named(visit: Visit, workspace: Workspace) -> None:
    there = builders.run(workspace)
    app = visit("watch/page.py", runs=f"{there},zz234567")
    assert f"{RUN_GONE}  \nThe other is shown." in said(app)
    app = visit("watch/page.py", runs="zz234567")
    assert f"{RUN_GONE}  \nChoose other runs." in said(app)


@pytest.mark.usefixtures("catalogue_ready")
def test_a_study_from_runs_names_those_that_are_missing(visit: Visit, workspace: Workspace) -> None:
    there = builders.run(workspace)
    app = visit("studies/page.py", runs=f"{there},zz234567")
    assert f"{RUN_GONE}  \nThe form is filled from the other." in said(app)
    assert "Filled from 1 run" in said(app)
    assert asked(app, "runs") is None
    app = visit("studies/page.py", new="1", runs="zz234567")
    assert RUN_GONE in said(app)
    assert asked(app, "runs") == "zz234567"


def test_a_link_may_name_the_study_of_the_runs(visit: Visit, workspace: Workspace) -> None:
    study = building.pair(workspace, seeds=(1, 2))
    builders.run(workspace, tasks="squad")
    app = visit("compare/page.py", study=study.id)
    assert sorted(app.multiselect(key="compare_runs").value) == sorted(study.run_ids())
    assert asked(app, "study") is None
    assert sorted((asked(app, "runs") or "").split(",")) == sorted(study.run_ids())
