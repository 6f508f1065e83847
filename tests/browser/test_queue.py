"""From a launch of several runs to their curves, their order and a study of them: real runs, a tiny encoder."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from mtl_core.store import queue as rows
from mtl_core.store import runs, studies
from tests import tiny
from tests.browser.conftest import PATIENCE, Dashboard, fill

TRAINED_WITHIN = 900
"""Seconds for four short runs: a guard for slow machines."""


def waiting(dashboard: Dashboard) -> list[str]:
    with dashboard.workspace.read() as index:
        return [run.title for run in rows.waiting(index)]


def test_a_launch_lands_on_all_of_its_runs_and_becomes_a_study(
    dashboard: Dashboard, page: Page, tmp_path: Path
) -> None:
    encoder = str(tiny.encoder(tmp_path / "tiny"))
    page.goto(f"{dashboard.address}/launch")
    field = page.get_by_role("combobox", name="Encoder")
    expect(field).to_be_visible(timeout=5 * PATIENCE)  # the first visit reads the catalogue of methods
    field.fill(encoder)
    page.keyboard.press("Enter")
    fill(page, "Training examples", "64")
    fill(page, "Dev examples", "16")
    fill(page, "Seeds", "1, 2")
    start = page.get_by_role("button", name="Launch 6 runs")
    expect(start).to_be_enabled(timeout=2 * PATIENCE)
    start.click()
    expect(page.get_by_role("heading", name="Watch")).to_be_visible(timeout=2 * PATIENCE)
    expect(page.get_by_text(re.compile(r"\d of 6 finished"))).to_be_visible()
    assert "launch=" in page.url
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=4 * PATIENCE)

    page.goto(dashboard.address)
    line = waiting(dashboard)
    if len(line) > 2:  # a fast machine may have trained them by now
        page.get_by_text(re.compile(r"\d waiting$")).first.click()
        page.get_by_role("button", name="Up").nth(-1).click()
        deadline = time.monotonic() + 60
        while waiting(dashboard)[-1:] == line[-1:] and len(waiting(dashboard)) > 1:
            assert time.monotonic() < deadline
            time.sleep(0.2)

    deadline = time.monotonic() + TRAINED_WITHIN
    while waiting(dashboard) or any(run.live for run in all_runs(dashboard)):
        assert time.monotonic() < deadline, [(run.title, run.state) for run in all_runs(dashboard)]
        time.sleep(1)
    assert {run.state for run in all_runs(dashboard)} == {"finished"}
    page.goto(f"{dashboard.address}/watch?launch={all_runs(dashboard)[0].launch}")
    page.get_by_role("button", name="Make a study").click()
    expect(page.get_by_text("Filled from 6 runs")).to_be_visible()
    expect(page.get_by_text("all of them there already", exact=False)).to_be_visible(timeout=4 * PATIENCE)
    expect(page.get_by_text("no condition of this question", exact=False).first).to_be_visible()  # mnli alone
    begin = page.get_by_role("button", name="Start", exact=True)
    expect(begin).to_be_enabled()
    begin.click()
    expect(page.get_by_role("heading", name="Does sst2 get better with mnli?", level=1)).to_be_visible(
        timeout=2 * PATIENCE
    )
    [study] = [one for one in studies.listing(dashboard.workspace)[0] if not one.example]
    assert len(study.run_ids()) == 4
    assert len(all_runs(dashboard)) == 6  # nothing was trained anew


def all_runs(dashboard: Dashboard) -> list[runs.Run]:
    with dashboard.workspace.read() as index:
        return [run for run in runs.listing(index) if not run.example]
