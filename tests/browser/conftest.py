"""A site of the test's own and Chromium to walk it with. Whoever signs in here has a window of their own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import cast

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Window = Callable[..., Page]


def inside(url: str) -> bool:
    """Whether an address lies behind the door; the door's own ends like the first page's."""
    return "/sign-in/" not in url


@pytest.fixture
def site(settings: Any, served: str) -> str:
    """The address of the site, whose clock stands at NOW."""
    settings.TIMEKEEPER = cast.clock()
    settings.ALLOWED_HOSTS = ["localhost"]
    return served


@pytest.fixture
def chromium(site: str) -> Iterator[Browser]:
    # After the site: once Chromium runs, this thread may no longer ask the database.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser, site: str) -> Iterator[Window]:
    """Opens a window, signed in as one of the cast where one is named; no script may fail in it."""
    faults: list[str] = []

    def opened(who: str = "", **look: Any) -> Page:
        context = chromium.new_context(base_url=site, locale="en-GB", **look)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on(
            "console",
            lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None,
        )
        if who:
            page.goto("/sign-in/")
            page.fill("input[name=username]", cast.PARTS[who].account)
            page.fill("input[name=password]", cast.PASSWORD)
            page.click("form.form button[type=submit]")
            page.wait_for_url(inside)
        return page

    yield opened
    assert faults == []
