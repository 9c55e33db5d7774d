"""The main job 主线: messages from a workbook, one of them a problem that is put right, checked and looked back at."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from PIL import Image
from playwright.sync_api import Page, expect

from qingfeng.kernel.background.worker import Worker, duties
from qingfeng.kernel.ledger.verify import verify
from tests import messages
from tests.browser.conftest import Window

pytestmark = pytest.mark.browser


def aside(work: Callable[[], Any]) -> Any:
    """Do something with the database while Chromium runs: in a thread of its own, which closes its connections."""

    def done() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


@pytest.fixture
def beat(settings: Any, site: str) -> Callable[[], Any]:
    """Lets the worker do once whatever is due, and tells what it did."""
    return lambda: aside(lambda: Worker(settings.TIMEKEEPER, duties()).tick())


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "三月来件.xlsx"
    path.write_bytes(messages.workbook_of())
    return path


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    target = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(target, "JPEG")
    path = tmp_path / "窗口现场.jpg"
    path.write_bytes(target.getvalue())
    return path


def fill(page: Page, label: str, **inputs: str) -> None:
    """Open an act where it stands and fill it in."""
    page.locator(".act-list").get_by_role("link", name=label, exact=True).click()
    form = page.locator("form[data-act-form]")
    expect(form.get_by_role("button", name=f"Confirm: {label}", exact=True)).to_be_visible()
    for name, value in inputs.items():
        control = form.locator(f"[name={name}]")
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(control.locator("option", has_text=value).first.get_attribute("value"))
        else:
            control.fill(value)


def send(page: Page, label: str) -> None:
    """Send the act that is filled in."""
    page.get_by_role("button", name=f"Confirm: {label}", exact=True).click()
    expect(page.locator(".msg--done")).to_contain_text(f"“{label}” is done and recorded")


def act(page: Page, label: str, **inputs: str) -> None:
    fill(page, label, **inputs)
    send(page, label)


def in_state(page: Page, state: str) -> None:
    expect(page.locator(".head__state")).to_contain_text(state)


def test_a_message_from_a_workbook_becomes_a_problem_that_is_put_right_checked_and_looked_back_at(
    window: Window, beat: Callable[[], Any], settings: Any, workbook: Path, photo: Path
) -> None:
    office = window("office_a")
    office.goto("/intake/")
    office.locator(".head__acts").get_by_role("link", name="Hand in a file of messages").click()
    office.locator("input[type=file]").set_input_files(workbook)
    office.locator("[name=source]").fill("市长信箱")
    office.get_by_role("radio", name="messages of a message board").check()
    send(office, "Hand in a file of messages")
    in_state(office, "columns to be confirmed")
    batch = office.url.partition("#")[0]

    office.get_by_role("link", name="File and columns").click()
    expect(office.get_by_label("What “留言详情” holds")).to_have_value("text")
    expect(office.get_by_role("table", name="Rows that could not be read")).to_contain_text(
        "neither title nor text"
    )
    office.get_by_role("button", name="Take the messages in").click()
    in_state(office, "being taken in")
    while beat()["intake"]:
        pass
    office.goto(batch)
    in_state(office, "taken in, to be handed out")

    office.get_by_role("link", name="Messages to hand out").click()
    listed = office.get_by_role("table", name="Messages of the batch")
    expect(listed.locator("tbody tr")).to_have_count(5)
    listed.get_by_role("link", name="窗口中午没人").first.click()
    chosen = office.locator("#chosen")
    expect(chosen).to_contain_text("李＊＊")
    chosen.get_by_label("Kind of problem").select_option(label="Inaction")
    chosen.get_by_label("Focus topic").select_option(label="Not acting")
    chosen.get_by_label("Unit it concerns").select_option(label="住建局")
    chosen.get_by_role("button", name="Open a problem sheet").click()
    expect(chosen).to_contain_text("problem sheet opened")
    chosen.get_by_role("link", name="整改〔2026〕1号").click()
    expect(office.locator("h1")).to_have_text("窗口中午没人")
    sheet = office.url.partition("#")[0]
    act(office, "Verify the problem", finding="调取监控，情况属实。")
    act(office, "Assign", responsible="住建局", requirement="三日内整改。")

    clerk = window("clerk_housing")
    clerk.get_by_role("link", name="Acknowledge receipt ").click()
    send(clerk, "Acknowledge receipt")
    act(
        clerk,
        "Hand in the plan",
        **{
            "rectifier": "辛一",
            "measures": "窗口实行双岗。",
            "steps-0-what": "排定轮值表",
            "steps-0-day": "2026-03-12",
            "finish_on": "2026-03-17",
        },
    )
    in_state(clerk, "being rectified")
    fill(clerk, "Report rectification", result="已安排专人值守。", no_evidence="已由科室现场看过。")
    clerk.locator("form[data-act-form] input[type=file]").set_input_files(photo)
    send(clerk, "Report rectification")
    clerk.locator(".files__picture").scroll_into_view_if_needed()
    clerk.wait_for_function("() => document.querySelector('.files__picture').naturalWidth > 0")

    other = window("office_b")
    other.goto(sheet)
    act(other, "Send back", reason="午间仍无人，再查一次。")
    in_state(other, "being rectified")
    clerk.goto(sheet)
    act(clerk, "Report rectification", result="已公示替岗名单。", no_evidence="已由科室现场看过。")
    other.goto(sheet)
    act(other, "Close out", finding="现场复核属实。")
    in_state(other, "closed out")

    settings.TIMEKEEPER.advance(timedelta(days=91))
    assert beat()["clocks"] > 0
    later = window("office_a")
    later.goto(sheet)
    in_state(later, "to be looked back at")
    act(later, "Record that it has not come back", finding="三个月后复查，未反弹。")
    in_state(later, "closed out, not come back")
    done = [
        "Register a problem",
        "Verify the problem",
        "Assign",
        "Acknowledge receipt",
        "Hand in the plan",
        "Report rectification",
        "Send back",
        "Report rectification",
        "Close out",
        "Let the look-back fall due",
        "Record that it has not come back",
    ]
    expect(later.locator(".timeline__act")).to_have_text(done[::-1])
    later.goto(batch)
    expect(later.locator("main")).to_contain_text("窗口中午没人")

    assert beat()["checkpoints"] > 0
    assert aside(lambda: list(verify())) == []
