"""Takes the pictures of the README and the docs again: `make screenshots`.

Trains the first try for real in a runs folder of its own, or looks at the folder given: `--runs-dir runs`. Studies are
in the pictures where the folder has one.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from mtl_core.store import runs, studies
from mtl_core.store.workspace import Workspace
from pages import navigation
from tests.browser.conftest import CHROMIUM, FLAGS, ROOT, Dashboard

IMAGES = ROOT / "docs" / "images"
VIEWS = ("verdicts", "paper-tables", "transfer-matrix")
"""Of the newest study."""
SIZES = {1280: 860, 1920: 1080}
SETTLE = 6000
"""Milliseconds until a page has drawn its charts."""


def main() -> None:
    """Starts the app, trains where nothing is trained yet, and looks at every page, light and dark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs-dir", type=Path)
    parser.add_argument("--to", type=Path, default=IMAGES)
    parser.add_argument("--only", default="", help="Pages whose names begin so.")
    parser.add_argument("--widths", type=int, nargs="+", default=[1280], choices=SIZES)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as empty, sync_playwright() as playwright:
        dashboard = Dashboard(Workspace(asked.runs_dir or Path(empty)))
        dashboard.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        if not asked.runs_dir:
            train(dashboard, browser)
        for width in asked.widths:
            for scheme in ("light", "dark"):
                look(dashboard, browser, asked.to, scheme, width, asked.only)
        browser.close()
        dashboard.stop()


def train(dashboard: Dashboard, browser: Browser) -> None:
    """The first try, to its end."""
    page = browser.new_page()
    page.goto(dashboard.address)
    page.get_by_role("button", name="Try it now").click()
    page.get_by_text("Two models are being trained.").wait_for()
    page.close()
    while any(run.live for run in everything(dashboard)):
        time.sleep(2)


def everything(dashboard: Dashboard) -> list[runs.Run]:
    """All runs, the newest first."""
    with dashboard.workspace.write() as index:
        return [run for run in runs.listing(index) if not run.example]


def addresses(dashboard: Dashboard) -> dict[str, str]:
    """What to look at: a picture's name and where it is."""
    first, *others = map(navigation.name, navigation.scripts())
    pages = {first: "", **{name: name for name in others if name != "studies"}}
    for study in studies.listing(dashboard.workspace)[0][:1]:
        pages |= {f"study-{view}": f"studies?study={study.id}&view={view}" for view in VIEWS}
    return pages


def look(dashboard: Dashboard, browser: Browser, to: Path, scheme: str, width: int, only: str = "") -> None:
    """Pictures of the pages in one scheme and width."""
    to.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    for name, address in addresses(dashboard).items():
        if not name.startswith(only):
            continue
        page.goto(f"{dashboard.address}/{address}")
        page.wait_for_timeout(SETTLE)
        if name == "demo":
            ask(page)
        suffix = "" if width == 1280 else f"-{width}"
        page.screenshot(path=to / f"{name}-{scheme}{suffix}.png")
    context.close()


def ask(page: Page) -> None:
    """A sentence for the demo, so that its answers are in the picture."""
    page.get_by_role("textbox", name="Sentence").fill("The plot is not dull, and the jokes are anything but tired.")
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(SETTLE)


if __name__ == "__main__":
    main()
