"""First pages on a phone and on a desk: without barriers, by keyboard, with one touch and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.test_barriers import LOOKS, fits, free_of_barriers
from tests.faces.console.staff import problem

pytestmark = pytest.mark.browser
PAGES = {
    "clerk_housing": ["/"],
    "head_housing": ["/", "/carried/"],
    "leader": ["/", "/carried/"],
    "office_a": ["/", "/inbox/", "/looks/"],
    "cadre": ["/"],
}


@pytest.fixture
def sheets(fresh_database: str) -> list[str]:
    """Problem sheets that wait on the unit, on the office and on nobody, by their numbers."""
    return [
        problem(f"窗口无人值守 {state}", state).number for state in ("assigned", "rectifying", "reported")
    ]


def ask(page: Page) -> None:
    """Go to the first button that asks for progress, by keyboard alone, and press it."""
    while not page.evaluate("() => Boolean(document.activeElement.closest('.touch'))"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("look", LOOKS)
def test_no_first_page_has_a_barrier_or_hangs_over(sheets: list[str], window: Window, look: str) -> None:
    for who, paths in PAGES.items():
        page = window(who, **LOOKS[look])
        for path in paths:
            page.goto(path)
            free_of_barriers(page)
            fits(page)


@pytest.mark.parametrize("look", LOOKS)
def test_a_leader_asks_for_progress_with_one_touch_and_stays_where_they_are(
    sheets: list[str], window: Window, look: str
) -> None:
    page = window("leader", **LOOKS[look])
    before = page.locator(".touch").count()
    ask(page)
    expect(page.locator(".touched")).to_have_count(1)
    expect(page.locator(".touched")).to_contain_text("Done and recorded: Ask how it stands")
    expect(page.locator(".touch")).to_have_count(before - 1)
    assert page.url.endswith("/")


def test_the_same_works_without_scripts(sheets: list[str], window: Window) -> None:
    page = window("leader", java_script_enabled=False)
    page.locator(".touch button").first.click()
    expect(page.locator(".msg--done")).to_contain_text("is done and recorded")
    assert page.url.endswith("/")
