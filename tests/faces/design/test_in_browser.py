"""The design system in a browser: no barrier, nothing off the page, within reach of keys and fingers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = [
    "/design/",
    *(f"/design/sample/{name}/" for name in ("matter", "inbox", "sign-in", "refusal", "public")),
]
LOOKS = [("light", "normal"), ("dark", "normal"), ("light", "large")]


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def address(design) -> Iterator[str]:
    design.ALLOWED_HOSTS = ["127.0.0.1"]
    design.DEBUG = True  # static files are served by Django itself only so
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), Server, Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(browser, address):
    """Open a page; whatever the browser complains of (a refused style, a missing file) fails the test."""
    complaints: list[str] = []
    contexts = []

    def go(
        path: str, width: int = 1440, theme: str = "auto", size: str = "normal", scripts: bool = True
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 844}, java_script_enabled=scripts)
        contexts.append(context)
        context.add_cookies(
            [
                {"name": "qf_theme", "value": theme, "url": address},
                {"name": "qf_size", "value": size, "url": address},
                {"name": "django_language", "value": "zh-hans", "url": address},
            ]
        )
        page = context.new_page()
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize(("theme", "size"), LOOKS, ids="-".join)
@pytest.mark.parametrize("path", PAGES)
def test_no_barrier_at_all(visit, path, theme, size):
    page = visit(path, 390 if size == "large" else 1440, theme, size)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    assert [(one["impact"], one["id"], one["nodes"][0]["target"]) for one in found] == []


@pytest.mark.parametrize("size", ["normal", "large"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_off_the_page(visit, path, size):
    page = visit(path, 1440, size=size)
    for width in (1440, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


TARGETS = """least => [...document.querySelectorAll('a, button, summary, input, select, textarea')]
  .filter(e => e.checkVisibility({visibilityProperty: true}))
  .filter(e => !e.matches('[type=hidden], .skip, [type=radio], [type=checkbox]'))
  .filter(e => !e.closest('p, th, td') && !e.matches('.row__title a'))
  .filter(e => e.getBoundingClientRect().height < least || e.getBoundingClientRect().width < 24)
  .map(e => e.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("path", PAGES)
def test_targets_are_big_enough_for_a_pointer(visit, path):
    assert visit(path).evaluate(TARGETS, 24) == []


def test_buttons_are_big_enough_for_a_finger(visit):
    page = visit("/design/sample/matter/", 390)
    heights = page.eval_on_selector_all(
        ".btn, .act > summary, .tabbar a, .topbar summary, .input, .searchbox button",
        "found => found.filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().height)",
    )
    assert heights
    assert min(heights) >= 44


def test_large_type_has_no_small_words(visit):
    sizes = visit("/design/", 390, size="large").evaluate(
        """() => [...document.querySelectorAll('body *')]
          .filter(e => e.checkVisibility() && !e.closest('svg'))
          .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
          .map(e => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert min(sizes) >= 18


def test_lines_are_apart(visit):
    ratios = visit("/design/").evaluate(
        """() => [...document.querySelectorAll('p, dd, td, li')]
          .filter(e => e.checkVisibility() && e.textContent.trim())
          .map(e => getComputedStyle(e))
          .map(s => parseFloat(s.lineHeight) / parseFloat(s.fontSize))"""
    )
    assert min(ratios) >= 1.3


def test_keys_reach_the_content_first_and_the_focus_is_seen(visit):
    page = visit("/design/sample/inbox/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    assert width == "3px"


def test_the_menu_opens_without_scripts(visit):
    page = visit("/design/sample/inbox/", 390, scripts=False)
    page.locator(".drawer > summary").click()
    assert page.locator(".drawer .nav__link").first.is_visible()


def test_the_theme_changes_without_scripts(visit):
    page = visit("/design/sample/inbox/", scripts=False)
    page.locator(".topbar__tools .menu > summary").first.click()
    page.get_by_role("button", name="深色").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_escape_closes_a_menu_and_gives_the_focus_back(visit):
    page = visit("/design/sample/inbox/")
    summary = page.locator(".topbar__tools .menu > summary").first
    summary.click()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator("details.menu[open]").count() == 0
    assert summary.evaluate("e => e === document.activeElement")


def test_a_long_list_is_narrowed_and_keeps_the_choice(visit):
    page = visit("/design/sample/public/")
    page.locator("#f-where").select_option(label="交通运输局")
    page.get_by_label("缩小范围：涉及哪个单位").fill("镇")
    assert page.locator("#f-where option").all_inner_texts() == ["请选择", "交通运输局", "河湾镇"]
    assert page.locator("#f-where").input_value() == "u2"
    page.get_by_label("缩小范围：涉及哪个单位").fill("")
    assert page.locator("#f-where option").count() == 6


def test_signs_are_counted_while_typing(visit):
    page = visit("/design/sample/public/")
    page.locator("#f-what").fill("窗口无人𠮷")
    assert page.locator("[data-count]").inner_text() == "5"


def test_an_error_leads_to_its_field(visit):
    page = visit("/design/")
    page.locator(".errors a").click()
    assert page.evaluate("document.activeElement.id") == "f-points"


def test_print_leaves_the_frame_away(visit):
    page = visit("/design/sample/matter/", theme="dark")
    page.emulate_media(media="print")
    assert not page.locator(".side").is_visible()
    assert not page.locator(".matter__acts").is_visible()
    assert page.locator(".timeline").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
