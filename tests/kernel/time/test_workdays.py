from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.time.workdays import FIRST_YEAR, LAST_YEAR, CalendarNotPublished, HolidayNotice, Workdays

BASE = Workdays()
days = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 6, 30))

# RULES A1, from the published notices.
MADE_UP = {
    2013: "01-05 01-06 02-16 02-17 04-07 04-27 04-28 06-08 06-09 09-22 09-29 10-12",
    2015: "01-04 02-15 02-28 09-06 10-10",
    2016: "02-06 02-14 06-12 09-18 10-08 10-09",
    2019: "02-02 02-03 04-28 05-05 09-29 10-12",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
OFF_2026 = [
    ("01-01", 3),
    ("02-15", 9),
    ("04-04", 3),
    ("05-01", 5),
    ("06-19", 3),
    ("09-25", 3),
    ("10-01", 7),
]


def test_s0_o04_the_first_day_after_the_spring_festival_of_2016_is_a_worked_sunday() -> None:
    assert BASE.is_workday(date(2016, 2, 14))
    assert date(2016, 2, 14).isoweekday() == 7
    assert not BASE.is_workday(date(2016, 2, 13))
    assert BASE.next_workday(date(2016, 2, 7)) == date(2016, 2, 14)


@pytest.mark.parametrize("year", MADE_UP)
def test_the_worked_weekends_of_a_year_are_exactly_those_of_its_notice(year: int) -> None:
    every = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    worked = [day for day in every if day.isoweekday() > 5 and BASE.is_workday(day)]
    assert worked == [date.fromisoformat(f"{year}-{day}") for day in MADE_UP[year].split()]


def test_the_notice_for_2019_reaches_into_december_2018() -> None:
    assert BASE.is_workday(date(2018, 12, 29))
    assert not BASE.is_workday(date(2018, 12, 31))


def test_the_weekdays_off_in_2026_are_exactly_those_of_its_notice() -> None:
    off = {
        date.fromisoformat(f"2026-{day}") + timedelta(days=n)
        for day, length in OFF_2026
        for n in range(length)
    }
    every = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [d for d in every if d.isoweekday() < 6 and not BASE.is_workday(d)] == sorted(
        d for d in off if d.isoweekday() < 6
    )
    assert not any(BASE.is_workday(day) for day in off)


@given(days, st.integers(0, 60))
def test_counting_undoes_adding(day: date, n: int) -> None:
    assert BASE.count(day, BASE.add(day, n)) == n


@given(days, st.integers(1, 60))
def test_adding_ends_on_a_working_day_and_grows(day: date, n: int) -> None:
    assert BASE.is_workday(BASE.add(day, n))
    assert BASE.add(day, n - 1) < BASE.add(day, n) <= BASE.add(day + timedelta(days=1), n)


@given(days)
def test_the_next_workday_is_the_first_one_from_the_day_on(day: date) -> None:
    found = BASE.next_workday(day)
    assert BASE.is_workday(found)
    assert BASE.next_workday(found) == found
    assert BASE.count(day - timedelta(days=1), found) == 1 if day > date(FIRST_YEAR, 1, 1) else True


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1])
def test_a_year_without_a_notice_is_refused_with_what_to_do(year: int) -> None:
    with pytest.raises(CalendarNotPublished) as caught:
        BASE.is_workday(date(year, 6, 1))
    assert caught.value.year == year
    assert f"notice on the holidays of {year}" in str(caught.value)
    assert "have it entered" in str(caught.value)


NEXT = LAST_YEAR + 1
SATURDAY = next(d for d in (date(NEXT, 2, n) for n in range(1, 8)) if d.isoweekday() == 6)
MONDAY = SATURDAY + timedelta(days=2)
NOTICE = HolidayNotice(NEXT, off=(date(NEXT, 1, 1), MONDAY), work=(SATURDAY,), source="国办发明电〔示例〕1号")


def test_a_notice_makes_its_year_known() -> None:
    known = Workdays(notices=(NOTICE,))
    assert known.years == BASE.years | {NEXT}
    assert known.is_workday(SATURDAY)
    assert not known.is_workday(MONDAY)
    assert known.is_workday(MONDAY + timedelta(days=1))
    assert not known.is_workday(SATURDAY + timedelta(days=1))
    assert known.add(SATURDAY - timedelta(days=1), 2) == MONDAY + timedelta(days=1)


def test_a_single_day_set_over_the_calendar_holds() -> None:
    decreed = Workdays(overlay={date(2026, 3, 2): False, date(2026, 3, 1): True})
    assert not decreed.is_workday(date(2026, 3, 2))
    assert decreed.is_workday(date(2026, 3, 1))
    assert BASE.is_workday(date(2026, 3, 2))


def test_a_single_day_does_not_make_its_year_known() -> None:
    with pytest.raises(CalendarNotPublished, match="The working days of"):
        Workdays(overlay={date(NEXT, 1, 1): False}).is_workday(date(NEXT, 1, 1))


def test_what_is_given_to_a_calendar_and_changed_later_does_not_change_it() -> None:
    given_days = {date(2026, 3, 2): False}
    calendar = Workdays(overlay=given_days)
    given_days.clear()
    assert not calendar.is_workday(date(2026, 3, 2))
    assert hash(calendar) == hash(Workdays(overlay={date(2026, 3, 2): False}))


@pytest.mark.parametrize(
    ("off", "work", "source", "words"),
    [
        ((SATURDAY,), (SATURDAY,), "x", "off and worked at once"),
        ((date(NEXT + 1, 3, 1),), (), "x", "does not belong to the notice"),
        ((), (MONDAY,), "x", "is a weekday"),
        ((MONDAY,), (), " ", "needs its source"),
    ],
)
def test_a_wrong_notice_is_refused(
    off: tuple[date, ...], work: tuple[date, ...], source: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        HolidayNotice(NEXT, off, work, source).demand_made_up(BASE)


def test_a_weekday_that_was_off_is_worked_after_all_by_a_later_notice() -> None:
    off = next(
        d
        for n in range(366)
        if not BASE.is_workday(d := date(2024, 1, 1) + timedelta(days=n)) and d.weekday() < 5
    )
    amended = HolidayNotice(2024, (), (off,), "更正")
    amended.demand_made_up(BASE)
    assert Workdays((amended,)).is_workday(off)


def test_counting_backward_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        BASE.add(date(2026, 1, 5), -1)
    with pytest.raises(ValueError, match="before the day"):
        BASE.count(date(2026, 1, 6), date(2026, 1, 5))
