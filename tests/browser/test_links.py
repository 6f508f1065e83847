"""Links, Back and the opened example in a real browser, over finished runs that were not trained."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests import builders
from tests.browser.conftest import Dashboard

ROWS = ".examples tbody tr"
OPENED = ".st-key-explore_example"
TOP = "document.querySelector('[data-testid=stMain]').scrollTop"
IN_SIGHT = "box => { const at = box.getBoundingClientRect(); return at.top >= 0 && at.top < innerHeight / 2; }"


@pytest.fixture(scope="module")
def pair(dashboard: Dashboard) -> tuple[str, str]:
    """A run alone and one of the same seed with mnli."""
    alone = builders.run(dashboard.workspace, accuracy=0.7, dev=60, launch="pair")
    together = builders.run(dashboard.workspace, tasks="sst2,mnli", accuracy=0.8, dev=60, launch="pair")
    return alone, together


def link(page: Page, text: str) -> None:
    """Goes where the navigation leads."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=text).click()


def test_back_undoes_each_choice_and_leads_through_the_pages(
    dashboard: Dashboard, page: Page, pair: tuple[str, str]
) -> None:
    page.goto(f"{dashboard.address}/explore?task=sst2&runs={','.join(pair)}")
    expect(page.locator(ROWS)).to_have_count(20)
    here = page.url
    words = page.get_by_role("textbox", name="Words in the text")
    page.get_by_test_id("stMain").get_by_text("disagree").first.click()
    page.wait_for_url("**show=disagree")
    words.fill("film")
    words.press("Enter")
    page.wait_for_url("**words=film")
    page.go_back()
    expect(words).to_have_value("")
    expect(page.get_by_role("radio", name="disagree")).to_be_checked()
    page.go_back()
    expect(page).to_have_url(here)
    expect(page.get_by_role("radio", name="all 60")).to_be_checked()
    page.go_forward()
    expect(page.get_by_role("radio", name="disagree")).to_be_checked()

    link(page, "Watch")  # one entry, though the page puts its run into the link
    page.wait_for_url("**/watch?run=*")
    page.go_back()
    page.wait_for_url("**show=disagree")
    expect(page.get_by_role("radio", name="disagree")).to_be_checked()


def test_a_link_to_a_run_that_is_gone_opens_no_other(dashboard: Dashboard, page: Page, pair: tuple[str, str]) -> None:
    page.goto(f"{dashboard.address}/watch?run=gone2345")
    expect(page.get_by_text("There is no run 'gone2345'. It may have been deleted.")).to_be_visible()
    expect(page.get_by_role("button", name="Delete…")).to_have_count(0)
    page.get_by_role("combobox", name="Run").click()
    page.get_by_role("option").first.click()
    expect(page.get_by_role("button", name="Delete…")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("There is no run 'gone2345'.")).to_be_visible()
    expect(page.get_by_role("button", name="Delete…")).to_have_count(0)


def test_the_sidebar_leads_to_the_list_and_pages_begin_at_their_top(
    dashboard: Dashboard, page: Page, pair: tuple[str, str]
) -> None:
    page.goto(f"{dashboard.address}/studies?new=1")
    expect(page.get_by_role("heading", name="New study")).to_be_visible()
    link(page, "Studies")
    expect(page.get_by_role("heading", name="Studies", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="New study")).to_be_visible()
    link(page, "Compare")
    expect(page.get_by_text("Examples seen / planned")).to_be_visible()
    page.get_by_text("Examples seen / planned").scroll_into_view_if_needed()
    assert page.evaluate(TOP) > 200
    link(page, "Explore")
    expect(page.locator(ROWS)).to_have_count(20)
    assert page.evaluate(TOP) == 0


def test_the_demo_s_link_carries_its_text(dashboard: Dashboard, page: Page, pair: tuple[str, str]) -> None:
    page.goto(f"{dashboard.address}/demo?task=sst2")
    sentence = page.get_by_role("textbox", name="Sentence")
    sentence.fill("A lovely film")
    sentence.press("Control+Enter")
    page.wait_for_url("**text=A+lovely+film")
    page.reload()
    expect(sentence).to_have_value("A lovely film")


@pytest.mark.parametrize("width", [800, 1280])
def test_the_opened_example_stays_in_sight_and_moves_with_the_keys(
    dashboard: Dashboard, page: Page, pair: tuple[str, str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"{dashboard.address}/explore?task=sst2&runs={','.join(pair)}")
    page.locator(ROWS).nth(17).click()
    for place, key in ((18, None), (19, "ArrowDown"), (20, "j"), (21, "ArrowDown"), (20, "k"), (21, "j")):
        if key:
            page.keyboard.press(key)
        expect(page.locator(OPENED)).to_contain_text(f"Example {place} · {place} of 60")
        assert page.locator(OPENED).evaluate(IN_SIGHT)
        expect(page.locator(f"{ROWS}.examples-open")).to_be_in_viewport()
    page.get_by_role("button", name="Previous", exact=True).last.click()
    expect(page.locator(OPENED)).to_contain_text("Example 20")
    page.go_back()
    expect(page.locator(OPENED)).to_contain_text("Example 21")
    with page.expect_download() as started:
        page.get_by_role("button", name="JSON lines").click()
    with started.value.path().open(encoding="utf-8") as file:
        assert [json.loads(line)["place"] for line in file] == list(range(1, 61))
    page.locator(f"{ROWS}.examples-open button").focus()
    page.keyboard.press("Escape")
    expect(page.locator(OPENED)).to_have_count(0)


def test_links_that_name_what_is_not_there_say_so(dashboard: Dashboard, page: Page, pair: tuple[str, str]) -> None:
    main = page.get_by_test_id("stMain")
    for link_to, told in (
        ("explore?example=nope", "There is no example 'nope' in this task. Choose one of the list."),
        ("compare?study=zz", "There is no study 'zz'. It may have been deleted."),
        ("runs?state=zz", "No run has the state 'zz'."),
        (f"watch?runs={pair[0]},gone2345", "There is no run 'gone2345'. It may have been deleted."),
        (f"studies?new=1&runs={pair[0]},gone2345", "The form is filled from the other."),
        ("watch?group=zzz", "The link says group=zzz, which means nothing on this page."),
        ("tasks?foo=1", "The link says foo=1, which means nothing on this page. It knows task, add."),
    ):
        page.goto(f"{dashboard.address}/{link_to}")
        expect(main).to_contain_text(told)
        expect(page.get_by_role("button", name="Delete…")).to_have_count(0)


def test_a_page_that_is_not_there_is_told_beside_the_overview(dashboard: Dashboard, page: Page) -> None:
    page.goto(f"{dashboard.address}/nosuchpage")
    expect(page.get_by_role("dialog")).to_contain_text("Page not found")
    expect(page.get_by_test_id("stMain")).to_contain_text("Does training together help?")


def test_back_undoes_a_filter_of_the_runs(dashboard: Dashboard, page: Page, pair: tuple[str, str]) -> None:
    page.goto(f"{dashboard.address}/runs?task=mnli")
    search = page.get_by_role("textbox", name="Search")
    expect(search).to_have_value("")
    search.fill("hard")
    search.press("Enter")
    page.wait_for_url("**words=hard")
    link(page, "Tasks")
    expect(page.get_by_role("heading", name="Tasks", exact=True)).to_be_visible()
    link(page, "Runs")
    expect(search).to_have_value("")  # the sidebar leads to all runs
    page.go_back()
    page.go_back()
    expect(search).to_have_value("hard")
    page.go_back()
    expect(search).to_have_value("")
    expect(page).to_have_url(f"{dashboard.address}/runs?task=mnli")
