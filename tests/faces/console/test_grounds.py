"""A refusal that rests on several rules lists them, and gives back the form that only what was typed barred."""

import pytest

from qingfeng.kernel.matters.models import Matter
from tests.faces.console.staff import browser, form_of, text
from tests.mechanisms.restraint.meetings.gatherings import approved, in_session, wanted

pytestmark = pytest.mark.django_db
PATH = "/meetings/new/ask/"


def test_the_form_comes_back_filled_in_with_every_ground() -> None:
    clerk = browser("clerk_housing")
    typed = {
        name: str(value) for name, value in wanted(starts="2026-03-16T09:00").items() if name != "agenda"
    }
    answer = clerk.post(PATH, {**form_of(clerk, PATH), **typed})
    page = text(answer)
    assert answer.status_code == 403
    assert page.count('<span class="clause">') == 2
    assert 'value="全区住房保障工作会议"' in page
    assert "The nearest lawful day is 2026-04-01 (Wednesday)." in page
    assert Matter.objects.filter(mechanism="meetings").count() == 0


def test_who_is_barred_themselves_gets_no_form() -> None:
    office = browser("office_a")
    answer = office.post(PATH, {"title": "会议"})
    assert answer.status_code == 403
    assert "data-act-form" not in text(answer)


def test_columns_for_the_machine_stay_off_the_sheet_and_the_list() -> None:
    meeting = approved()
    clerk = browser("clerk_housing")
    assert "speaking" not in text(clerk.get(f"/meetings/{meeting.pk}/"))
    assert "区会议中心" in text(clerk.get(f"/meetings/{meeting.pk}/"))


def test_the_hall_shows_the_agenda_without_a_script_in_the_page() -> None:
    meeting = in_session()
    page = text(browser("clerk_housing").get(f"/meetings/{meeting.pk}/page/hall/"))
    assert page.count("data-hall-form") == 2
    assert "/static/meetings/hall.js" in page
    assert "onclick" not in page
    assert "<script>" not in page


def test_the_handbook_page_says_months_and_money_as_people_do() -> None:
    page = text(browser("office_a").get("/handbook/meetings/"))
    assert "Mar, Aug" in page
    assert "760.00 yuan" in page
