"""Figures saved from a page and a report opened from disk, in a real browser."""

from __future__ import annotations

import base64
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, expect
from plotly.offline import get_plotlyjs

from mtl_core.cli.commands.app import first_free_port
from mtl_core.store.workspace import Workspace
from mtl_core.studies import report
from tests.browser.conftest import ROOT
from tests.studies import building
from tests.studies.proof.test_verify import Record, edited, first_group, one_score
from tests.studies.sealed import changed, sealed_study

SCRIPT = """
import sys
sys.path.insert(0, {root!r})
import plotly.graph_objects as go
from mtl_core.charts import theme
from pages.shared import chart

figure = go.Figure(go.Scatter(x=[1, 2], y=["a", "b"], marker={{"color": "#0072B2"}}))
chart.figure(theme.marked(figure, True), "two dots", alt="Two dots.", height=300)
"""
SAID = 18
"""Pixels of the line in a saved figure that says where its numbers come from."""
TEXT = {"light": "rgb(28, 37, 48)", "dark": "rgb(228, 232, 237)"}
TRACE = {"light": "rgb(0, 114, 178)", "dark": "rgb(76, 166, 232)"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page with one figure, served with the dashboard's settings."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "page.py").write_text(SCRIPT.format(root=str(ROOT)), "utf-8")
    (folder / "static").mkdir()
    (folder / "static" / "plotly.min.js").write_text(get_plotlyjs(), "utf-8")
    port = first_free_port(8700)
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "page.py"), "--server.port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until_it_answers(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def until_it_answers(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).read()
            return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError("the page does not answer")


def color_of(page: Page, selector: str) -> str:
    found: str = page.locator(selector).first.evaluate("node => getComputedStyle(node).fill")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_figure_is_saved_on_white(scheme: str, browser: Browser, address: str, tmp_path: Path) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1000, "height": 700})  # type: ignore[arg-type]
    page, asked = context.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    drawing = page.get_by_role("figure", name="Two dots.")
    drawing.locator(".main-svg").first.wait_for()
    assert color_of(page, ".chart-drawing .xtick text") == TEXT[scheme]
    assert color_of(page, ".chart-drawing .point") == TRACE[scheme]
    for ending in ("png", "svg"):
        with page.expect_download() as download:
            page.get_by_role("button", name=ending.upper()).click()
        assert download.value.suggested_filename == f"two-dots.{ending}"
        download.value.save_as(tmp_path / f"figure.{ending}")
    picture = (tmp_path / "figure.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    box = drawing.bounding_box()
    assert box is not None
    size = [int.from_bytes(picture[place : place + 4]) for place in (16, 20)]
    assert size == [2 * round(box["width"]), 2 * (300 + SAID)]
    drawn = (tmp_path / "figure.svg").read_text("utf-8")
    assert ElementTree.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert TRACE["light"] in drawn
    assert "rgb(255, 255, 255)" in drawn
    assert TRACE["dark"] not in drawn
    assert "generated sample" in drawn
    assert "generated sample" not in drawing.inner_text()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    context.close()


def test_a_report_opens_from_disk_and_asks_nobody(browser: Browser, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "runs")
    study = building.pair(workspace, seeds=(1, 2))
    path = tmp_path / "report.html"
    path.write_text(report.report(workspace, study), "utf-8")
    context = browser.new_context(color_scheme="light", viewport={"width": 1280, "height": 900})
    context.set_offline(True)
    page, asked, complaints = context.new_page(), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    page.locator(".drawing .main-svg").first.wait_for()
    assert color_of(page, ".drawing .xtick text") == TEXT["light"]
    expect(page.locator("[data-recomputed='0']")).to_have_text("✓ recomputed in this browser: agrees")
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".drawing .xtick text").first).to_have_css("fill", TEXT["dark"])
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 28)"
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 1280
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the run card").click()
    assert download.value.suggested_filename == f"tandem-{study.id}.json"
    page.locator(".drawing").first.hover()
    for ending in ("png", "svg"):
        with page.expect_download() as download:
            page.locator(f".modebar-btn[data-title='Save as {ending.upper()}']").first.click()
        assert download.value.suggested_filename == f"tandem-figure-1.{ending}"
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    assert color_of(page, ".drawing .xtick text") == TEXT["dark"], "after printing it is as it was"
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [path.as_uri()]
    assert complaints == []
    link = page.get_by_role("link", name="Save the run card").get_attribute("href") or ""
    assert re.fullmatch(r"data:application/json;base64,[\w+/=]+", link)
    assert study.id in base64.b64decode(link.partition(",")[2]).decode()
    context.close()


def test_a_report_says_in_the_browser_whether_its_scores_give_its_verdicts(browser: Browser, tmp_path: Path) -> None:
    """A sealed study over looks, as it was exported; then with another plan, another word, and one score changed."""
    workspace, path = Workspace(tmp_path / "runs"), tmp_path / "report.html"
    config = building.pair_config((1, 2, 3, 4)).model_copy(update={"looks": (2, 3, 4)})
    accuracies = {"sst2 alone": 0.6, "sst2 + mnli": 0.9}
    study = sealed_study(workspace, config, building.drawn(accuracies, dev=300))
    html = report.report(workspace, changed(workspace, study, margin=1.0))
    context = browser.new_context(offline=True)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def shown(text: str) -> tuple[str, str]:
        path.write_text(text, "utf-8")
        page.goto(path.as_uri())
        verdict, plan = (page.locator(f"[data-recomputed='{name}']") for name in ("0", "plan"))
        expect(verdict).to_have_text(re.compile("recomputed in this browser"))
        return verdict.inner_text(), plan.inner_text()

    agrees = "✓ recomputed in this browser: agrees", "✓ recomputed in this browser: the plan has this hash"
    assert shown(html) == agrees
    expect(page.locator(".changed")).to_contain_text("margin 0.5 → 1 on ")
    assert shown(html.replace("▲ helps", "▼ hurts")) == (
        '✗ recomputed in this browser: the scores give "helps"',
        agrees[1],
    )
    plan = html.replace('\\"margin\\":0.5', '\\"margin\\":0.6')
    assert shown(plan)[1] == "✗ recomputed in this browser: the plan has another hash"
    assert shown(edited(html, one_score))[0].startswith("✗ recomputed in this browser: effect is stated as ")
    assert shown(edited(html, no_scores))[0].startswith("✗ recomputed in this browser: its scores can't be read")
    assert complaints == []
    context.close()


def no_scores(record: Record) -> None:
    """Packed numbers that are none."""
    for packs in first_group(record)["runs"].values():
        packs["bytes"] = "AAAA"
