"""First pages: what each role keeps in sight, with one touch to ask for progress, and all of it as a workbook."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.record.journal import JournalEntry
from qingfeng.kernel.time.timekeeper import FixedTime
from tests import cast
from tests.faces.console.staff import HTMX, address, browser, problem, text

pytestmark = pytest.mark.django_db
TOUCH = r'<form class="touch" method="post" action="([^"]*)".*?name="key" value="([^"]*)"'


def touches(page: str) -> list[tuple[str, str]]:
    return re.findall(TOUCH, page, re.S)


def readings(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured if query["sql"].startswith("SELECT")]


def sheets(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {
        name: [tuple(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names
    }


def test_a_clerk_sees_on_whom_the_matters_of_the_unit_wait() -> None:
    mine, theirs = problem("已反馈", "reported"), problem("别处的", "reported", unit="education")
    page = text(browser("clerk_housing").get("/"))
    assert mine.number in page
    assert "waits on 清风区 Supervision office" in page
    assert theirs.number not in page


def test_a_head_sees_what_the_unit_has_open_and_not_what_others_have() -> None:
    mine, theirs = problem("本单位", "rectifying"), problem("外单位", "rectifying", unit="education")
    page = text(browser("head_housing").get("/"))
    assert address(mine) in page
    assert address(theirs) not in page


def test_a_leader_carries_what_is_open_in_the_units_of_the_portfolio_and_no_more() -> None:
    mine, theirs = problem("分管的", "rectifying"), problem("不分管的", "rectifying", unit="education")
    done = problem("办结的", "rectifying")
    for path in ("/", "/carried/"):
        page = text(browser("leader").get(path))
        assert address(mine) in page
        assert address(done) in page
        assert address(theirs) not in page


def test_what_is_late_comes_first_and_then_the_oldest(clock: FixedTime) -> None:
    older, late = problem("先登记", "rectifying"), problem("未签收", "assigned")
    clock.advance(timedelta(days=5))
    page = text(browser("leader").get("/carried/"))
    assert page.index(late.number) < page.index(older.number)


def test_one_touch_asks_for_progress_in_its_place_and_is_recorded_once() -> None:
    sheet = problem(upto="rectifying")
    client = browser("leader")
    ((action, key),) = touches(text(client.get("/")))
    assert action == address(sheet, "ask_progress")
    sent = {"key": key, "next": "/"}
    first, again = (client.post(action, sent, headers=HTMX) for _time in range(2))
    assert first.status_code == again.status_code == 200
    assert 'class="touched"' in text(first)
    assert "<html" not in text(first)
    assert Entry.objects.filter(matter=sheet, act="ask_progress").count() == 1


def test_without_scripts_a_touch_leads_back_to_where_it_stood() -> None:
    problem(upto="rectifying")
    client = browser("leader")
    ((action, key),) = touches(text(client.get("/carried/")))
    answer = client.post(action, {"key": key, "next": "/carried/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/carried/")
    assert "done and recorded" in text(client.get("/carried/"))
    elsewhere = client.post(action, {"key": "other", "next": "https://elsewhere.invalid/"})
    assert elsewhere.headers["Location"] == "/"


def test_a_touch_that_came_too_late_says_why_in_its_place() -> None:
    sheet = problem(upto="rectifying")
    client = browser("leader")
    ((action, key),) = touches(text(client.get("/")))
    cast.do("rectification.report", "clerk_housing", sheet, result="已整改", no_evidence="已由科室现场看过。")
    cast.do("rectification.write_off", "office_b", sheet, finding="属实")
    answer = client.post(action, {"key": key, "next": "/"}, headers=HTMX)
    assert answer.status_code == 403
    assert "can&#x27;t be done in that state" in text(answer)
    assert "<form" not in text(answer)


def test_nobody_asks_of_a_unit_that_is_not_theirs() -> None:
    sheet = problem(upto="rectifying", unit="education")
    assert browser("leader").post(address(sheet, "ask_progress"), {"next": "/"}).status_code == 404
    assert touches(text(browser("head_housing").get("/"))) == []


def test_an_office_sees_what_came_in_and_went_out_and_on_whom_what_is_late_waits(clock: FixedTime) -> None:
    problem(upto="assigned")
    clock.advance(timedelta(days=8))
    page = text(browser("office_a").get("/"))
    assert "What came in and went out" in page
    assert re.search(r"住建局 Unit clerk.*?Problems", page, re.S)
    assert "Focus topics and units" in page


def test_a_cadre_sees_their_own_and_nothing_of_the_unit() -> None:
    sheet = problem(upto="rectifying")
    page = text(browser("cadre").get("/"))
    assert "Nothing of yours is open" in page
    assert sheet.number not in page


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("system_administrator", "/administration/system/"),
        ("audit_administrator", "/administration/journal/"),
    ],
)
def test_an_administrator_is_led_to_their_page_and_sees_no_matter(who: str, path: str) -> None:
    sheet = problem("绝不外传的标题")
    page = text(browser(who).get("/"))
    assert f'href="{path}"' in page
    assert sheet.title not in page


def test_the_grid_shows_who_is_never_looked_at_and_who_again_and_again() -> None:
    for number in range(4):
        sheet = problem(f"反复 {number}", "found")
        Looked = type(sheet)
        Looked.objects.filter(pk=sheet.pk).update(topic="not_acting", responsible=cast.unit("housing"))
    page = text(browser("office_a").get("/looks/"))
    assert re.search(r"Never looked at this year: [^<]*教育局", page)
    assert not re.search(r"Never looked at this year: [^<]*住建局", page)
    assert "住建局 Not acting 4" in page
    rows = next(iter(sheets(browser("office_a").get("/looks.xlsx").content).values()))
    assert next(row for row in rows if row[0] == "住建局")[-1] == 4


def test_of_the_grid_a_unit_sees_its_own_row_alone() -> None:
    page = text(browser("clerk_housing").get("/looks/"))
    assert "住建局" in page
    assert "教育局" not in page


@pytest.mark.parametrize("year", ["1066", "9999", "x"])
def test_a_year_that_is_none_is_refused(year: str) -> None:
    assert browser("office_a").get(f"/looks/?year={year}").status_code == 422


@pytest.mark.parametrize("who", ["clerk_housing", "head_housing", "leader", "office_a", "cadre", "finance"])
def test_the_tables_of_a_first_page_leave_as_a_workbook_that_is_journalled(who: str) -> None:
    problem("=HYPERLINK(1)", "rectifying")
    answer = browser(who).get("/first.xlsx")
    assert answer.status_code == 200
    found = sheets(answer.content)
    assert found
    line = JournalEntry.objects.filter(kind="export").latest("seq")
    assert '"mechanism":"first"' in line.body


def test_all_that_is_carried_leaves_as_a_workbook() -> None:
    sheet = problem("=HYPERLINK(1)", "rectifying")
    (rows,) = sheets(browser("leader").get("/carried.xlsx").content).values()
    assert [row[:2] for row in rows[1:]] == [(sheet.number, "=HYPERLINK(1)")]


def test_who_has_no_first_page_of_tables_has_no_workbook_of_it() -> None:
    assert browser("audit_administrator").get("/first.xlsx").status_code == 404


@pytest.mark.parametrize("who", ["clerk_housing", "head_housing", "leader", "office_a", "cadre"])
def test_a_first_page_asks_the_database_as_often_for_many_matters_as_for_one(
    signed_in: Callable[..., Client], who: str
) -> None:
    problem(upto="reported")
    problem(upto="rectifying")
    client = signed_in(who)
    client.get("/")
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    for number in range(4):
        problem(f"窗口无人值守 {number}", "reported")
        problem(f"窗口无人值守 {number}", "rectifying")
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    # A sign-in in use is prolonged once a minute, by a statement that is no reading.
    assert len(readings(many)) == len(readings(one))
