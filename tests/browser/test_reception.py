"""A reception in a browser: refused with its clause, asked for, approved, listed, settled, checked, by three people."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests import receptions
from tests.browser.conftest import Window

pytestmark = pytest.mark.browser


@pytest.fixture
def budgeted(site: str) -> None:
    """The year's budget of housing stands, before any window opens."""
    receptions.budget()


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.jpg"
    Image.effect_noise((640, 480), 60).convert("RGB").save(path, "JPEG")
    return path


def send(page: Page, label: str) -> None:
    page.get_by_role("button", name=f"Confirm: {label}").click()


def begin(page: Page, label: str) -> None:
    page.locator(".act-list").get_by_role("link", name=label, exact=True).click()


@pytest.mark.usefixtures("budgeted")
def test_a_reception_is_asked_for_approved_listed_and_settled(window: Window, scan: Path) -> None:
    clerk, leader, finance = window("clerk_housing"), window("leader"), window("finance")
    clerk.goto("/reception/new/ask/")
    clerk.locator("[name=letter_organ]").fill("云川市住建局")
    clerk.locator("[name=purpose]").fill("调研老旧小区改造。")
    clerk.locator("[name=day]").fill("2026-03-10")
    clerk.locator("[name=place]").fill("机关食堂")
    for name, value in {"guests": "10", "companions": "4", "meals": "1", "estimate": "800元"}.items():
        clerk.locator(f"[name={name}]").fill(value)
    send(clerk, "Ask for a reception")
    expect(clerk.locator("main")).to_contain_text("No letter, no reception")
    expect(clerk.locator("main")).to_contain_text("第二十二条")

    clerk.locator("[name=has_letter]").check()
    clerk.locator("[name=letter_number]").fill("云建函〔2026〕15号")
    clerk.locator("[name=letter_date]").fill("2026-03-09")
    clerk.locator("input[type=file]").set_input_files(scan)
    send(clerk, "Ask for a reception")
    expect(clerk.locator("main")).to_contain_text("With 10 guests at most 3")
    expect(clerk.locator("main")).to_contain_text("第十条")

    clerk.locator("[name=companions]").fill("1")
    clerk.locator("[name=guests]").fill("2")
    send(clerk, "Ask for a reception")
    expect(clerk.locator(".head__state")).to_contain_text("asked for")
    sheet = clerk.url

    leader.goto("/")
    leader.get_by_role("link", name="Approve").click()
    send(leader, "Approve")
    expect(leader.locator(".head__state")).to_contain_text("approved")

    clerk.goto(sheet)
    begin(clerk, "Hand in the list")
    for row, (side, name) in enumerate((("guest", "来宾甲"), ("companion", "己一"))):
        if row:
            clerk.get_by_role("button", name="One more row").click()
        clerk.locator(f"[name=at_table-{row}-side][value={side}]").check()
        clerk.locator(f"[name=at_table-{row}-name]").fill(name)
        clerk.locator(f"[name=at_table-{row}-organ]").fill("住建局")
    send(clerk, "Hand in the list")
    expect(clerk.locator(".head__state")).to_contain_text("held")

    begin(clerk, "Settle")
    clerk.locator("[name=cost]").fill("￥712.50元")
    send(clerk, "Settle")
    expect(clerk.locator("main")).to_contain_text("There is no invoice.")
    clerk.locator("input[type=file]").set_input_files(scan)
    send(clerk, "Settle")
    expect(clerk.locator(".head__state")).to_contain_text("handed in")

    finance.goto(sheet)
    begin(finance, "Check and pay")
    send(finance, "Check and pay")
    # The guest's organ is one of this place itself: it is paid only with the reason.
    expect(finance.locator("main")).to_contain_text("This reception has violations")
    finance.locator("[name=why]").fill("清单所填单位有误，来函单位为市住建局，已更正。")
    send(finance, "Check and pay")
    expect(finance.locator(".head__state")).to_contain_text("settled")
    expect(finance.locator("main")).to_contain_text("712.50")
