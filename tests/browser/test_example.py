"""A first visit, in a real browser: an answer stands there, every page of results opens on it, a try can be stopped."""

from __future__ import annotations

import time

from playwright.sync_api import Page, expect

from mtl_core.records import LIVE
from mtl_core.store import runs
from tests.browser.conftest import PATIENCE, Dashboard

QUESTION = "Does sst2 get better with mnli?"


def test_the_first_screen_answers_and_leads_on(dashboard: Dashboard, page: Page) -> None:
    page.goto(dashboard.address)
    main = page.get_by_test_id("stMain")
    expect(main.get_by_role("heading", name=QUESTION)).to_be_visible()
    expect(main.get_by_text("example").first).to_be_visible()
    expect(main.get_by_text("on this machine now")).to_be_visible()
    main.get_by_role("button", name="Open the study").click()
    expect(main.get_by_role("heading", name="Example: does sentiment get better with inference?")).to_be_visible()
    expect(main.get_by_role("button", name="Run it yourself")).to_be_visible()
    assert main.get_by_role("button", name="More seeds").count() == 0
    for place, there in (
        ("studies", "Example: does sentiment get better with inference?"),
        ("compare", "alone"),
        ("explore", "fixed by multitask"),
        ("watch", "step 126 of 126"),
    ):
        page.goto(f"{dashboard.address}/{place}")
        expect(main.get_by_text(there).first).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()  # the curves of Watch
    assert main.get_by_role("button", name="Delete").count() == 0


def test_a_stopped_try_is_told_and_can_be_put_away(dashboard: Dashboard, page: Page) -> None:
    page.goto(dashboard.address)
    main = page.get_by_test_id("stMain")
    main.get_by_role("button", name="Try it now").click()
    expect(main.get_by_text("Two models are being trained.")).to_be_visible()
    expect(main.get_by_text("of the first try · about")).to_be_visible()
    main.get_by_role("button", name="Stop", exact=True).click()
    deadline = time.monotonic() + 4 * PATIENCE / 1000
    while True:
        with dashboard.workspace.read() as index:
            if not runs.listing(index, states=LIVE):
                break
        assert time.monotonic() < deadline
        time.sleep(1)
    expect(main.get_by_text("The try was stopped.")).to_be_visible()
    main.get_by_role("button", name="Dismiss").click()
    expect(main.get_by_role("button", name="Try it now")).to_be_visible()
    expect(main.get_by_text("The try was stopped.")).to_have_count(0)
    expect(main.get_by_role("heading", name=QUESTION)).to_be_visible()  # still the first answer


def test_the_example_can_be_hidden_and_brought_back(dashboard: Dashboard, page: Page) -> None:
    page.goto(dashboard.address)
    main = page.get_by_test_id("stMain")
    main.get_by_role("button", name="Hide the example").click()
    expect(main.get_by_role("heading", name=QUESTION)).to_have_count(0)
    page.goto(f"{dashboard.address}/studies")
    main.get_by_role("button", name="Show the example study").click()
    expect(main.get_by_text("Example: does sentiment get better with inference?")).to_be_visible()
