"""The calendar feed: what its token's bearer may read, as calendar programs read it."""

from base64 import b64encode
from datetime import UTC, date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from icalendar import Calendar

from qingfeng.faces.api import auth, tokens
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.time.timekeeper import FixedTime
from tests import cast
from tests.cast import NOW, do

pytestmark = pytest.mark.django_db

LONG = "赴省城参加“一网通办”专题培训，学习；考察,座谈\\交流" * 2


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> FixedTime:
    settings.TOKEN_DAYS = 100
    time = cast.clock()
    monkeypatch.setattr(auth, "clock", time)
    cache.clear()
    return time


def trip(title: str = "赴省城学习", who: str = "clerk_housing") -> Matter:
    return do("trip.ask", who, title=title[:60], beside=cast.unit("education").pk).matter


def secret(name: str) -> str:
    holding = RoleHolding.objects.get(pk=cast.actor(name).holding_id)
    return tokens.issue(cast.account(name), holding, "日程", 100, NOW, cast.the_system("command_line"))[1]


def asked(authorization: str = "", **more: Any) -> HttpResponse:
    headers = {"Authorization": authorization} if authorization else {}
    return Client().get("/api/calendar.ics", headers=headers, **more)


def basic(said: str) -> str:
    return f"Basic {b64encode(said.encode()).decode()}"


def feed(name: str) -> list[Any]:
    answer = asked(f"Bearer {secret(name)}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_it_has_what_the_bearer_may_read_and_nothing_else() -> None:
    trip("住建出行")
    trip("教育出行", "clerk_education")
    assert [str(event["SUMMARY"]) for event in feed("clerk_housing")] == ["住建出行"]
    assert {str(event["SUMMARY"]) for event in feed("office_a")} == {"住建出行", "教育出行"}
    assert feed("linan_office") == []


def test_an_event_has_its_moments_in_utc_its_place_and_the_way_to_the_matter() -> None:
    matter = trip()
    (event,) = feed("clerk_housing")
    assert (event.start, event.end) == (NOW, NOW + timedelta(hours=2))
    assert event.start.tzinfo is UTC or event.start.utcoffset() == timedelta()
    assert (str(event["LOCATION"]), str(event["DESCRIPTION"])) == ("住建局", matter.number)
    assert str(event["URL"]) == f"http://testserver/trip/{matter.pk}/"


def test_whole_days_end_with_the_last_of_them() -> None:
    trip("全天培训")
    (event,) = feed("clerk_housing")
    assert (event.start, event.end) == (date(2026, 3, 10), date(2026, 3, 12))


def test_an_event_keeps_its_name_and_counts_its_changes() -> None:
    matter = trip()
    (before,) = feed("clerk_housing")
    do("trip.decide", "head_housing", matter, agrees=True)
    (after,) = feed("clerk_housing")
    assert after["UID"] == before["UID"] == f"trip-{matter.pk}@qingfeng.qingfeng"
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_lines_are_folded_and_whatever_a_title_holds_is_escaped() -> None:
    trip(LONG)
    answer = asked(f"Bearer {secret('clerk_housing')}")
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
    assert answer.content.endswith(b"END:VCALENDAR\r\n")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["SUMMARY"]) == LONG[:60]


def test_what_is_over_leaves_it_after_three_months(clock: FixedTime) -> None:
    trip()
    token = secret("office_a")
    clock.advance(timedelta(days=92))
    assert b"VEVENT" in asked(f"Bearer {token}").content
    clock.advance(timedelta(days=1))
    assert b"VEVENT" not in asked(f"Bearer {token}").content


def test_a_matter_that_has_no_time_is_not_in_it() -> None:
    matter = trip()
    assert len(feed("office_a")) == 1
    Matter.objects.filter(pk=matter.pk).update(state="declined")
    assert feed("office_a") == []


@pytest.mark.parametrize("secrecy", [Secrecy.WORK_SECRET, Secrecy.SEALED])
def test_what_is_more_than_internal_does_not_leave_the_house(secrecy: Secrecy) -> None:
    Matter.objects.filter(pk=trip().pk).update(secrecy=secrecy)
    assert feed("office_a") == []


def test_a_calendar_program_gives_the_token_as_its_password() -> None:
    trip()
    token = secret("clerk_housing")
    assert asked(basic(f"anything:{token}")).content.count(b"BEGIN:VEVENT") == 1


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer qf_wrong",
        "Basic",
        "Basic !!!",
        "Basic /w==",
        basic("no colon"),
        basic("a:b"),
        "Digest x",
    ],
)
def test_without_a_token_in_force_it_is_refused_and_says_how_to_ask(authorization: str) -> None:
    answer = asked(authorization)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic ")
    assert b"VCALENDAR" not in answer.content


def test_a_token_that_ended_opens_it_no_more(clock: FixedTime) -> None:
    token = secret("clerk_housing")
    clock.advance(timedelta(days=101))
    assert asked(f"Bearer {token}").status_code == 401


def test_it_only_reads_and_is_kept_by_nobody() -> None:
    assert Client().post("/api/calendar.ics").status_code == 405
    assert asked(f"Bearer {secret('clerk_housing')}")["Cache-Control"] == "private, no-store"


def test_an_empty_calendar_is_one_all_the_same() -> None:
    answer = asked(f"Bearer {secret('cadre')}")
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
