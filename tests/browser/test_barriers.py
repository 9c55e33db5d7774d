"""Every page without barriers: by axe in light and dark, by keyboard alone, on a phone's width."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import cast
from tests.browser.conftest import Window, inside
from tests.faces.console.staff import problem

pytestmark = pytest.mark.browser
LOOKS = {
    "desk, light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "phone, dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
PAGES = {
    "office_a": [
        "/",
        "/notices/",
        "/search/?q=窗口",
        "/search/?q=没有",
        "/rectification/",
        "/rectification/new/register/",
        "/handbook/",
        "/handbook/rectification/",
        "/account/",
        "/account/password/",
        "/complaint/",
        "/no/such/page/",
    ],
    "clerk_housing": ["/", "/notices/", "/rectification/"],
}


@pytest.fixture
def sheets(fresh_database: str) -> list[str]:
    """Problem sheets in every state, and the addresses of what one sees of them."""
    states = ("found", "verified", "assigned", "signed", "rectifying", "reported", "written_off")
    made = [problem(f"窗口无人值守 {state}", state) for state in states]
    return [f"/rectification/{sheet.pk}/" for sheet in made]


def free_of_barriers(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    grave = [
        (fault["id"], fault["impact"], [node["html"][:200] for node in fault["nodes"]])
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]
    assert grave == [], page.url


def fits(page: Page) -> None:
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, page.url


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_has_a_barrier_or_hangs_over(sheets: list[str], window: Window, look: str) -> None:
    door = window(**LOOKS[look])
    door.goto("/sign-in/")
    free_of_barriers(door)
    door.click("form.form button[type=submit]")
    expect(door.locator(".errors")).to_be_focused()
    free_of_barriers(door)
    for who, paths in PAGES.items():
        page = window(who, **LOOKS[look])
        for path in [*paths, *sheets, f"{sheets[1]}assign/", f"{sheets[4]}report/", f"{sheets[2]}sign/"]:
            page.goto(path)
            free_of_barriers(page)
            fits(page)


@pytest.mark.parametrize("look", LOOKS)
def test_the_second_factor_and_the_administrators_pages_have_no_barrier(window: Window, look: str) -> None:
    page = window("system_administrator", **LOOKS[look])
    expect(page.locator(".qr-box svg")).to_be_visible()
    free_of_barriers(page)
    fits(page)


def test_a_person_without_a_mouse_signs_in_and_acts(sheets: list[str], window: Window) -> None:
    page = window(viewport={"width": 1440, "height": 900})
    page.goto("/sign-in/")
    while page.evaluate("() => document.activeElement.name") != "username":
        page.keyboard.press("Tab")
    page.keyboard.type("clerk_housing")
    page.keyboard.press("Tab")
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(inside)
    expect(page.locator(".skip")).to_be_attached()

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.goto(sheets[2])
    expect(page.locator("a.act-link").first).to_be_visible()
    while page.evaluate("() => document.activeElement.className").find("act-link") < 0:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    confirm = page.get_by_role("button", name="Confirm: Acknowledge receipt")
    expect(confirm).to_be_focused()  # nothing to fill in: the reader stands on the button at once
    page.keyboard.press("Enter")
    expect(page.locator(".head__state")).to_contain_text("receipt acknowledged, plan to come")


def test_an_error_is_reached_and_leads_to_its_field(sheets: list[str], window: Window) -> None:
    page = window("office_a")
    page.goto(sheets[1])
    page.locator(".act-list").get_by_role("link", name="Assign").click()
    page.locator("textarea[name=requirement]").fill("保留的文字")
    page.get_by_role("button", name="Confirm: Assign").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator("textarea[name=requirement]")).to_have_value("保留的文字")
    page.locator(".errors a").first.click()
    expect(page.locator("select[name=responsible]")).to_be_focused()


def test_an_ended_sign_in_leads_to_the_door_and_back(sheets: list[str], window: Window) -> None:
    page = window("office_a")
    page.goto(sheets[1])
    page.context.clear_cookies()
    page.locator(".act-list").get_by_role("link", name="Assign").click()
    page.wait_for_url(re.compile("/sign-in/"))
    expect(page.locator("form.form input[name=next]")).to_have_value(sheets[1])


def test_theme_size_and_language_are_switched_without_losing_the_place(
    sheets: list[str], window: Window
) -> None:
    page = window("office_a", viewport={"width": 1440, "height": 900})
    page.goto(sheets[0])
    page.get_by_label("Display and language").click()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert page.url.endswith(sheets[0])
    expect(page.locator(".secrecy")).to_contain_text("非涉密系统")
