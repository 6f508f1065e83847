"""The first ten minutes of a new user, in a real browser, on the sample: nothing is prepared and nothing is mocked."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from mtl_core.store import runs
from mtl_core.store.runs import Run
from tests.browser.conftest import PATIENCE, Dashboard

TRAINED_WITHIN = 900
"""Seconds: a guard for slow machines. Two quiet cores need two minutes."""
POINTS = "Math.max(0, ...[...document.querySelectorAll('.js-plotly-plot')].flatMap(p => p.calcdata.map(c => c.length)))"
"""How many points the longest curve on the page has."""
GROWS_WITHIN = 300_000
"""Milliseconds until a curve has grown: a guard for slow machines."""


def all_runs(dashboard: Dashboard) -> list[Run]:
    with dashboard.workspace.write() as index:
        return [run for run in runs.listing(index) if not run.example]


def wait_until_finished(dashboard: Dashboard) -> None:
    deadline = time.monotonic() + TRAINED_WITHIN
    while any(run.live for run in all_runs(dashboard)):
        assert time.monotonic() < deadline, [(run.state, run.step) for run in all_runs(dashboard)]
        time.sleep(1)


def test_try_it_now_watch_compare_explore_demo(dashboard: Dashboard, page: Page) -> None:
    page.goto(dashboard.address)
    expect(page.get_by_role("heading", name="Does training together help?")).to_be_visible()
    page.get_by_role("button", name="Try it now").click()
    expect(page.get_by_text("Two models are being trained.")).to_be_visible()

    page.get_by_test_id("stMain").get_by_role("link", name="Watch").first.click()
    expect(page.get_by_role("heading", name="Watch")).to_be_visible()
    page.wait_for_function(f"{POINTS} > 2", timeout=GROWS_WITHIN)
    seen = page.evaluate(POINTS)
    page.wait_for_function(f"{POINTS} > {seen}", timeout=GROWS_WITHIN)  # the curve grows while one looks at it
    page.close()  # closing the tab changes nothing

    dashboard.stop()  # nor does the end of the web server
    assert any(run.live for run in all_runs(dashboard))
    dashboard.start()
    wait_until_finished(dashboard)
    assert sorted((run.state, run.config.sharing) for run in all_runs(dashboard)) == [
        ("finished", "hard"),
        ("finished", "single"),
    ]


def test_compare_shows_both_models(dashboard: Dashboard, page: Page) -> None:
    page.goto(dashboard.address)
    expect(page.get_by_text("generated sample").first).to_be_visible()
    page.get_by_role("button", name="Compare them").click()
    expect(page.get_by_role("heading", name="Compare")).to_be_visible()
    expect(page.get_by_text("alone", exact=True).first).to_be_visible()
    expect(page.get_by_text("with mnli", exact=True).first).to_be_visible()


def test_explore_shows_what_each_model_said(dashboard: Dashboard, page: Page) -> None:
    page.goto(f"{dashboard.address}/explore")
    rows = page.locator(".examples tbody tr")
    expect(rows.first).to_be_visible()
    expect(page.get_by_text("fixed by multitask").first).to_be_visible()
    assert rows.count() > 5
    rows.first.click()
    expect(page.locator(".detail").first).to_be_visible()


def test_demo_answers(dashboard: Dashboard, page: Page) -> None:
    page.goto(f"{dashboard.address}/demo?task=sst2")
    page.get_by_role("textbox", name="Sentence").fill("The plot is not dull, and the jokes are really lovely.")
    page.keyboard.press("Control+Enter")
    answers = page.get_by_test_id("stMain").get_by_role("heading", name=re.compile("^(positive|negative)$"))
    expect(answers).to_have_count(2, timeout=PATIENCE)


def test_every_page_opens_from_a_link_and_asks_nothing_from_elsewhere(dashboard: Dashboard, page: Page) -> None:
    strangers: list[str] = []
    page.on("request", lambda request: strangers.append(request.url) if is_foreign(dashboard, request.url) else None)
    for place in ("", "launch", "watch", "compare", "explore", "demo"):
        page.goto(f"{dashboard.address}/{place}?run=../../etc&runs=<b>x</b>,%00&task=nothing&page=-1")
        expect(page.get_by_role("heading").first).to_be_visible()
        page.wait_for_timeout(1500)
        assert page.locator("[data-testid=stException]").count() == 0, place
    assert strangers == []


def is_foreign(dashboard: Dashboard, url: str) -> bool:
    return not url.startswith((dashboard.address, dashboard.address.replace("http", "ws"), "data:", "blob:"))
