"""What breaks which cap, and that the nearest lawful day is lawful and nearest."""

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.time.workdays import LAST_YEAR, Workdays
from qingfeng.mechanisms.restraint.meetings.rules import (
    HORIZON,
    Cap,
    CapKind,
    Caps,
    FreeMonths,
    MeetingProfile,
    Speech,
    broken,
    by_day,
    by_number,
    by_size,
    ceiling,
    days_of,
    half_days,
    nearest,
    on,
    over,
    span,
    spoken,
)

DAYS = Workdays()
CAPS = Caps(
    people=Cap(200, "第六条"),
    length=Cap(240, "第七条"),
    a_year=Cap(1, "第六条"),
    free=FreeMonths(frozenset({3, 8}), "第五条第一款"),
    blocked_from=Cap(16, "第五条第二款"),
    speech=Cap(8, "第八条"),
    main_speech=Cap(60, "第八条"),
    budget=Cap(55_000, "第十条"),
    half_day=240,
)
GOOD = MeetingProfile(date(2026, 4, 15), 1, 240, 200, 200 * 55_000 // 2, (Speech(False, 8), Speech(True, 60)))
dates = st.dates(date(2014, 1, 1), date(LAST_YEAR, 12, 31))


def none(_year: int) -> int:
    return 0


def whats(asked: MeetingProfile, caps: Caps = CAPS) -> list[CapKind]:
    return [one.what for one in broken(asked, caps, none, DAYS)]


def test_a_meeting_at_every_limit_breaks_none() -> None:
    assert whats(GOOD) == []


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"people": 201, "cost": 0}, CapKind.PEOPLE),
        ({"minutes": 241}, CapKind.LENGTH),
        ({"cost": GOOD.cost + 1}, CapKind.BUDGET),
        ({"speeches": (Speech(False, 9),)}, CapKind.SPEECH),
        ({"speeches": (Speech(True, 61),)}, CapKind.MAIN_SPEECH),
        ({"day": date(2026, 4, 16)}, CapKind.SECOND_HALF),
        ({"day": date(2026, 3, 2)}, CapKind.MONTH),
    ],
)
def test_one_more_than_a_limit_breaks_that_and_nothing_else(
    changed: dict[str, object], what: CapKind
) -> None:
    assert whats(replace(GOOD, **changed)) == [what]


def test_everything_broken_is_told_at_once_with_its_clause() -> None:
    bad = replace(GOOD, day=date(2026, 3, 16), people=201, minutes=241, speeches=(Speech(False, 9),))
    told = {one.what: one.clause for one in broken(bad, CAPS, lambda _year: 1, DAYS)}
    assert told == {
        CapKind.PEOPLE: "第六条",
        CapKind.LENGTH: "第七条",
        CapKind.SPEECH: "第八条",
        CapKind.MONTH: "第五条第一款",
        CapKind.SECOND_HALF: "第五条第二款",
        CapKind.NUMBER: "第六条",
    }


@pytest.mark.parametrize(
    ("day", "free"),
    [
        (date(2026, 4, 15), True),  # the 15th, a Wednesday
        (date(2026, 4, 16), False),  # the 16th, a Thursday
        (date(2026, 4, 18), True),  # a Saturday
        (date(2026, 2, 28), False),  # a Saturday made up for the Spring Festival; the last of a short month
        (date(2026, 2, 16), True),  # New Year's eve by the moon, off
        (date(2026, 12, 31), False),  # the 31st
        (date(2027, 4, 15), True),  # no calendar is needed
    ],
)
def test_the_second_half_is_from_the_16th_on_working_days(day: date, free: bool) -> None:
    assert (by_day(day, CAPS, DAYS) == []) is free


def test_the_31st_lies_in_the_second_half_and_in_no_month_is_a_16th_free_on_a_working_day() -> None:
    for month in (1, 2, 4, 12):
        last = monthrange(2026, month)[1]
        for number in range(1, last + 1):
            day = date(2026, month, number)
            assert bool(by_day(day, CAPS, DAYS)) is (number >= 16 and DAYS.is_workday(day)), day


def test_a_day_that_turns_on_a_calendar_that_is_not_out_is_not_guessed_and_the_rest_is_told_too() -> None:
    day = date(LAST_YEAR + 1, 4, 20)
    assert whats(replace(GOOD, day=day)) == [CapKind.CALENDAR]
    assert whats(replace(GOOD, day=day.replace(month=3), people=201, cost=0)) == [
        CapKind.PEOPLE,
        CapKind.MONTH,
        CapKind.CALENDAR,
    ]


def test_a_meeting_of_several_days_is_lawful_only_if_each_day_is() -> None:
    assert on(date(2026, 4, 15), 2, CAPS, none, DAYS)
    assert not on(date(2026, 4, 14), 2, CAPS, none, DAYS)


@given(dates, st.integers(1, 4), st.integers(-40, 40))
def test_the_nearest_lawful_day_is_lawful_and_none_is_nearer(day: date, days: int, ahead: int) -> None:
    earliest = day + timedelta(days=ahead)
    near = nearest(day, days, earliest, CAPS, none, DAYS)

    def good(one: date) -> bool:
        return one >= earliest and not on(one, days, CAPS, none, DAYS)

    far = HORIZON + 40 if near.day is None else abs((near.day - day).days)
    assert near.day is None or good(near.day)
    for away in range(far):
        assert not good(day + timedelta(days=away))
        assert not good(day - timedelta(days=away))
    if near.workday is not None:
        assert good(near.workday)
        assert all(DAYS.is_workday(one) for one in span(near.workday, days))


@given(dates)
def test_where_the_years_number_is_used_up_the_nearest_day_lies_in_another_year(day: date) -> None:
    near = nearest(day, 1, day - timedelta(days=2 * HORIZON), CAPS, lambda year: int(year == day.year), DAYS)
    assert near.day is None or near.day.year != day.year


def test_the_nearest_day_of_a_monday_in_the_second_half_is_the_sunday_and_the_working_day_is_named_too() -> (
    None
):
    near = nearest(date(2026, 4, 20), 1, date(2026, 4, 1), CAPS, none, DAYS)
    assert (near.day, near.workday) == (date(2026, 4, 19), date(2026, 4, 15))


def test_days_of_a_year_without_calendar_are_lawful_where_no_rule_turns_on_it() -> None:
    near = nearest(date(LAST_YEAR + 1, 5, 18), 1, date(LAST_YEAR + 1, 5, 1), CAPS, none, DAYS)
    assert (near.day, near.workday, near.open) == (date(LAST_YEAR + 1, 5, 15), None, True)
    assert near.unknown == LAST_YEAR + 1, "the 16th to the 18th turn on the calendar and were left out"
    unblocked = replace(CAPS, blocked_from=None)
    near = nearest(date(LAST_YEAR + 1, 3, 30), 2, date(LAST_YEAR + 1, 3, 1), unblocked, none, DAYS)
    assert (near.day, near.open, near.unknown) == (date(LAST_YEAR + 1, 4, 1), True, None)


def test_a_day_off_this_year_is_offered_with_the_working_day_next_to_it_as_before() -> None:
    near = nearest(date(LAST_YEAR, 11, 16), 1, date(LAST_YEAR, 11, 1), CAPS, none, DAYS)
    assert (near.day, near.workday, near.open) == (date(LAST_YEAR, 11, 15), date(LAST_YEAR, 11, 13), False)


@pytest.mark.parametrize(("half_days", "days"), [(1, 1), (2, 1), (3, 2), (5, 3)])
def test_so_many_half_days_lie_within_so_many_days(half_days: int, days: int) -> None:
    assert days_of(half_days) == days


def test_more_days_than_the_half_days_fill_break_the_length_though_the_minutes_keep_it() -> None:
    capped = replace(CAPS, days=Cap(1, "第七条"))
    assert [one.what for one in by_size(replace(GOOD, days=4, minutes=60), capped)] == [CapKind.DAYS]
    assert by_size(replace(GOOD, days=1), capped) == []


def test_more_leaders_than_the_rank_allows_are_told() -> None:
    capped = replace(CAPS, leaders=Cap(2, "第六条"))
    assert [(one.what, one.asked, one.allowed) for one in by_size(replace(GOOD, leaders=3), capped)] == [
        (CapKind.LEADERS, 3, 2)
    ]
    assert by_size(replace(GOOD, leaders=2), capped) == []


def test_no_lawful_day_is_said_where_every_month_is_free() -> None:
    caps = replace(CAPS, free=FreeMonths(frozenset(range(1, 13)), "第五条"))
    assert nearest(GOOD.day, 1, date(2026, 1, 1), caps, none, DAYS).day is None


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 600))
def test_the_stricter_of_two_caps_refuses_whatever_either_refuses(one: int, other: int, people: int) -> None:
    asked = replace(GOOD, people=people, cost=0)
    both = replace(CAPS, people=Cap(min(one, other), "从严"))
    each = [replace(CAPS, people=Cap(value, "")) for value in (one, other)]
    assert bool(by_size(asked, both)) is any(by_size(asked, caps) for caps in each)


@given(st.integers(0, 5), st.integers(0, 5))
def test_one_more_in_the_year_is_refused_exactly_when_the_number_is_used_up(cap: int, used: int) -> None:
    assert bool(by_number(2026, lambda _year: used, replace(CAPS, a_year=Cap(cap, "")))) is (used >= cap)


def test_what_no_regime_caps_is_not_capped() -> None:
    bare = Caps(None, None, None, None, None, None, None, None, 240)
    assert broken(MeetingProfile(date(2026, 3, 16), 1, 9999, 9999, 10**9), bare, lambda _year: 99, DAYS) == []


@pytest.mark.parametrize(("seconds", "too_long"), [(0, 0), (479, 0), (480, 0), (481, 1), (600, 120)])
def test_eight_minutes_are_in_time_and_a_second_more_is_not(seconds: int, too_long: int) -> None:
    began = datetime(2026, 4, 15, 1, tzinfo=UTC)
    assert over(spoken(began, began + timedelta(seconds=seconds)), 8) == too_long


@pytest.mark.parametrize(("minutes", "halves"), [(1, 1), (240, 1), (241, 2), (720, 3)])
def test_a_begun_half_day_counts_whole(minutes: int, halves: int) -> None:
    assert half_days(minutes, 240) == halves


def test_the_most_a_meeting_may_cost_is_the_rate_for_its_people_and_half_days() -> None:
    assert ceiling(55_000, 100, 240, 240) == 2_750_000
    assert ceiling(76_000, 3, 480, 240) == 228_000
    assert ceiling(55_001, 1, 240, 240) == 27_500
