"""Seconds until a study of 30 arms and 10,000 dev examples stands in a browser, and what a verdict alone takes.

    python -m benchmarks.study_page

The scores are drawn, not trained: reading and judging them costs the same. Taken for three states of the server: just
started, so that the page is the first of all; started and asked for another page before; and with the verdicts known.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from mtl_core.statistics import compare_arms
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from tests.browser.conftest import CHROMIUM, FLAGS, Dashboard
from tests.studies import building

SETTLED = 20
"""Seconds after which a server has loaded what it keeps ready: the model server, a process for the next launch."""
READY = """() => document.querySelectorAll('.js-plotly-plot .main-svg').length > 0
    && document.querySelector('h3') !== null"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--arms", type=int, default=30)
    parser.add_argument("--examples", type=int, default=10_000)
    asked = parser.parse_args()
    _judge(10, asked.examples, asked.rounds)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        study: Study = building.rates(Workspace(Path(folder)), asked.arms, dev=asked.examples, seeds=(1, 2, 3))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        taken: dict[str, list[float]] = {}
        for _ in range(asked.rounds):
            for name, took in _opened(Workspace(Path(folder)), browser.new_context().new_page(), study.id).items():
                taken.setdefault(name, []).append(took)
        browser.close()
    for name, seconds in taken.items():
        print(f"{name}: {_told(seconds)}")


def _judge(seeds: int, examples: int, rounds: int) -> None:
    drawn = np.random.default_rng(1)
    arms = [100.0 * (drawn.random((seeds, examples)) < 0.84) for _ in range(2)]
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        compare_arms(*arms)
        taken.append(time.perf_counter() - began)
    print(f"a verdict over {seeds} seeds × {examples:,} examples: {_told(taken)}")


def _opened(workspace: Workspace, page: Page, study: str) -> dict[str, float]:
    """Seconds from asking for the page to its picture and its words."""
    dashboard = Dashboard(workspace)
    dashboard.start()
    found = {"the first page of a server": _seconds(page, f"{dashboard.address}/studies?study={study}")}
    dashboard.stop()
    dashboard.start()
    page.goto(f"{dashboard.address}/launch")
    page.get_by_role("heading", name="Launch").wait_for()
    page.wait_for_timeout(1000 * SETTLED)
    for name in ("verdicts not known yet", "verdicts known"):
        found[name] = _seconds(page, f"{dashboard.address}/studies?study={study}")
    dashboard.stop()
    page.context.close()
    return found


def _seconds(page: Page, address: str) -> float:
    page.goto("about:blank")
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_function(READY, timeout=60_000)
    return time.perf_counter() - began


def _told(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return f"{ordered[len(ordered) // 2]:.2f} s, range {ordered[0]:.2f}–{ordered[-1]:.2f}"


if __name__ == "__main__":
    main()
