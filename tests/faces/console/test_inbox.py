"""The first page: what waits on me, how pressing it is, and what waits elsewhere."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingfeng.kernel.time.timekeeper import FixedTime
from tests import cast
from tests.faces.console.staff import address, browser, problem, text

pytestmark = pytest.mark.django_db


def test_what_waits_on_me_stands_there_with_its_act_and_what_waits_on_others_does_not() -> None:
    mine, theirs = problem("窗口无人", "assigned"), problem("电话无人", "assigned", unit="education")
    page = text(browser("clerk_housing").get("/"))
    assert f'href="{address(mine, "sign")}#act-sign"' in page
    assert "电话无人" not in page
    assert address(theirs) not in page


def test_what_i_did_no_longer_waits() -> None:
    sheet = problem(upto="assigned")
    client = browser("clerk_housing")
    assert address(sheet) in text(client.get("/"))
    cast.do("rectification.sign", "clerk_housing", sheet)
    assert address(sheet, "sign") not in text(client.get("/"))


@pytest.mark.parametrize(
    ("later", "words", "level"),
    [
        (timedelta(), "2 days left", "near"),
        (timedelta(days=2), "Due today", "near"),
        (timedelta(days=3), "1 day overdue", "late"),
        (timedelta(days=9), "7 days overdue", "late"),
    ],
)
def test_a_light_says_how_pressing_it_is_in_words_and_shape(
    clock: FixedTime, later: timedelta, words: str, level: str
) -> None:
    problem(upto="assigned")  # to be signed for within two working days: by the end of 12 March
    client = browser("clerk_housing")
    clock.advance(later)
    found = re.search(
        r'<span class="light light--(\w+)"><svg.*?</svg><span>(.*?) <span', text(client.get("/"))
    )
    assert found is not None
    assert (found[2], found[1]) == (words, level)


def test_a_limit_that_ends_at_midnight_names_the_day_before() -> None:
    problem(upto="assigned")
    assert "03-12" in text(browser("clerk_housing").get("/"))
    assert "03-13" not in text(browser("clerk_housing").get("/"))


def test_the_most_pressing_comes_first(clock: FixedTime) -> None:
    late, later = problem("先交办", "assigned"), None
    clock.advance(timedelta(days=1))
    later = problem("后交办", "verified")
    cast.do(
        "rectification.assign",
        "office_a",
        later,
        at=clock.now(),
        responsible=cast.unit("housing").pk,
        requirement="三日内",
    )
    page = text(browser("clerk_housing").get("/"))
    assert page.index(late.number) < page.index(later.number)


def test_a_matter_with_two_acts_stands_there_once() -> None:
    sheet = problem(upto="reported")
    page = text(browser("office_b").get("/"))
    assert page.count(f'<a href="{address(sheet)}">') == 1
    assert address(sheet, "send_back") in page
    assert address(sheet, "write_off") in page


def test_other_roles_show_how_much_waits_and_nothing_of_what() -> None:
    sheet = problem("只在另一角色", "assigned")
    page = text(browser("two_roles").get("/"))
    assert re.search(r'住建局 Unit clerk<span class="count">1</span>', page)
    assert sheet.title not in page


def test_nothing_waiting_says_so() -> None:
    assert "Nothing waits on you" in text(browser("cadre").get("/"))


def test_a_notice_is_unread_until_it_is_read() -> None:
    sheet = problem(upto="assigned")
    client = browser("clerk_housing")
    page = text(client.get("/notices/"))
    assert "notice--unread" in page
    told = re.search(r'name="notice" value="(\d+)"', page)
    assert told is not None
    answer = client.post("/notices/read/", {"notice": told[1], "open": "1"})
    assert answer.headers["Location"] == address(sheet)
    assert "notice--unread" not in text(client.get("/notices/"))


def test_nobody_reads_or_marks_the_notices_of_others() -> None:
    problem(upto="assigned")
    page = text(browser("clerk_housing").get("/notices/"))
    told = re.search(r'name="notice" value="(\d+)"', page)
    assert told is not None
    other = browser("clerk_education")
    assert "notice--unread" not in text(other.get("/notices/"))
    assert other.post("/notices/read/", {"notice": told[1], "open": "1"}).status_code == 404
    assert "notice--unread" in text(browser("clerk_housing").get("/notices/"))


@pytest.mark.parametrize("path", ["/", "/rectification/", "/search/?q=窗口", "/notices/"])
def test_a_page_asks_the_database_as_often_for_many_matters_as_for_one(
    signed_in: Callable[..., Client], path: str
) -> None:
    problem(upto="assigned")
    client = signed_in("clerk_housing")
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(path)
    for number in range(8):
        problem(f"窗口无人值守 {number}", "assigned")
    with CaptureQueriesContext(connection) as many:
        assert text(client.get(path)).count("窗口无人值守") >= 9
    assert len(many) == len(one)
