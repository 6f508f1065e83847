"""From the click on "The paper" to its report, opened from disk: real runs on the sample, two seeds, nothing mocked.

The encoder is a tiny one, so that twelve runs take a minute.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from mtl_core.store import runs, studies
from mtl_core.studies.members import counts, members
from tests import tiny
from tests.browser.conftest import PATIENCE, Dashboard, fill

TRAINED_WITHIN = 1200
"""Seconds for twelve short runs: a guard for slow machines. Two quiet cores need two minutes."""
VIEWS = {
    "Runs": "Which runs is the study made of",
    "Paper tables": "What do the paper's tables look like",
    "Transfer matrix": "Who helps whom?",
    "Flips": "Which examples change",
}
"""And what each begins with, so that the view before it is not taken for it."""
BROKEN = "[data-testid=stException]"


def states(dashboard: Dashboard) -> dict[str, int]:
    [study] = [study for study in studies.listing(dashboard.workspace)[0] if not study.example]
    return dict(counts(members(dashboard.workspace, study)))


def test_the_paper_s_study_from_the_click_to_the_report(
    dashboard: Dashboard, page: Page, browser: Browser, tmp_path: Path
) -> None:
    page.goto(f"{dashboard.address}/studies")
    page.get_by_role("button", name="New study").first.click()
    page.get_by_role("button", name="The paper").click()
    page.get_by_role("combobox", name="Encoder").fill(str(tiny.encoder(tmp_path / "tiny")))
    page.keyboard.press("Enter")
    fill(page, "Max length", "128")
    fill(page, "Training examples", "48")
    fill(page, "Dev examples", "16")
    fill(page, "Seeds", "1, 2")
    expect(page.get_by_text("12 runs", exact=True)).to_be_visible(timeout=2 * PATIENCE)
    start = page.get_by_role("button", name="Start", exact=True)
    expect(start).to_be_enabled(timeout=2 * PATIENCE)
    start.click()
    title = "Do sentiment, inference and question answering help each other?"
    expect(page.get_by_role("heading", name=title)).to_be_visible()

    deadline = time.monotonic() + TRAINED_WITHIN
    while states(dashboard) != {"finished": 12}:
        assert time.monotonic() < deadline, states(dashboard)
        time.sleep(1)
    expect(page.get_by_text("not enough evidence").first).to_be_visible(timeout=2 * PATIENCE)  # by itself, once done
    for view, question in VIEWS.items():
        page.get_by_role("radio", name=view).or_(page.get_by_role("button", name=view, exact=True)).first.click()
        expect(page.get_by_text(question)).to_be_visible(timeout=PATIENCE)
        if view != "Runs":  # it has no scores
            expect(page.get_by_test_id("stMain").get_by_text("generated sample").first).to_be_visible(timeout=PATIENCE)
        page.wait_for_timeout(1000)
        assert page.locator(BROKEN).count() == 0, view

    page.get_by_role("button", name="Export").click()
    with page.expect_download(timeout=2 * PATIENCE) as saved:
        page.get_by_role("button", name="Report").click()
    report = tmp_path / saved.value.suggested_filename
    saved.value.save_as(report)
    read_offline(browser, report, title)
    with dashboard.workspace.write() as index:
        assert {run.state for run in runs.listing(index)} == {"finished"}


def read_offline(browser: Browser, report: Path, title: str) -> None:
    """The saved page says everything without asking anyone."""
    context = browser.new_context(offline=True)
    page, strangers = context.new_page(), list[str]()
    page.on("request", lambda request: strangers.append(request.url))
    page.goto(report.as_uri())
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    text = page.inner_text("body")
    for words in ("generated sample", "sst2 alone", "93.577", "crossed random effects"):
        assert re.search(re.escape(words), text, re.I), words
    assert [url for url in strangers if url.startswith("http")] == []
    context.close()
