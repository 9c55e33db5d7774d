from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qingfeng.kernel.time.periods import Pause, Period, PeriodUnit, due, extend, last_day
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.kernel.time.workdays import Workdays

CALENDAR = Workdays()
starts = st.datetimes(datetime(2004, 1, 1), datetime(2024, 12, 31), timezones=st.just(ZONE))
units = st.sampled_from(PeriodUnit)
periods = st.builds(Period, st.integers(1, 12), units, st.booleans())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "n", "unit", "last"),
    [
        ("2026-03-02 09:00", 1, PeriodUnit.DAY, "2026-03-03"),  # the day of the start is not counted
        ("2026-03-02 23:59", 1, PeriodUnit.DAY, "2026-03-03"),
        ("2026-03-03 00:00", 1, PeriodUnit.DAY, "2026-03-04"),
        ("2026-03-03 09:00", 4, PeriodUnit.DAY, "2026-03-09"),  # Saturday -> Monday
        (
            "2026-02-10 09:00",
            5,
            PeriodUnit.DAY,
            "2026-02-24",
        ),  # first day of the Spring Festival -> first day after
        ("2026-02-09 09:00", 5, PeriodUnit.DAY, "2026-02-14"),  # a worked Saturday is no day off
        ("2016-02-05 09:00", 2, PeriodUnit.DAY, "2016-02-14"),  # S0-O04: a worked Sunday ends the holiday
        ("2026-01-15 09:00", 1, PeriodUnit.MONTH, "2026-02-24"),  # corresponding day 15 February is off
        (
            "2025-12-31 09:00",
            2,
            PeriodUnit.MONTH,
            "2026-02-28",
        ),  # no 31 February: the month's end, a worked Saturday
        ("2024-01-31 09:00", 1, PeriodUnit.MONTH, "2024-02-29"),
        ("2024-02-29 09:00", 12, PeriodUnit.MONTH, "2025-02-28"),
        ("2026-09-30 09:00", 1, PeriodUnit.WORKDAY, "2026-10-08"),
        ("2026-10-08 09:00", 2, PeriodUnit.WORKDAY, "2026-10-10"),  # a worked Saturday counts
        ("2026-03-07 09:00", 3, PeriodUnit.WORKDAY, "2026-03-11"),
        ("2026-03-06 09:00", 15, PeriodUnit.WORKDAY, "2026-03-27"),
    ],
)
def test_the_last_day_is_the_one_of_the_civil_code(start: str, n: int, unit: PeriodUnit, last: str) -> None:
    end = due(at(start), Period(n, unit), CALENDAR)
    assert last_day(end) == date.fromisoformat(last)
    assert end.tzinfo is UTC
    assert end == at(f"{last} 00:00") + timedelta(days=1)


def test_the_end_is_midnight_in_the_zone_written_in_utc() -> None:
    assert due(at("2026-03-02 09:00"), Period(1, PeriodUnit.DAY), CALENDAR) == datetime(
        2026, 3, 3, 16, tzinfo=UTC
    )


def test_the_day_of_the_start_is_the_one_in_the_zone() -> None:
    start = datetime(2026, 3, 2, 17, tzinfo=UTC)  # already 3 March in Shanghai
    assert last_day(due(start, Period(1, PeriodUnit.DAY), CALENDAR)) == date(2026, 3, 4)


def test_without_rolling_a_day_off_stays_the_last_day() -> None:
    assert last_day(due(at("2026-03-03 09:00"), Period(4, PeriodUnit.DAY, False), CALENDAR)) == date(
        2026, 3, 7
    )


def test_hours_run_through_nights_and_holidays() -> None:
    start = at("2026-02-14 18:30")
    assert due(start, Period(48, PeriodUnit.HOUR), CALENDAR) == start + timedelta(hours=48)


@given(starts, periods)
def test_an_end_lies_after_its_start_and_days_off_end_nothing_that_rolls(
    start: datetime, period: Period
) -> None:
    end = due(start, period, CALENDAR)
    assert end > start
    if period.unit is PeriodUnit.WORKDAY or (period.roll_forward and period.unit is not PeriodUnit.HOUR):
        assert CALENDAR.is_workday(last_day(end))


@given(starts, st.timedeltas(timedelta(0), timedelta(days=40)), periods)
def test_who_starts_later_never_ends_earlier(start: datetime, later: timedelta, period: Period) -> None:
    assert due(start, period, CALENDAR) <= due(start + later, period, CALENDAR)


@given(starts, periods)
def test_a_longer_period_never_ends_earlier(start: datetime, period: Period) -> None:
    longer = Period(period.n + 1, period.unit, period.roll_forward)
    assert due(start, period, CALENDAR) <= due(start, longer, CALENDAR)


@given(starts, st.integers(1, 40))
def test_working_days_counted_back_from_the_end_give_the_period(start: datetime, n: int) -> None:
    end = due(start, Period(n, PeriodUnit.WORKDAY), CALENDAR)
    assert CALENDAR.count(start.astimezone(ZONE).date(), last_day(end)) == n


@given(starts, st.integers(1, 12), units, st.integers(1, 12))
def test_extending_a_period_that_does_not_roll_is_a_longer_period(
    s: datetime, n: int, unit: PeriodUnit, m: int
) -> None:
    assume(unit is not PeriodUnit.MONTH)  # 31 January + 1 month + 1 month is not 31 January + 2 months
    first = due(s, Period(n, unit, False), CALENDAR)
    assert extend(first, Period(m, unit, False), CALENDAR) == due(s, Period(n + m, unit, False), CALENDAR)


def test_an_extension_goes_on_from_the_last_day_as_it_stood() -> None:
    first = Period(4, PeriodUnit.DAY)  # 7 March is a Saturday: ends on Monday the 9th
    end = due(
        at("2026-03-03 09:00"),
        first,
        CALENDAR,
        extensions=[Period(2, PeriodUnit.WORKDAY), Period(1, PeriodUnit.MONTH)],
    )
    assert last_day(
        extend(due(at("2026-03-03 09:00"), first, CALENDAR), Period(2, PeriodUnit.WORKDAY), CALENDAR)
    ) == date(2026, 3, 11)
    assert last_day(end) == date(2026, 4, 13)  # 11 April is a Saturday


def test_an_hour_period_is_pushed_by_the_time_paused() -> None:
    start = at("2026-03-02 09:00")
    pause = Pause(at("2026-03-02 10:00"), at("2026-03-02 13:30"))
    assert due(start, Period(24, PeriodUnit.HOUR), CALENDAR, pauses=[pause]) == start + timedelta(hours=27.5)


@pytest.mark.parametrize(
    ("period", "since", "until", "last"),
    [
        (
            Period(10, PeriodUnit.DAY),
            "2026-03-03 10:00",
            "2026-03-03 18:00",
            "2026-03-12",
        ),  # within one day: nothing
        (
            Period(10, PeriodUnit.DAY),
            "2026-03-03 10:00",
            "2026-03-05 10:00",
            "2026-03-16",
        ),  # 14 March is a Saturday
        (
            Period(10, PeriodUnit.WORKDAY),
            "2026-03-05 10:00",
            "2026-03-10 10:00",
            "2026-03-19",
        ),  # Fri, Mon, Tue
        (Period(1, PeriodUnit.MONTH), "2026-03-10 10:00", "2026-03-13 10:00", "2026-04-07"),  # 5 April is off
    ],
)
def test_a_day_period_is_pushed_by_the_days_paused_and_rolls_once(
    period: Period, since: str, until: str, last: str
) -> None:
    end = due(at("2026-03-02 09:00"), period, CALENDAR, pauses=[Pause(at(since), at(until))])
    assert last_day(end) == date.fromisoformat(last)


def test_pauses_that_touch_count_no_day_twice() -> None:
    start, period = at("2026-03-02 09:00"), Period(10, PeriodUnit.WORKDAY)
    parts = [
        Pause(at("2026-03-03 09:00"), at("2026-03-05 12:00")),
        Pause(at("2026-03-05 12:00"), at("2026-03-09 09:00")),
    ]
    whole = [Pause(at("2026-03-03 09:00"), at("2026-03-09 09:00"))]
    assert due(start, period, CALENDAR, pauses=parts[::-1]) == due(start, period, CALENDAR, pauses=whole)


def test_pausing_does_not_undo_lateness() -> None:
    start, period = at("2026-03-02 09:00"), Period(2, PeriodUnit.DAY)
    late = [Pause(at("2026-03-05 00:00"), at("2026-03-20 00:00"))]
    in_time = [Pause(at("2026-03-04 23:59"), at("2026-03-20 00:00"))]
    assert last_day(due(start, period, CALENDAR, pauses=late)) == date(2026, 3, 4)
    assert last_day(due(start, period, CALENDAR, pauses=in_time)) == date(2026, 3, 20)


@given(starts, periods, st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), min_size=2, max_size=2))
def test_a_pause_never_brings_the_end_nearer(start: datetime, period: Period, gaps: list[timedelta]) -> None:
    pause = Pause(start + gaps[0], start + gaps[0] + gaps[1])
    assert due(start, period, CALENDAR, pauses=[pause]) >= due(start, period, CALENDAR)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Period(0, PeriodUnit.DAY)
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 1, 1), Period(1, PeriodUnit.DAY), CALENDAR)
    with pytest.raises(ValueError, match="before it begins"):
        Pause(at("2026-01-02 00:00"), at("2026-01-01 00:00"))
    first, second = (Pause(at(f"2026-03-0{n} 00:00"), at(f"2026-03-0{n + 2} 00:00")) for n in (3, 4))
    with pytest.raises(ValueError, match="overlap"):
        due(at("2026-03-02 09:00"), Period(9, PeriodUnit.DAY), CALENDAR, pauses=[first, second])
