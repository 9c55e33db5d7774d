"""Leave asked for by two roles, approved by who stands in while the head is away, and what colleagues see of it."""

import pytest
from playwright.sync_api import Page, expect

from tests import cast
from tests.browser.conftest import Window
from tests.cast import do
from tests.leaves import answered, told

pytestmark = pytest.mark.browser


@pytest.fixture
def head_away(site: str) -> None:
    """The head of housing called this morning; a clerk of the unit stands in."""
    named = cast.person("clerk_housing_b").pk
    called = do(
        "leave.record", "clerk_housing", **told("head_housing", last_day="2026-03-13", stand_in=named)
    )
    answered(called.matter, "clerk_housing_b")


def ask(page: Page, kind: str, reason: str) -> None:
    page.goto("/leave/")
    page.locator(".head__acts").get_by_role("link", name="Ask for leave").click()
    page.locator("select[name=kind]").select_option(label=kind)
    page.locator("input[name=first_day]").fill("2026-03-12")
    page.locator("input[name=last_day]").fill("2026-03-11")
    page.locator("textarea[name=reason]").fill(reason)
    page.get_by_role("button", name="Confirm: Ask for leave").click()
    expect(page.locator("main")).to_contain_text("This leave would end before it begins.")
    page.locator("input[name=last_day]").fill("2026-03-12")
    page.get_by_role("button", name="Confirm: Ask for leave").click()
    expect(page.locator(".head__state")).to_contain_text("asked for")


def approve(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Decide on leave").first.click()
    page.locator("form[data-act-form]").get_by_label("Agreed").check()
    page.get_by_role("button", name="Confirm: Decide on leave").click()
    expect(page.locator(".head__state")).to_contain_text("approved, not begun")


@pytest.mark.usefixtures("head_away")
def test_two_roles_ask_and_who_stands_in_for_the_head_approves(window: Window) -> None:
    cadre, clerk, stand_in = window("cadre"), window("clerk_housing"), window("clerk_housing_b")
    ask(cadre, "Personal leave", "家中有事。")
    ask(clerk, "Sick leave", "复诊检查。")

    stand_in.locator("summary[aria-label*='roles']").click()
    stand_in.locator("button[name=role]").filter(has_text="己一").click()
    expect(stand_in.locator("button[name=role][aria-pressed=true]")).to_contain_text("己一")
    approve(stand_in)
    stand_in.get_by_role("link", name="Kind and reason").click()
    expect(stand_in.locator("main")).to_contain_text("Your reading is entered in the journal")
    approve(stand_in)

    for page, own, other in (
        (cadre, "Personal leave", "Sick leave"),
        (clerk, "Sick leave", "Personal leave"),
    ):
        page.reload()
        expect(page.locator(".head__state")).to_contain_text("approved, not begun")
        expect(page.locator(".timeline")).to_contain_text(own)
        expect(page.locator("main")).not_to_contain_text(other)

    elsewhere = window("clerk_education")
    elsewhere.goto("/leave/board/away/?day=2026-03-12")
    board = elsewhere.locator("table").first
    expect(board).to_contain_text("庚一")
    expect(board.locator("tr").filter(has_text="己一")).to_contain_text("庚二")
    expect(elsewhere.locator("main")).not_to_contain_text("复诊")
