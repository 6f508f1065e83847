"""Runs, in a real browser: found by link and Back, selected, labelled, compared, deleted; drawn again meanwhile."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Page, expect

from mtl_core.jobs import identity
from mtl_core.records import RunState
from mtl_core.store import runs, studies
from tests import builders
from tests.browser.conftest import Dashboard
from tests.studies import building

ROWS = ".runs tbody tr"


def test_runs_are_found_labelled_compared_and_deleted(dashboard: Dashboard, page: Page) -> None:
    space = dashboard.workspace
    study = building.pair(space, seeds=(1, 2))
    stopped = builders.run(space, state="stopped", tasks="squad", seed=5)
    page.goto(f"{dashboard.address}/runs?state=finished&study={study.id}")
    expect(page.locator(ROWS)).to_have_count(4)

    page.get_by_role("textbox", name="Search").fill("mnli")
    page.keyboard.press("Enter")
    expect(page.locator(ROWS)).to_have_count(2)
    expect(page).to_have_url(re.compile(r"words=mnli"))
    page.go_back()
    expect(page.locator(ROWS)).to_have_count(4)
    expect(page.get_by_role("textbox", name="Search")).to_have_value("")
    page.get_by_role("button", name="scores").click()
    expect(page).to_have_url(re.compile(r"sort=-score"))
    expect(page.get_by_role("columnheader", name="scores")).to_have_attribute("aria-sort", "descending")
    page.reload()
    expect(page.locator(ROWS)).to_have_count(4)
    expect(page.get_by_role("columnheader", name="scores")).to_have_attribute("aria-sort", "descending")

    page.locator(ROWS).first.get_by_role("checkbox").check()
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.get_by_role("button", name="Label…").click()
    page.get_by_role("textbox", name="Name").fill("The best one")
    page.get_by_role("textbox", name="Note").fill("first in the table")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="The best one")).to_be_visible()

    page.get_by_role("checkbox", name="Select all runs on this page").check()
    expect(page.get_by_text("4 selected")).to_be_visible()
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(re.compile(r"/compare\?runs="))
    expect(page.get_by_text("The best one").first).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/runs"))
    expect(page.locator(ROWS)).to_have_count(4)

    page.get_by_role("link", name="The best one").click()
    expect(page).to_have_url(re.compile(r"/watch\?run="))
    page.goto(f"{dashboard.address}/runs?words=study%3D{study.id}")
    expect(page.locator(ROWS)).to_have_count(4)
    page.locator(ROWS).last.get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(f"the study '{study.config.name}' ({study.id}) loses seed ")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)

    page.goto(f"{dashboard.address}/runs?state=stopped")
    page.locator(ROWS).get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("No run matches.")).to_be_visible()
    with space.read() as index:
        assert not runs.of_ids(index, [stopped])
    assert not space.run(stopped).path.exists()
    assert studies.get(space, study.id).run_ids()
    page.get_by_role("button", name="Show all runs").click()
    expect(page.locator(ROWS).nth(3)).to_be_visible()


@pytest.mark.parametrize("width", [800, 1280])
def test_a_refresh_and_a_selection_leave_rows_where_they_are(dashboard: Dashboard, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    space = dashboard.workspace
    run, mine = builders.run(space, state="running", tasks="mnli,squad", seed=width), identity.holder(os.getpid())
    process = {"host": mine.host, "boot": mine.boot, "pid": mine.pid, "pid_started": mine.started}
    with space.write() as index:  # this process stands for the run's own, which would be missed otherwise
        runs.adopt_state(index, run, RunState.RUNNING, **process, step=30, total_steps=120)
    page.goto(f"{dashboard.address}/runs?words=seed%3D{width}")
    row, box = page.locator(ROWS), page.locator(ROWS).get_by_role("checkbox")
    expect(row).to_contain_text("running 25 %")
    expect(page.get_by_text("Select runs to compare")).to_be_visible()
    expect(page.get_by_role("button", name="Delete…")).to_have_count(0)
    top = page.locator(".runs").bounding_box()
    row.evaluate("row => (row.same = row.cells[2].querySelector('a').same = true)")
    page.locator(".runs").evaluate("table => (table.scrollLeft = 20)")

    row.locator(".runs-badge").hover()
    page.mouse.down()
    step(dashboard, run, 60)
    expect(row).to_contain_text("running 50 %")  # between a press and its end
    page.mouse.up()
    expect(page.get_by_text("1 selected")).to_be_visible()
    expect(page.get_by_role("button", name="Delete…")).to_be_visible()
    assert page.locator(".runs").bounding_box() == top
    box.focus()
    step(dashboard, run, 90)
    expect(row).to_contain_text("running 75 %")
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    assert row.evaluate("row => row.same && row.cells[2].querySelector('a').same")
    assert page.locator(".runs").evaluate("table => table.scrollLeft") == (20 if width == 800 else 0)
    if width == 800:
        expect(page.locator(".runs-frame")).to_have_class(re.compile("runs-more-after"))
        expect(page.locator(".runs")).to_have_attribute("tabindex", "0")
    with space.write() as index:
        runs.adopt_state(index, run, RunState.STOPPED)


def step(dashboard: Dashboard, run: str, number: int) -> None:
    with dashboard.workspace.write() as index:
        runs.update(index, run, step=number)
