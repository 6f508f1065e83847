"""WCAG A and AA on every page by axe-core, light and dark; the focus in sight; 800 pixels without clipped words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from mtl_core.engine import methods
from mtl_core.jobs import catalogue
from pages import navigation
from tests import builders
from tests.browser.conftest import PATIENCE, Dashboard
from tests.studies import building

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
NOT_OURS = {
    "list": "[data-testid=stSidebarNavItems]",  # streamlit puts its navigation's groups, each a div, directly into a ul
    "listitem": "[data-testid=stSidebarNavItems]",  # the same, from within
}
"""Rule → the only place, in streamlit's own markup, where it may fail."""
IDLE = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
SETTLED = """document.getAnimations().filter(one => one.effect.getTiming().iterations !== Infinity)
    .forEach(one => one.finish())"""
"""Ends what fades in or out."""


@pytest.fixture(scope="module")
def addresses(dashboard: Dashboard) -> dict[str, str]:
    """Every page of the navigation with something on it, the states of runs, and a study's views."""
    workspace = dashboard.workspace
    kept = workspace.cache / f"methods-{catalogue.fingerprint()}.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(methods.catalogue()), "utf-8")
    runs = [builders.run(workspace, tasks=tasks, seed=1) for tasks in ("sst2", "sst2,mnli", "squad", "mnli,squad")]
    failed = builders.run(workspace, state="failed", seed=7)
    pair, tuned = building.pair(workspace), building.tuned(workspace)
    first, *others = map(navigation.name, navigation.scripts())
    return {
        **{first: "", **{name: name for name in others}},
        "a failed run": f"watch?run={failed}",
        "an example": f"explore?task=squad&runs={runs[2]},{runs[3]}&example=squad-0001",
        "a new study": "studies?new=1",
        **{f"a study's {view}": f"studies?study={pair.id}&view={view}" for view in ("verdicts", "runs", "flips")},
        "a study's tuning": f"studies?study={tuned.id}&view=tuning",
        "a word": "help?word=verdict",
    }


@pytest.fixture(params=["light", "dark"])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """An empty tab of a visitor who prefers light, or dark."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=request.param)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def opened(page: Page, dashboard: Dashboard, address: str) -> None:
    """Opens a page, and its folds, once it is there."""
    page.goto(f"{dashboard.address}/{address}")
    expect(page.get_by_test_id("stMain").get_by_role("heading").first).to_be_visible()
    page.wait_for_timeout(300)
    page.wait_for_function(IDLE)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    page.wait_for_timeout(300)
    page.evaluate(SETTLED)


def violations(page: Page) -> list[str]:
    """What axe-core finds, a line a rule and place."""
    page.evaluate(AXE_SCRIPT)
    found: dict[str, Any] = page.evaluate(f"axe.run({json.dumps(RULES)})")
    told = []
    for rule in found["violations"]:
        for node in rule["nodes"]:
            place = NOT_OURS.get(rule["id"])
            inside = "(([selector, place]) => !!document.querySelector(selector)?.closest(place))"
            if not place or not page.evaluate(f"{inside}({json.dumps([node['target'][-1], place])})"):
                why = (node["any"] or node["all"] or node["none"])[0]["message"]
                told.append(f"{rule['id']}: {node['html'][:120]} {why}")
    return told


def test_axe_finds_nothing_on_any_page(tab: Page, dashboard: Dashboard, addresses: dict[str, str]) -> None:
    found = {}
    for name, address in addresses.items():
        opened(tab, dashboard, address)
        if found_first := violations(tab):  # a button that fades from disabled to enabled is at fault in between alone
            tab.wait_for_timeout(1500)
            tab.evaluate(SETTLED)
            found[name] = [told for told in violations(tab) if told in found_first]
    assert {name: told for name, told in found.items() if told} == {}


def test_800_pixels_cut_nothing(page: Page, dashboard: Dashboard, addresses: dict[str, str]) -> None:
    page.set_viewport_size({"width": 800, "height": 900})
    wide = []
    for name, address in addresses.items():
        opened(page, dashboard, address)
        over = page.get_by_test_id("stMain").evaluate("node => node.scrollWidth - node.clientWidth")
        cut = page.evaluate(CUT)
        wide += [f"{name}: {over} px too wide"] * (over > 0) + [f"{name}: cut '{text}'" for text in cut]
    assert wide == []


CUT = """[...document.querySelectorAll('[data-testid=stMain] :is(button, label) p, [role=combobox], [role=radiogroup]')]
    .filter(node => node.checkVisibility() && node.clientWidth && node.scrollWidth > node.clientWidth + 1)
    .map(node => node.value ?? node.innerText)"""
"""Labels, buttons and choices whose text does not fit."""

FOCUS = """() => {
    const node = document.activeElement;
    const ring = of => of && getComputedStyle(of).outlineStyle !== 'none' && getComputedStyle(of).outlineWidth >= '2px';
    let seen = false;
    for (let of = node, up = 0; of && up < 5; of = of.parentElement, up++) seen ||= ring(of);
    return [node.getAttribute('aria-label') || node.innerText?.slice(0, 40) || node.tagName, seen];
}"""
"""What has the keyboard's focus, and whether a ring shows it, on itself or the field around it."""


def test_the_keyboard_reaches_every_control_and_shows_where_it_is(
    tab: Page, dashboard: Dashboard, addresses: dict[str, str]
) -> None:
    """Tab walks through Launch, to its button at the end, and a ring is always in sight."""
    opened(tab, dashboard, "launch")
    expect(tab.get_by_role("button", name=re.compile(r"Launch \d+ runs"))).to_be_visible()
    unseen, reached = [], []
    for _ in range(120):
        tab.keyboard.press("Tab")
        tab.evaluate(SETTLED)
        name, seen = tab.evaluate(FOCUS)
        reached.append(name)
        unseen += [name] * (not seen)
        if "Launch" in name and "rocket" in name:
            break
    assert {"Training examples", "Encoder", "Seeds", "Epochs"} <= set(reached)
    assert "rocket" in reached[-1], reached
    assert set(unseen) <= {"BODY"}, "between the browser's own bar and the page"
