"""The dashboard in its own process and a real headless Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from mtl_core.jobs import control
from mtl_core.records import LIVE
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000
"""Milliseconds for a page to show what it should: a guard, not a measurement."""


def fill(page: Page, label: str, value: str) -> None:
    """Types a value into a field and leaves it."""
    page.get_by_label(label, exact=True).first.fill(value)
    page.keyboard.press("Enter")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder drives a browser."""
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here:
        item.add_marker(pytest.mark.browser)
        if CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="there is no chromium on this machine; apt-get install chromium"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield found
        found.close()


class Dashboard:
    """The app as `make app` starts it, on a runs folder of its own."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.process: subprocess.Popen[str] | None = None
        self.address = ""

    def start(self) -> None:
        """Starts it and waits until it answers."""
        command = [sys.executable, "-m", "mtl_core", "app", "--runs-dir", str(self.workspace)]
        usual = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}  # all cores, as users
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=usual,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "http://127.0.0.1:" in line:
                self.address = line[line.index("http://") :].split()[0]
                break
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=5).read()
                return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the dashboard does not answer")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Ends the web server alone; runs go on."""
        assert self.process is not None
        os.kill(self.process.pid, number)
        self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A running dashboard."""
    app = Dashboard(Workspace(tmp_path_factory.mktemp("runs")))
    app.start()
    yield app
    app.stop()
    with app.workspace.write() as index:
        live = runs.listing(index, states=LIVE)
    for run in sorted(live, key=lambda run: run.state == "running"):  # those that wait would start
        control.request_stop(app.workspace, run.id)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty tab."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()
