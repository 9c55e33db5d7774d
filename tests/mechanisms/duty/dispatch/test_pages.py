"""What a reader sees at the console of a meeting, its agenda and its figures."""

import pytest

from tests.cast import do
from tests.faces.console.staff import browser, text
from tests.mechanisms.duty.dispatch.meetings import called, held, resolved, task

pytestmark = pytest.mark.django_db


def test_the_page_of_a_meeting_has_its_agenda_its_attendance_and_what_was_resolved() -> None:
    own, meeting = task("2026-03-13"), called()
    assert "Nothing stands here yet" in text(browser("office_a").get(f"/dispatch/{meeting.pk}/page/agenda/"))
    do("dispatch.draw_up", "office_a", meeting)
    do("dispatch.add", "office_a", meeting, topic="下半月安排", reason="要议。")
    do("dispatch.strike", "office_a", meeting, item=2, reason="不议了。")
    set_now = resolved(held(meeting), item=1)
    pages = {
        "agenda": (own.number, f"/tasks/{own.pk}/", "Due soon", "2026-03-13", "Struck"),
        "attendance": ("教育局",),
        "resolutions": ("补齐值守表", "住建局", "2026-03-20", f"/tasks/{set_now.pk}/"),
    }
    whole = text(browser("office_b").get(f"/dispatch/{meeting.pk}/"))
    for name, expected in pages.items():
        page = text(browser("office_b").get(f"/dispatch/{meeting.pk}/page/{name}/"))
        for said in expected:
            assert said.lower() in page.lower(), said
            assert said.lower() in whole.lower(), said
    assert browser("clerk_housing").get(f"/dispatch/{meeting.pk}/page/agenda/").status_code == 404


@pytest.mark.parametrize("code", ["dispatch", "tasks"])
def test_the_figures_are_drawn(code: str) -> None:
    resolved(held(called()))
    page = text(browser("office_a").get(f"/{code}/statistics/"))
    assert "svg" in page
