"""Live charts in a real browser: the zoom stays while the data changes, and pictures say their source."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests import builders
from tests.browser.conftest import PATIENCE, Dashboard

FIRST = "document.querySelector('.js-plotly-plot')"


def test_a_live_chart_keeps_its_zoom_and_its_node(browser: Browser, dashboard: Dashboard, tmp_path: Path) -> None:
    run = builders.run(dashboard.workspace, tasks="sst2,mnli")
    page = browser.new_page(viewport={"width": 1280, "height": 1200})
    page.goto(f"{dashboard.address}/watch?run={run}")
    plot = page.locator(".js-plotly-plot .nsewdrag").first
    plot.wait_for(timeout=PATIENCE)
    box = plot.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 60, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 180, middle + 2, steps=8)
    page.mouse.up()
    page.wait_for_function(f"{FIRST}.layout.xaxis.range[0] > 1", timeout=PATIENCE)
    before = page.evaluate(f"(window.node = {FIRST}, window.drawn = node.drawn, node.layout.xaxis.range)")
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("node.drawn !== drawn", timeout=PATIENCE)
    page.wait_for_timeout(1000)
    assert page.evaluate(f"node === {FIRST}")
    assert page.evaluate("node.layout.xaxis.range") == before
    page.locator(".js-plotly-plot").first.hover()
    with page.expect_download() as download:
        page.locator(".modebar-btn[data-title='Save as SVG']").first.click()
    assert download.value.suggested_filename == "loss.svg"
    download.value.save_as(tmp_path / "loss.svg")
    drawn = (tmp_path / "loss.svg").read_text("utf-8")
    assert "generated sample" in drawn
    assert "rgb(255, 255, 255)" in drawn, "on white"
    page.close()
