"""A problem from its discovery to its end, by two people in a browser; and the same without scripts."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window

pytestmark = pytest.mark.browser


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    target = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(target, "JPEG")
    path = tmp_path / "窗口现场.jpg"
    path.write_bytes(target.getvalue())
    return path


PLAN = {
    "rectifier": "辛一",
    "measures": "窗口实行双岗。",
    "steps-0-what": "排定轮值表",
    "steps-0-day": "2026-03-12",
    "finish_on": "2026-03-17",
}


def act(page: Page, label: str, **inputs: str) -> None:
    """Open an act where it stands, fill it in and send it."""
    page.locator(".act-list").get_by_role("link", name=label, exact=True).click()
    form = page.locator("form[data-act-form]")
    expect(form).to_be_visible()
    for name, value in inputs.items():
        control = form.locator(f"[name={name}]")
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(control.locator("option", has_text=value).first.get_attribute("value"))
        else:
            control.fill(value)
    form.get_by_role("button", name=f"Confirm: {label}").click()
    expect(page.locator(".msg--done")).to_contain_text(f"“{label}” is done and recorded")


def test_two_people_carry_a_problem_from_found_to_written_off(window: Window, photo: Path) -> None:
    office, clerk = window("office_a"), window("clerk_housing")
    office.goto("/rectification/")
    office.locator(".head__acts").get_by_role("link", name="Register a problem").click()
    office.get_by_label("title", exact=False).first.fill("窗口无人值守")
    office.locator("select[name=kind]").select_option(label="Inaction")
    office.locator("select[name=topic]").select_option(label="Not acting")
    office.locator("textarea[name=description]").fill("上午十点无人。")
    office.get_by_role("button", name="Confirm: Register a problem").click()
    expect(office.locator("h1")).to_have_text("窗口无人值守")
    act(office, "Verify the problem", finding="属实。")
    act(office, "Assign", responsible="住建局", requirement="三日内整改")
    sheet = office.url

    clerk.goto("/")
    clerk.get_by_role("link", name="Acknowledge receipt ").click()
    clerk.get_by_role("button", name="Confirm: Acknowledge receipt").click()
    expect(clerk.locator(".head__state")).to_contain_text("receipt acknowledged, plan to come")
    act(clerk, "Hand in the plan", **PLAN)
    expect(clerk.locator(".head__state")).to_contain_text("being rectified")
    clerk.get_by_role("link", name="Assignment slip and plan").click()
    expect(clerk.get_by_role("table", name="Road map")).to_contain_text("排定轮值表")
    clerk.goto(sheet)

    clerk.locator(".act-list").get_by_role("link", name="Report rectification").click()
    clerk.locator("input[type=file]").set_input_files(photo)
    clerk.get_by_role("button", name="Confirm: Report rectification").click()
    expect(clerk.locator(".errors")).to_be_focused()
    expect(
        clerk.get_by_label("窗口现场.jpg")
    ).to_be_checked()  # the photo is kept though the text was missing
    clerk.locator("textarea[name=result]").fill("已安排专人值守。")
    clerk.get_by_role("button", name="Confirm: Report rectification").click()
    expect(clerk.locator(".head__state")).to_contain_text("reported as rectified")
    picture = clerk.locator(".files__picture")
    picture.scroll_into_view_if_needed()
    clerk.wait_for_function("() => document.querySelector('.files__picture').naturalWidth > 0")

    office.goto("/")
    office.get_by_role("link", name="Send back").click()
    office.locator("textarea[name=reason]").fill("再查一次。")
    office.get_by_role("button", name="Confirm: Send back").click()
    expect(office.locator(".head__state")).to_contain_text("being rectified")

    clerk.goto(sheet)
    act(clerk, "Report rectification", result="已公示替岗名单。", no_evidence="已由科室现场看过。")
    colleague = window("office_b")
    colleague.goto(sheet)
    act(colleague, "Close out", finding="现场复核属实。")
    expect(colleague.locator(".head__state")).to_contain_text("closed out")
    expect(colleague.locator(".timeline__act")).to_have_text(
        [
            "Close out",
            "Report rectification",
            "Send back",
            "Report rectification",
            "Hand in the plan",
            "Acknowledge receipt",
            "Assign",
            "Verify the problem",
            "Register a problem",
        ]
    )


def test_the_same_works_without_scripts(window: Window) -> None:
    office, colleague, clerk = (
        window(who, java_script_enabled=False) for who in ("office_a", "office_b", "clerk_housing")
    )
    office.goto("/rectification/new/register/")
    office.locator("input[name=title]").fill("电话无人接听")
    office.get_by_role("button", name="Confirm: Register a problem").click()
    expect(office.locator(".errors")).to_be_visible()
    expect(office.locator("input[name=title]")).to_have_value("电话无人接听")
    office.locator("select[name=kind]").select_option(label="Inaction")
    office.locator("select[name=topic]").select_option(label="Not acting")
    office.locator("textarea[name=description]").fill("连续三天。")
    office.get_by_role("button", name="Confirm: Register a problem").click()
    act(office, "Verify the problem", finding="属实。")
    act(office, "Assign", responsible="住建局", requirement="三日内整改")
    clerk.goto(office.url)
    act(clerk, "Acknowledge receipt")
    act(clerk, "Hand in the plan", **PLAN)
    act(clerk, "Report rectification", result="已接听。", no_evidence="已由科室现场看过。")
    colleague.goto(clerk.url)
    act(colleague, "Close out", finding="属实。")
    expect(colleague.locator(".head__state")).to_contain_text("closed out")


def test_two_windows_on_one_matter_the_second_is_told_who_was_first(window: Window) -> None:
    first, second = window("office_a"), window("office_b")
    first.goto("/rectification/new/register/")
    first.locator("input[name=title]").fill("材料重复索要")
    first.locator("select[name=kind]").select_option(label="Inaction")
    first.locator("select[name=topic]").select_option(label="Not acting")
    first.locator("textarea[name=description]").fill("两个窗口。")
    first.get_by_role("button", name="Confirm: Register a problem").click()
    expect(first.locator("h1")).to_have_text("材料重复索要")
    act(first, "Verify the problem", finding="属实。")
    second.goto(first.url)
    second.locator(".act-list").get_by_role("link", name="Assign").click()
    second.locator("textarea[name=requirement]").fill("乙的要求")
    act(first, "Assign", responsible="住建局", requirement="甲的要求")
    second.locator("select[name=responsible]").select_option(label="教育局")
    second.get_by_role("button", name="Confirm: Assign").click()
    expect(second.locator(".told")).to_be_focused()
    expect(second.locator(".told")).to_contain_text("done in that state")
    expect(second).to_have_url(re.compile(re.escape(first.url.rsplit("#")[0])))
