"""A form that remembers what was typed, in a real browser: other pages, a refresh, a second tab, any width."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PATIENCE, ROOT, Dashboard


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Data folder", exact=True)


def go(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=PATIENCE)


def test_a_folder_survives_pages_a_refresh_and_another_tab(dashboard: Dashboard, page: Page) -> None:
    page.goto(f"{dashboard.address}/launch")
    page.get_by_role("radio", name="Folder").click()
    expect(page.get_by_text("To fill in")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("error", exact=True)).to_have_count(0)  # nothing is red yet
    gone = ROOT / "tests" / "gone"
    field(page).fill(str(gone))
    field(page).press("Enter")
    go(page, "Watch")
    go(page, "Launch")
    expect(field(page)).to_have_value(str(gone))
    page.wait_for_url("**form=*")
    page.reload()
    expect(field(page)).to_have_value(str(gone))

    page.get_by_role("textbox", name="Seeds", exact=True).scroll_into_view_if_needed()
    page.get_by_role("link", name="Data folder").click()
    expect(page.get_by_text(f"There is no folder '{gone}'")).to_be_in_viewport()
    page.get_by_role("button", name="Browse").click()
    page.get_by_role("button", name=re.compile(r"\bbrowser$")).click()
    expect(page.get_by_text("No task's files are here.")).to_be_visible()
    page.get_by_role("button", name="Use this folder").click()
    expect(field(page)).to_have_value(str(ROOT / "tests" / "browser"))

    other = page.context.new_page()
    other.goto(f"{dashboard.address}/launch")
    expect(field(other)).to_have_value(str(ROOT / "tests" / "browser"))
    expect(other.get_by_text("Filled with the settings last used")).to_be_visible()
    other.get_by_role("button", name="Start over").click()
    expect(field(other)).to_have_count(0)
    page.reload()
    expect(field(page)).to_have_value(str(ROOT / "tests" / "browser"))


@pytest.mark.parametrize("width", [800, 1280, 1920])
def test_what_will_happen_stays_in_sight(width: int, dashboard: Dashboard, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for place in ("launch", "studies?new=1"):
        page.goto(f"{dashboard.address}/{place}")
        button = page.get_by_role("button", name=re.compile("^(Launch|Start)( |$)(?!over)")).last
        expect(button).to_be_in_viewport(timeout=PATIENCE)
        page.get_by_text("Advanced", exact=True).scroll_into_view_if_needed()
        expect(button).to_be_in_viewport(ratio=1)
        beyond = "(e => e.scrollWidth - e.clientWidth)(document.querySelector('[data-testid=stMain]'))"
        assert page.evaluate(beyond) <= 0
