"""What somebody typed outlives the end of their sign-in, another sign-in beside it, and a page left by mistake."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests import cast
from tests.browser.conftest import Window

pytestmark = pytest.mark.browser
NEW = "/rectification/new/register/"
WORDS = "老旧小区路灯三个月不亮，居民反映多次。"


def fill(page: Page) -> None:
    page.goto(NEW)
    page.locator("input[name=title]").fill("路灯不亮")
    page.locator("select[name=kind]").select_option("inaction")
    page.locator("select[name=topic]").select_option("not_acting")
    page.locator("textarea[name=description]").fill(WORDS)


def confirm(page: Page) -> None:
    page.locator("form[data-act-form] .form__foot button").click()


def sign_in(page: Page, who: str) -> None:
    page.fill("input[name=username]", cast.PARTS[who].account)
    page.fill("input[name=password]", cast.PASSWORD)
    page.click("form.form button[type=submit]")


def test_a_session_that_ends_while_typing_costs_nothing(window: Window) -> None:
    page = window("office_a")
    fill(page)
    page.context.clear_cookies(name="sessionid")
    confirm(page)
    told = page.locator("[data-told]")
    expect(told).to_contain_text("Your sign-in has ended")
    expect(page.locator("textarea[name=description]")).to_have_value(WORDS)
    expect(page.locator("input[name=password]")).to_have_count(0)
    with page.context.expect_page() as opened:
        told.get_by_role("link", name="Sign in in a new window").click()
    beside = opened.value
    sign_in(beside, "office_a")
    # The window beside shows the same, kept on the server; the first one goes on where it was.
    expect(beside.locator("textarea[name=description]")).to_have_value(WORDS)
    beside.close(run_before_unload=False)
    confirm(page)
    expect(page.locator("h1")).to_have_text("路灯不亮")
    # Gone back to and sent again, it is the same sheet.
    first = page.url
    page.go_back()
    fill_again = page.locator("textarea[name=description]")
    expect(fill_again).to_be_visible()
    page.locator("input[name=title]").fill("路灯不亮")
    page.locator("select[name=kind]").select_option("inaction")
    page.locator("select[name=topic]").select_option("not_acting")
    fill_again.fill(WORDS)
    confirm(page)
    expect(page.locator("h1")).to_have_text("路灯不亮")
    assert page.url == first


def test_leaving_a_page_with_typed_text_asks_first_and_the_draft_is_offered(window: Window) -> None:
    page = window("office_a")
    fill(page)
    expect(page.locator(".draft")).to_contain_text("Draft kept at")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Cancel").click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(page.locator("textarea[name=description]")).to_have_value(WORDS)
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/inbox/")
    page.goto(NEW)
    offered = page.locator("[data-told]")
    expect(offered).to_contain_text("did not send it")
    offered.get_by_role("link", name="Go on with it").click()
    expect(page.locator("textarea[name=description]")).to_have_value(WORDS)
    confirm(page)
    expect(page.locator("h1")).to_have_text("路灯不亮")
    # What was sent is left without a question.
    page.goto(NEW)
    expect(page.locator("[data-told]")).to_be_empty()
