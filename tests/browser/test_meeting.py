"""A clerk is refused a meeting in March and mends it where it stands; in the hall the clock runs to its bell."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.cast import NOW, do
from tests.mechanisms.restraint.meetings.gatherings import wanted

pytestmark = pytest.mark.browser

LISTENING = """
    window.strokes = 0;
    window.AudioContext = class {
      constructor() { this.currentTime = 0; this.state = "running"; this.destination = {}; }
      createGain() { return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect() {} }; }
      createOscillator() {
        return { frequency: {}, connect: (next) => next, start() { window.strokes += 1; }, stop() {} };
      }
    };
"""
"""An ear in place of the loudspeaker."""


@pytest.fixture
def hall(site: str) -> str:
    """The address of the hall of a meeting that is going on; the first speaker has eight minutes."""
    raw = wanted(starts=NOW.isoformat())
    sheet = do("meetings.convene", "clerk_housing", reason="防汛抢险。", **raw).matter
    do("meetings.begin", "clerk_housing", sheet)
    return f"/meetings/{sheet.pk}/page/hall/"


def test_a_meeting_in_march_is_refused_with_every_clause_and_mended_to_the_day_that_is_named(
    window: Window,
) -> None:
    clerk = window("clerk_housing")
    clerk.goto("/meetings/new/ask/")
    clerk.locator("input[name=title]").fill("全区住房保障工作会议")
    clerk.locator("input[name=kind][value=department]").check()
    clerk.locator("input[name=fee_class][value=fourth]").check()
    for name, value in {
        "starts": "2026-03-16T09:00",
        "minutes": "120",
        "people": "201",
        "budget": "1,200元",
        "place": "区会议中心",
    }.items():
        clerk.locator(f"input[name={name}]").fill(value)
    send = clerk.get_by_role("button", name="Confirm: Ask for a meeting")
    send.click()
    told = clerk.locator(".told")
    expect(told).to_be_focused()
    expect(told).to_contain_text("The nearest lawful day is 2026-04-01 (Wednesday).")
    expect(told.locator(".grounds li")).to_have_count(3)
    expect(told.locator(".grounds .clause").first).to_have_text("《清风区会议文件管理示范办法》第六条第二款")
    # Nothing has to be typed again.
    clerk.locator("input[name=people]").fill("100")
    clerk.locator("input[name=starts]").fill("2026-04-01T09:00")
    send.click()
    expect(clerk.locator("h1")).to_have_text("全区住房保障工作会议")
    expect(clerk.locator(".head__state")).to_contain_text("asked for")


def test_the_clock_of_the_hall_runs_to_its_bell_and_the_overrun_is_recorded(
    settings: Any, hall: str, window: Window
) -> None:
    clerk = window("clerk_housing", viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    clerk.add_init_script(LISTENING)
    # The page's time stands but where the test lets it pass: else it runs on while a slow machine looks.
    clerk.clock.install(time=NOW - timedelta(minutes=1))
    clerk.clock.pause_at(NOW)
    clerk.goto(hall)
    clerk.get_by_role("button", name="Begin the speech no. 1").press("Enter")
    clock = clerk.locator("[data-clock]")
    expect(clock.get_by_role("timer")).to_have_text("8:00")
    expect(clerk.locator(".head__state")).to_contain_text("a speech running")
    expect(clerk.get_by_role("button", name="End the speech")).to_be_focused()

    def pass_by(seconds: int) -> None:
        settings.TIMEKEEPER.advance(timedelta(seconds=seconds))
        clerk.clock.run_for(seconds * 1000)

    pass_by(419)
    expect(clock).to_have_attribute("data-look", "running")
    expect(clock.get_by_role("timer")).to_have_text("1:01")
    pass_by(1)
    expect(clock).to_have_attribute("data-look", "near")
    expect(clock.locator("[data-bell]")).to_be_hidden()
    assert clerk.evaluate("window.strokes") == 0
    pass_by(60)
    expect(clock).to_have_attribute("data-look", "late")
    expect(clock.locator("[data-bell]")).to_be_visible()
    expect(clock.get_by_role("status")).to_have_text("Time is up. Please end the speech.")
    struck = clerk.evaluate("window.strokes")
    assert struck > 0
    pass_by(1)
    expect(clock.get_by_role("timer")).to_have_text("0:01")
    assert clerk.evaluate("window.strokes") == struck, "it rings once"

    clerk.keyboard.press("Enter")
    expect(clerk.locator(".hall__over")).to_contain_text("over time by 0:01")
    expect(clerk.locator(".hall__over .clause")).to_have_text("《清风区会议文件管理示范办法》第八条第一款")
    assert clerk.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_who_may_not_act_sees_the_hall_and_no_buttons(hall: str, window: Window) -> None:
    office = window("office_a", java_script_enabled=False)
    office.goto(hall)
    expect(office.locator(".hall__row")).to_have_count(2)
    expect(office.locator(".hall button")).to_have_count(0)
