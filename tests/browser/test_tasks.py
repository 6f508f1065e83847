"""Own data in a real browser: a file of tickets dropped, nothing mapped by hand, trained alone and with sst2, asked."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from mtl_core.store import runs, tasks
from tests import tiny
from tests.browser.conftest import PATIENCE, Dashboard, fill
from tests.own_tasks import tickets, write_csv

TRAINED_WITHIN = 900
"""Seconds for two short runs: a guard for slow machines."""


def test_a_dropped_file_becomes_a_task_that_is_trained_and_asked(
    dashboard: Dashboard, page: Page, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "tickets.csv", tickets(200))
    page.goto(f"{dashboard.address}/tasks")
    page.get_by_role("button", name="Add a task").click()
    page.locator("input[type=file]").set_input_files(str(file))
    expect(page.get_by_text("180 training and 20 dev rows")).to_be_visible(timeout=2 * PATIENCE)
    expect(page.get_by_label("Name", exact=True)).to_have_value("tickets")
    page.get_by_role("button", name="Add task").click()
    expect(page.get_by_role("heading", name="Tickets")).to_be_visible(timeout=2 * PATIENCE)
    assert tasks.TaskShelf(dashboard.workspace).names() == ("tickets",)

    page.goto(f"{dashboard.address}/launch")
    encoder = page.get_by_role("combobox", name="Encoder")
    expect(encoder).to_be_visible(timeout=5 * PATIENCE)  # the first visit reads the catalogue of methods
    for title in ("Inference (MNLI)", "Tickets"):  # the first is chosen by itself, the second is to be
        page.get_by_role("button", name=title, exact=True).first.click()
        page.wait_for_timeout(1000)
    encoder.fill(str(tiny.encoder(tmp_path / "tiny")))
    page.keyboard.press("Enter")
    fill(page, "Training examples", "64")
    fill(page, "Dev examples", "16")
    start = page.get_by_role("button", name="Launch 3 runs")
    expect(start).to_be_enabled(timeout=2 * PATIENCE)
    start.click()
    expect(page.get_by_role("heading", name="Watch")).to_be_visible(timeout=2 * PATIENCE)
    deadline = time.monotonic() + TRAINED_WITHIN
    while True:
        with dashboard.workspace.read() as index:
            own = [run for run in runs.listing(index) if not run.example]
        if own and not any(run.live for run in own):
            break
        assert time.monotonic() < deadline, own
        time.sleep(1)
    assert {run.state for run in own} == {"finished"}
    assert any(set(run.config.tasks) == {"tickets", "sst2"} for run in own)

    page.goto(f"{dashboard.address}/watch?launch={own[0].launch}")
    page.get_by_role("button", name="Make a study").click()
    begin = page.get_by_role("button", name="Start", exact=True)
    expect(begin).to_be_enabled(timeout=4 * PATIENCE)
    begin.click()
    asked = re.compile("Does (sst2|tickets) get better with (sst2|tickets)?")
    expect(page.get_by_role("heading", name=asked, level=1)).to_be_visible(timeout=2 * PATIENCE)

    page.goto(f"{dashboard.address}/demo?task=tickets")
    page.get_by_role("textbox", name="Text").fill("Please add dark mode to the calendar")
    page.keyboard.press("Control+Enter")
    answers = page.get_by_test_id("stMain").get_by_role("heading", name=re.compile("^(bug|question|wish)$"))
    expect(answers.first).to_be_visible(timeout=2 * PATIENCE)
