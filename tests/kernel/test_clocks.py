"""Clocks: started by an act, stopped by one, paused, resumed, put off, run out; each named in the entry."""

from datetime import datetime, timedelta

import pytest

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred, Conflict, Misdeclared
from qingfeng.kernel.regime.policy import calendar
from qingfeng.kernel.time.clocks import Clockwork, Running, ticking
from qingfeng.kernel.time.periods import Period, PeriodUnit
from qingfeng.mechanisms.problems.rectification.declarations import RECTIFYING_CLOCK, SIGNING
from tests import cast
from tests.cast import NOW, do
from tests.sheets import FOUND, VERIFIED, sheet

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def running(matter: object, name: str) -> Running:
    return Running.objects.get(matter=matter, name=name)


def work(matter: object, now: datetime) -> Clockwork:
    return Clockwork(matter.pk, now, calendar, Running.objects.filter(matter=matter))  # type: ignore[attr-defined]


def utc(day: str) -> datetime:
    """The end of a day in Shanghai."""
    return datetime.fromisoformat(f"{day}T16:00:00+00:00")


def test_assigning_starts_the_clock_by_the_stricter_of_city_and_county() -> None:
    # The city gives five working days, the county two.
    assert running(sheet("assigned"), "signing").due_at == utc("2026-03-12")


def test_the_city_s_own_time_holds_where_the_county_says_nothing() -> None:
    matter = do("rectification.register", "linan_office", **FOUND).matter
    do("rectification.verify", "linan_office", matter, **VERIFIED)
    raw = {"responsible": cast.unit("housing", cast.BESIDE).pk, "requirement": "整改。"}
    do("rectification.assign", "linan_office", matter, **raw)
    assert running(matter, "signing").due_at == utc("2026-03-17")


def test_signing_stops_one_clock_and_starts_the_next() -> None:
    matter = sheet("signed")
    assert running(matter, "signing").stopped_at == NOW
    assert running(matter, "rectifying").due_at == utc("2026-03-31")
    entry = Entry.objects.get(matter=matter, act="sign")
    assert [operation[:2] for operation in entry.content["clocks"]] == [
        ["disputing", "stop"],
        ["rectifying", "start"],
        ["nearing", "start"],
        ["signing", "stop"],
        ["planning", "start"],
    ]


def test_sending_back_starts_the_clock_anew() -> None:
    matter, later = sheet("reported"), NOW + 6 * DAY
    do("rectification.send_back", "office_b", matter, later, reason="再查。")
    clock = running(matter, "rectifying")
    assert (clock.started_at, clock.stopped_at, clock.due_at) == (later, None, utc("2026-04-07"))


def test_a_clock_that_ran_out_is_marked_by_the_system_and_leaves_a_fact_once() -> None:
    matter, system = sheet("assigned"), cast.the_system("clock")
    due = running(matter, "signing").due_at
    assert running(matter, "signing") not in ticking(due - timedelta(microseconds=1))
    assert running(matter, "signing") in ticking(due)
    do("rectification.sign_overdue", system, matter, due)
    assert running(matter, "signing").expired_at == due
    assert Fact.objects.filter(entry__matter=matter, name="problem.sign_overdue").count() == 1
    with pytest.raises(Conflict, match="该时限已停止计算"):
        do("rectification.sign_overdue", system, matter, due + DAY)
    assert running(matter, "signing") not in ticking(due + DAY)


def test_a_clock_is_not_marked_before_it_ran_out() -> None:
    matter = sheet("assigned")
    with pytest.raises(Conflict, match="该时限已停止计算"):
        do(
            "rectification.sign_overdue",
            cast.the_system("clock"),
            matter,
            utc("2026-03-12") - timedelta(seconds=1),
        )


def test_nobody_but_the_system_marks_a_clock() -> None:
    matter = sheet("assigned")
    for who in ("office_a", "clerk_housing"):
        with pytest.raises(Barred, match="此项到期由系统自动记录"):
            do("rectification.sign_overdue", who, matter, utc("2026-03-13"))


def test_an_act_that_is_late_is_still_done_and_stops_the_clock() -> None:
    matter = sheet("assigned")
    late = utc("2026-03-20")
    assert do("rectification.sign", "clerk_housing", matter, late).matter.state == "signed"
    assert running(matter, "signing").stopped_at == late


def test_a_pause_puts_the_end_off_by_the_working_days_it_took() -> None:
    matter = sheet("assigned")
    pausing = work(matter, NOW)
    pausing.pause(SIGNING)
    pausing.save()
    assert pausing.due(SIGNING) is None
    assert running(matter, "signing") not in ticking(utc("2026-04-30"))
    resuming = work(matter, NOW + 6 * DAY)
    resuming.resume(SIGNING)
    resuming.save()
    # From Tuesday to the Monday after: four working days.
    assert running(matter, "signing").due_at == utc("2026-03-18")
    assert [operation[:2] for operation in resuming.operations] == [["signing", "resume"]]


def test_an_extension_goes_on_from_the_last_day_and_lets_a_run_out_clock_run() -> None:
    matter = sheet("assigned")
    late = utc("2026-03-12")
    do("rectification.sign_overdue", cast.the_system("clock"), matter, late)
    extending = work(matter, late)
    extending.extend(SIGNING, Period(3, PeriodUnit.WORKDAY))
    extending.save()
    clock = running(matter, "signing")
    assert (clock.due_at, clock.expired_at) == (utc("2026-03-17"), None)
    assert clock in ticking(utc("2026-03-17"))


def test_a_clock_may_be_counted_from_the_day_a_thing_happens() -> None:
    matter = sheet("assigned")
    clocks = work(matter, NOW)
    friday = NOW + 3 * DAY
    clocks.start(SIGNING, Period(2, PeriodUnit.WORKDAY), friday)
    clocks.save()
    clock = running(matter, "signing")
    # Monday and Tuesday: the day it is counted from is not counted itself.
    assert (clock.started_at, clock.due_at) == (friday, utc("2026-03-17"))
    assert clock not in ticking(friday)


def test_what_does_not_run_is_neither_paused_nor_put_off_nor_resumed() -> None:
    clocks = work(sheet("assigned"), NOW)
    with pytest.raises(Misdeclared, match="rectifying is not running"):
        clocks.pause(RECTIFYING_CLOCK)
    with pytest.raises(Misdeclared, match="rectifying is not running"):
        clocks.extend(RECTIFYING_CLOCK, Period(1, PeriodUnit.DAY))
    with pytest.raises(Misdeclared, match="signing is not paused"):
        clocks.resume(SIGNING)


def test_stopping_what_never_ran_is_no_fault() -> None:
    clocks = work(sheet("found"), NOW)
    clocks.stop(SIGNING)
    assert clocks.operations == []


def test_a_clock_into_a_year_without_a_calendar_is_refused_with_the_next_step() -> None:
    december = datetime(2026, 12, 30, 2, 0, tzinfo=NOW.tzinfo)
    matter = do("rectification.register", "office_a", at=december, **FOUND).matter
    do("rectification.verify", "office_a", matter, december, **VERIFIED)
    with pytest.raises(Barred, match="2027"):
        do(
            "rectification.assign",
            "office_a",
            matter,
            december,
            responsible=cast.unit("housing").pk,
            requirement="整改。",
        )
